-- Creates consents, and the rule that a listing is whole: a primary role from review on, a consent when public.
-- Nobody is public by default (GDPR, article 25.2); the rule is judged when the transaction ends, over all its rows.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.consent (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    subject uuid NOT NULL,
    purpose text NOT NULL,
    text_version text NOT NULL,
    given_on date NOT NULL,
    source text NOT NULL,
    withdrawn_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT consent_pkey PRIMARY KEY (id),
    CONSTRAINT consent_purpose_known CHECK (purpose IN ('publication', 'contact', 'photo', 'mail', 'statistics')),
    CONSTRAINT consent_text_version_length CHECK (char_length(text_version) BETWEEN 1 AND 100),
    CONSTRAINT consent_source_length CHECK (char_length(source) BETWEEN 1 AND 500),
    CONSTRAINT consent_given_on_range CHECK (given_on BETWEEN date '2000-01-01' AND date '2200-01-01'),
    CONSTRAINT consent_subject_fkey FOREIGN KEY (subject) REFERENCES klappa.subject (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX consent_one_standing ON klappa.consent (subject, purpose) WHERE withdrawn_at IS NULL;
CREATE INDEX consent_subject ON klappa.consent (subject);
ALTER TABLE klappa.consent ALTER COLUMN source SET STATISTICS 0;
COMMENT ON TABLE klappa.consent IS 'Base: what a person agreed to, per purpose, and when they took it back.';
COMMENT ON COLUMN klappa.consent.purpose IS 'publication (the listing itself), contact, photo, mail or statistics.';
COMMENT ON COLUMN klappa.consent.text_version IS 'Which wording was agreed to.';
COMMENT ON COLUMN klappa.consent.source IS 'Where the consent can be found: form, letter, minutes, file that was imported.';

CREATE FUNCTION klappa.check_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    which uuid;
    person record;
BEGIN
    CASE TG_TABLE_NAME
        WHEN 'person' THEN which := new.id;
        WHEN 'person_role' THEN which := old.person;
        WHEN 'consent' THEN which := old.subject;
    END CASE;
    SELECT p.state, p.invented INTO person FROM klappa.person p WHERE p.id = which;
    IF NOT FOUND OR person.state IN ('draft', 'erased') THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM klappa.person_role r WHERE r.person = which AND r."primary") THEN
        RAISE EXCEPTION 'a listing needs at least one role, and one of them primary'
            USING ERRCODE = 'check_violation', SCHEMA = 'klappa', TABLE = 'person',
                CONSTRAINT = 'person_primary_role';
    END IF;
    IF person.state = 'published' AND NOT person.invented AND NOT EXISTS (
        SELECT FROM klappa.consent c
        WHERE c.subject = which AND c.purpose = 'publication' AND c.withdrawn_at IS NULL)
    THEN
        RAISE EXCEPTION 'a listing is published only while the person consents to it'
            USING ERRCODE = 'check_violation', SCHEMA = 'klappa', TABLE = 'person',
                CONSTRAINT = 'person_published_consent';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.check_person() IS 'At the end of a transaction: listings beyond draft have a primary role, public ones a consent.';

CREATE CONSTRAINT TRIGGER person_whole_insert AFTER INSERT ON klappa.person
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.state NOT IN ('draft', 'erased'))
EXECUTE FUNCTION klappa.check_person();
CREATE CONSTRAINT TRIGGER person_whole_update AFTER UPDATE OF state, invented ON klappa.person
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (new.state NOT IN ('draft', 'erased') AND (new.state, new.invented) IS DISTINCT FROM (old.state, old.invented))
EXECUTE FUNCTION klappa.check_person();
CREATE CONSTRAINT TRIGGER person_role_whole AFTER UPDATE OR DELETE ON klappa.person_role
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (old."primary") EXECUTE FUNCTION klappa.check_person();
CREATE CONSTRAINT TRIGGER consent_whole AFTER UPDATE OR DELETE ON klappa.consent
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (old.withdrawn_at IS NULL) EXECUTE FUNCTION klappa.check_person();

SELECT klappa.protect('klappa.consent'), klappa.count_versions('klappa.consent');

CREATE POLICY consent_member ON klappa.consent TO klappa_member
USING (EXISTS (SELECT FROM klappa.subject s WHERE s.id = consent.subject));

GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON klappa.consent TO klappa_member;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.consent TO klappa_worker;

RESET ROLE;
