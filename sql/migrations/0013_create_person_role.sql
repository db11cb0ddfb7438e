-- Creates what a person offers: roles with grade, regions where they count as local, languages and certificates.
-- They are rows with codes, so that each can be required, counted and shown in both languages.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.person_role (
    person uuid NOT NULL,
    role smallint NOT NULL,
    grade text NOT NULL DEFAULT 'professional',
    "primary" boolean NOT NULL DEFAULT false,
    CONSTRAINT person_role_pkey PRIMARY KEY (person, role),
    CONSTRAINT person_role_grade_known CHECK (grade IN ('trainee', 'assistant', 'professional', 'head_of_department')),
    CONSTRAINT person_role_person_fkey FOREIGN KEY (person) REFERENCES klappa.person (id) ON DELETE CASCADE,
    CONSTRAINT person_role_role_fkey FOREIGN KEY (role) REFERENCES klappa.role (no)
);
CREATE UNIQUE INDEX person_role_one_primary ON klappa.person_role (person) WHERE "primary";
CREATE INDEX person_role_role ON klappa.person_role (role);
COMMENT ON TABLE klappa.person_role IS 'Base: the crew roles of a person.';
COMMENT ON COLUMN klappa.person_role.grade IS 'How the role is held: trainee, assistant, professional or head_of_department.';
COMMENT ON COLUMN klappa.person_role."primary" IS 'The role shown first; exactly one, from review on.';

CREATE TABLE klappa.person_local_region (
    person uuid NOT NULL,
    region smallint NOT NULL,
    CONSTRAINT person_local_region_pkey PRIMARY KEY (person, region),
    CONSTRAINT person_local_region_person_fkey FOREIGN KEY (person) REFERENCES klappa.person (id) ON DELETE CASCADE,
    CONSTRAINT person_local_region_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no)
);
CREATE INDEX person_local_region_region ON klappa.person_local_region (region);
COMMENT ON TABLE klappa.person_local_region IS
    'Base: regions, besides the home region, in which a person counts as local (no travel or lodging to pay).';

CREATE TABLE klappa.person_language (
    person uuid NOT NULL,
    language text NOT NULL,
    proficiency text NOT NULL,
    CONSTRAINT person_language_pkey PRIMARY KEY (person, language),
    CONSTRAINT person_language_proficiency_known CHECK (proficiency IN ('basic', 'working', 'fluent', 'native')),
    CONSTRAINT person_language_person_fkey FOREIGN KEY (person) REFERENCES klappa.person (id) ON DELETE CASCADE,
    CONSTRAINT person_language_language_fkey FOREIGN KEY (language) REFERENCES klappa.language (code)
);
CREATE INDEX person_language_language ON klappa.person_language (language);
COMMENT ON TABLE klappa.person_language IS 'Base: languages of a person.';
COMMENT ON COLUMN klappa.person_language.proficiency IS 'basic, working, fluent or native.';

CREATE TABLE klappa.person_certificate (
    person uuid NOT NULL,
    certificate text NOT NULL,
    expires date,
    CONSTRAINT person_certificate_pkey PRIMARY KEY (person, certificate),
    CONSTRAINT person_certificate_expires_range CHECK (expires BETWEEN date '1950-01-01' AND date '2200-01-01'),
    CONSTRAINT person_certificate_person_fkey FOREIGN KEY (person) REFERENCES klappa.person (id) ON DELETE CASCADE,
    CONSTRAINT person_certificate_certificate_fkey FOREIGN KEY (certificate) REFERENCES klappa.certificate (code)
);
CREATE INDEX person_certificate_certificate ON klappa.person_certificate (certificate);
COMMENT ON TABLE klappa.person_certificate IS 'Base: licences and certificates of a person.';
COMMENT ON COLUMN klappa.person_certificate.expires IS 'The last valid day; NULL when there is none or it was not said.';

-- A record is one document with one version: a row beside the person counts it up, once a transaction.
CREATE FUNCTION klappa.touch_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    -- EXECUTE: the name of the column differs between tables, and so does the transition table at hand.
    EXECUTE format(
        'UPDATE klappa.person p SET changed_at = now() WHERE p.changed_at < now() AND p.id IN (SELECT t.%I FROM touched t)',
        TG_ARGV[0]);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.touch_person() IS
    'Counts up the version of persons whose rows changed (argument: the column that names them); new persons of the same transaction stay at 1.';

CREATE FUNCTION klappa.versions_person(part regclass, person_column text) RETURNS void
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    name text := (SELECT relname FROM pg_class WHERE oid = part);
BEGIN
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %s REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION klappa.touch_person(%L)',
        name || '_touch_person_insert', part, person_column);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %s REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION klappa.touch_person(%L)',
        name || '_touch_person_update', part, person_column);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %s REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION klappa.touch_person(%L)',
        name || '_touch_person_delete', part, person_column);
END
$$;
COMMENT ON FUNCTION klappa.versions_person(regclass, text) IS
    'For migrations: makes changes of a table count as changes of the persons whom one of its columns names.';

SELECT klappa.protect(part::regclass), klappa.versions_person(part::regclass, 'person')
FROM unnest(ARRAY['klappa.person_role', 'klappa.person_local_region', 'klappa.person_language',
    'klappa.person_certificate']) AS part;

CREATE POLICY person_role_member ON klappa.person_role TO klappa_member
USING (EXISTS (SELECT FROM klappa.person p WHERE p.id = person_role.person));
CREATE POLICY person_local_region_member ON klappa.person_local_region TO klappa_member
USING (EXISTS (SELECT FROM klappa.person p WHERE p.id = person_local_region.person));
CREATE POLICY person_language_member ON klappa.person_language TO klappa_member
USING (EXISTS (SELECT FROM klappa.person p WHERE p.id = person_language.person));
CREATE POLICY person_certificate_member ON klappa.person_certificate TO klappa_member
USING (EXISTS (SELECT FROM klappa.person p WHERE p.id = person_certificate.person));

GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.person_role, klappa.person_local_region, klappa.person_language,
    klappa.person_certificate
TO klappa_member, klappa_worker;

RESET ROLE;
