-- Creates organisations, the bodies that run talent programmes, and the programmes themselves with their regions.
-- A programme manager's grant names an organisation; what the manager may see and do ends at its border.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.organisation (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    slug text NOT NULL,
    name text COLLATE "sv-x-icu" NOT NULL,
    email text,
    url text,
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT organisation_pkey PRIMARY KEY (id),
    CONSTRAINT organisation_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT organisation_slug_unique UNIQUE (slug),
    CONSTRAINT organisation_slug_form CHECK (klappa.is_slug(slug)),
    CONSTRAINT organisation_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT organisation_email_form CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(email) <= 254),
    CONSTRAINT organisation_url_http CHECK (url ~ '^https?://[^[:space:]<>"]+$' AND char_length(url) <= 2000)
);
COMMENT ON TABLE klappa.organisation IS 'Base: bodies that run talent programmes.';
COMMENT ON COLUMN klappa.organisation.email IS 'Where applicants turn to with questions; as public as the programmes.';
COMMENT ON COLUMN klappa.organisation.invented IS 'Demonstration data; marked wherever it is shown.';

-- Until now a grant could name an organisation that nobody knew.
ALTER TABLE klappa.grants ADD CONSTRAINT grants_organisation_fkey
    FOREIGN KEY (organisation) REFERENCES klappa.organisation (id) ON DELETE CASCADE;
CREATE INDEX grants_organisation ON klappa.grants (organisation) WHERE organisation IS NOT NULL;

CREATE FUNCTION klappa.my_organisations() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(array_agg(DISTINCT o.id), '{}')
    FROM klappa.grants g
    JOIN klappa.account a ON a.id = g.account
    JOIN klappa.organisation o ON o.id = g.organisation OR g.organisation IS NULL
    WHERE g.account = klappa.reader() AND a.state = 'active' AND g."right" = 'programme_manager' AND g.region IS NULL
$$;
COMMENT ON FUNCTION klappa.my_organisations() IS
    'The organisations whose programmes the reader manages; all of them when the scope is everything; empty without the right.';

CREATE TABLE klappa.programme (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    slug text NOT NULL,
    organisation uuid NOT NULL,
    programme_type text NOT NULL,
    priority text NOT NULL,
    state text NOT NULL DEFAULT 'draft',
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text,
    summary_sv text,
    summary_en text,
    description_sv text,
    description_en text,
    url text,
    starts_on date,
    ends_on date,
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT programme_pkey PRIMARY KEY (id),
    CONSTRAINT programme_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT programme_slug_unique UNIQUE (slug),
    CONSTRAINT programme_slug_form CHECK (klappa.is_slug(slug)),
    CONSTRAINT programme_state_known CHECK (state IN ('draft', 'published', 'archived')),
    CONSTRAINT programme_name_sv_length CHECK (char_length(name_sv) BETWEEN 1 AND 200),
    CONSTRAINT programme_name_en_length CHECK (char_length(name_en) BETWEEN 1 AND 200),
    CONSTRAINT programme_summary_sv_length CHECK (char_length(summary_sv) BETWEEN 1 AND 300),
    CONSTRAINT programme_summary_en_length CHECK (char_length(summary_en) BETWEEN 1 AND 300),
    CONSTRAINT programme_description_sv_length CHECK (char_length(description_sv) BETWEEN 1 AND 8000),
    CONSTRAINT programme_description_en_length CHECK (char_length(description_en) BETWEEN 1 AND 8000),
    CONSTRAINT programme_both_languages CHECK (state = 'draft'
        OR num_nulls(name_en, summary_sv, summary_en, description_sv, description_en) = 0),
    CONSTRAINT programme_url_http CHECK (url ~ '^https?://[^[:space:]<>"]+$' AND char_length(url) <= 2000),
    CONSTRAINT programme_days_ordered CHECK (starts_on <= ends_on),
    CONSTRAINT programme_days_range CHECK (starts_on >= date '2000-01-01' AND ends_on <= date '2200-01-01'),
    CONSTRAINT programme_organisation_fkey FOREIGN KEY (organisation) REFERENCES klappa.organisation (id),
    CONSTRAINT programme_priority_fkey FOREIGN KEY (priority) REFERENCES klappa.strategy_priority (code),
    CONSTRAINT programme_programme_type_fkey FOREIGN KEY (programme_type) REFERENCES klappa.programme_type (code)
);
CREATE INDEX programme_organisation ON klappa.programme (organisation);
COMMENT ON TABLE klappa.programme IS 'Base: talent programmes.';
COMMENT ON COLUMN klappa.programme.priority IS 'Which of the four priorities of the common strategy it serves.';
COMMENT ON COLUMN klappa.programme.state IS 'draft, published, archived; the public sees only published. Beyond draft both languages are there.';

CREATE TABLE klappa.programme_region (
    programme uuid NOT NULL,
    region smallint NOT NULL,
    CONSTRAINT programme_region_pkey PRIMARY KEY (programme, region),
    CONSTRAINT programme_region_programme_fkey FOREIGN KEY (programme) REFERENCES klappa.programme (id) ON DELETE CASCADE,
    CONSTRAINT programme_region_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no)
);
CREATE INDEX programme_region_region ON klappa.programme_region (region);
COMMENT ON TABLE klappa.programme_region IS 'Base: the regions that a programme is for.';

CREATE FUNCTION klappa.prepare_programme() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    new.slug := coalesce(new.slug, trim(BOTH '-' FROM klappa.slug(new.name_sv) || '-' || right(new.id::text, 6)));
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.prepare_programme() IS 'Fills in a missing slug from name and id.';

CREATE TRIGGER programme_prepare BEFORE INSERT ON klappa.programme
FOR EACH ROW EXECUTE FUNCTION klappa.prepare_programme();

CREATE FUNCTION klappa.check_programme() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    which uuid;
BEGIN
    IF TG_TABLE_NAME = 'programme' THEN
        which := new.id;
    ELSE
        which := old.programme;
    END IF;
    IF EXISTS (SELECT FROM klappa.programme p WHERE p.id = which AND p.state <> 'draft')
        AND NOT EXISTS (SELECT FROM klappa.programme_region r WHERE r.programme = which)
    THEN
        RAISE EXCEPTION 'a programme beyond draft is for at least one region' USING ERRCODE = 'check_violation',
            SCHEMA = 'klappa', TABLE = 'programme', CONSTRAINT = 'programme_has_region';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.check_programme() IS 'At the end of a transaction: a programme beyond draft has a region.';

CREATE CONSTRAINT TRIGGER programme_whole AFTER INSERT OR UPDATE OF state ON klappa.programme
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.state <> 'draft') EXECUTE FUNCTION klappa.check_programme();
CREATE CONSTRAINT TRIGGER programme_region_whole AFTER UPDATE OR DELETE ON klappa.programme_region
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION klappa.check_programme();

SELECT klappa.protect('klappa.organisation'), klappa.protect('klappa.programme'),
    klappa.protect('klappa.programme_region'),
    klappa.count_versions('klappa.organisation'), klappa.count_versions('klappa.programme'),
    klappa.record_changes('klappa.organisation', 'id'), klappa.record_changes('klappa.programme', 'id'),
    klappa.record_changes('klappa.programme_region', 'programme');

CREATE POLICY organisation_member_read ON klappa.organisation FOR SELECT TO klappa_member
USING (id = ANY ((SELECT klappa.my_organisations())::uuid[]) OR (SELECT klappa.is_administrator()));
CREATE POLICY organisation_member_add ON klappa.organisation FOR INSERT TO klappa_member
WITH CHECK ((SELECT klappa.is_administrator()));
CREATE POLICY organisation_member_change ON klappa.organisation FOR UPDATE TO klappa_member
USING ((SELECT klappa.is_administrator()));
CREATE POLICY programme_member_read ON klappa.programme FOR SELECT TO klappa_member
USING (organisation = ANY ((SELECT klappa.my_organisations())::uuid[]) OR (SELECT klappa.is_administrator()));
CREATE POLICY programme_member_add ON klappa.programme FOR INSERT TO klappa_member
WITH CHECK (organisation = ANY ((SELECT klappa.my_organisations())::uuid[]));
CREATE POLICY programme_member_change ON klappa.programme FOR UPDATE TO klappa_member
USING (organisation = ANY ((SELECT klappa.my_organisations())::uuid[]));
CREATE POLICY programme_region_member_read ON klappa.programme_region FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.programme p WHERE p.id = programme_region.programme));
CREATE POLICY programme_region_member ON klappa.programme_region TO klappa_member
USING (EXISTS (SELECT FROM klappa.programme p WHERE p.id = programme_region.programme
    AND p.organisation = ANY ((SELECT klappa.my_organisations())::uuid[])));

-- Nobody but the worker invents: the column is not theirs to write.
GRANT SELECT ON klappa.organisation, klappa.programme TO klappa_member;
GRANT INSERT (id, slug, name, email, url) ON klappa.organisation TO klappa_member;
GRANT INSERT (id, slug, organisation, programme_type, priority, name_sv, name_en, summary_sv, summary_en,
    description_sv, description_en, url, starts_on, ends_on) ON klappa.programme TO klappa_member;
GRANT UPDATE (name, email, url) ON klappa.organisation TO klappa_member;
GRANT UPDATE (programme_type, priority, state, name_sv, name_en, summary_sv, summary_en, description_sv,
    description_en, url, starts_on, ends_on) ON klappa.programme TO klappa_member;
GRANT SELECT, INSERT, DELETE ON klappa.programme_region TO klappa_member;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.organisation, klappa.programme, klappa.programme_region TO klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.my_organisations() TO klappa_member, klappa_worker;

RESET ROLE;
