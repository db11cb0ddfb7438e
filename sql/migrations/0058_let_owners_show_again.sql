-- Lets owners show again what they hid themselves, and keeps every decision on a listing with somebody else than its owner.
-- What was approved stays approved while its owner hides it; so its words keep waiting for the office if they change.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

ALTER TABLE klappa.person ADD COLUMN hidden_by_office boolean NOT NULL DEFAULT false;
ALTER TABLE klappa.location ADD COLUMN hidden_by_office boolean NOT NULL DEFAULT false;
ALTER TABLE klappa.company ADD COLUMN hidden_by_office boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN klappa.person.hidden_by_office IS
    'Set by the database: whether somebody else than the owner hid it; only an office then shows it again.';
COMMENT ON COLUMN klappa.location.hidden_by_office IS
    'Set by the database: whether somebody else than the owner hid it; only an office then shows it again.';
COMMENT ON COLUMN klappa.company.hidden_by_office IS
    'Set by the database: whether somebody else than the owner hid it; only an office then shows it again.';
SELECT klappa.record_changes('klappa.person', 'id', '{kind,no,hidden_by_office}'), klappa.record_changes('klappa.location', 'id', '{kind,no,hidden_by_office}'),
    klappa.record_changes('klappa.company', 'id', '{kind,no,hidden_by_office}');

CREATE FUNCTION klappa.is_approved(state text, hidden_by_office boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT $1 IN ('published', 'lapsed') OR $1 = 'hidden' AND NOT $2 $$;
COMMENT ON FUNCTION klappa.is_approved(text, boolean) IS
    'Whether an office has agreed to what a listing says: it is public, or would be but for its age or its owner''s wish.';
GRANT EXECUTE ON FUNCTION klappa.is_approved(text, boolean) TO klappa_member, klappa_worker;

CREATE FUNCTION klappa.note_who_hides() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        new.hidden_by_office := new.state = 'hidden';
    ELSIF new.state <> 'hidden' THEN
        new.hidden_by_office := false;
    ELSIF old.state <> 'hidden' THEN
        new.hidden_by_office := new.account IS NULL OR new.account IS DISTINCT FROM klappa.reader();
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.note_who_hides() IS 'Notes whether a listing''s owner or somebody else hides it.';
CREATE TRIGGER person_hiding BEFORE INSERT OR UPDATE OF state ON klappa.person
FOR EACH ROW EXECUTE FUNCTION klappa.note_who_hides();
CREATE TRIGGER location_hiding BEFORE INSERT OR UPDATE OF state ON klappa.location
FOR EACH ROW EXECUTE FUNCTION klappa.note_who_hides();
CREATE TRIGGER company_hiding BEFORE INSERT OR UPDATE OF state ON klappa.company
FOR EACH ROW EXECUTE FUNCTION klappa.note_who_hides();

CREATE FUNCTION klappa.is_owners_step(state text, hidden_by_office boolean, next text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT ($1, $3) IN (
            ('draft', 'in_review'), ('in_review', 'draft'), ('returned', 'draft'), ('returned', 'in_review'),
            ('published', 'hidden'), ('hidden', 'in_review'), ('lapsed', 'published'), ('lapsed', 'hidden'))
        OR klappa.is_approved($1, $2) AND ($1, $3) = ('hidden', 'published')
$$;
COMMENT ON FUNCTION klappa.is_owners_step(text, boolean, text) IS
    'Whether an owner may take a listing from one state to the next without its office.';
GRANT EXECUTE ON FUNCTION klappa.is_owners_step(text, boolean, text) TO klappa_member, klappa_worker;

CREATE OR REPLACE FUNCTION klappa.guard_person_state() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    -- Runs with the writer's rights: only members are held to the steps that a listed person may take alone.
    IF current_user <> 'klappa_member' OR klappa.is_owners_step(old.state, old.hidden_by_office, new.state)
        OR old.home_region = ANY (klappa.my_offices()) AND old.account IS DISTINCT FROM klappa.reader()
    THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION 'only the region''s office, and nobody for themselves, may make a listing % that is %', new.state, old.state
        USING ERRCODE = 'insufficient_privilege', SCHEMA = 'klappa', TABLE = 'person', COLUMN = 'state',
            CONSTRAINT = 'person_state_step';
END
$$;
COMMENT ON FUNCTION klappa.guard_person_state() IS
    'Nobody publishes their own listing (PR-01), not even who works in its office.';

CREATE OR REPLACE FUNCTION klappa.guard_listing_state() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    -- Runs with the writer's rights: only members are held to the steps that an owner may take alone.
    IF current_user <> 'klappa_member' OR klappa.is_owners_step(old.state, old.hidden_by_office, new.state)
        OR old.region = ANY (klappa.my_offices()) AND old.account IS DISTINCT FROM klappa.reader()
    THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION 'only the region''s office, and nobody for themselves, may make a listing % that is %', new.state, old.state
        USING ERRCODE = 'insufficient_privilege', SCHEMA = 'klappa', TABLE = TG_TABLE_NAME, COLUMN = 'state',
            CONSTRAINT = TG_TABLE_NAME || '_state_step';
END
$$;
COMMENT ON FUNCTION klappa.guard_listing_state() IS
    'Nobody publishes their own company or location (PR-01), not even who works in its office.';

-- What an office adds for others may be public at once; what anybody adds for themselves may not.
CREATE POLICY person_own_add ON klappa.person AS RESTRICTIVE FOR INSERT TO klappa_member
WITH CHECK (account IS DISTINCT FROM (SELECT klappa.reader()) OR state IN ('draft', 'in_review'));
CREATE POLICY location_own_add ON klappa.location AS RESTRICTIVE FOR INSERT TO klappa_member
WITH CHECK (account IS DISTINCT FROM (SELECT klappa.reader()) OR state IN ('draft', 'in_review'));
CREATE POLICY company_own_add ON klappa.company AS RESTRICTIVE FOR INSERT TO klappa_member
WITH CHECK (account IS DISTINCT FROM (SELECT klappa.reader()) OR state IN ('draft', 'in_review'));

DROP TRIGGER location_words_guard ON klappa.location;
CREATE TRIGGER location_words_guard BEFORE UPDATE ON klappa.location
FOR EACH ROW WHEN (klappa.is_approved(old.state, old.hidden_by_office)
    AND ((old.name, old.alias, old.municipality, old.company, old.headline_sv, old.headline_en, old.description_sv,
            old.description_en)
        IS DISTINCT FROM (new.name, new.alias, new.municipality, new.company, new.headline_sv, new.headline_en,
            new.description_sv, new.description_en)
        OR new.place_released AND NOT old.place_released
        OR new.place_released AND old.address IS DISTINCT FROM new.address
        OR old.exact_point::text IS DISTINCT FROM new.exact_point::text))
EXECUTE FUNCTION klappa.guard_listing_words();
DROP TRIGGER company_words_guard ON klappa.company;
CREATE TRIGGER company_words_guard BEFORE UPDATE ON klappa.company
FOR EACH ROW WHEN (klappa.is_approved(old.state, old.hidden_by_office)
    AND (old.name, old.alias, old.slug, old.municipality, old.headline_sv, old.headline_en, old.description_sv,
            old.description_en)
        IS DISTINCT FROM (new.name, new.alias, new.slug, new.municipality, new.headline_sv, new.headline_en,
            new.description_sv, new.description_en))
EXECUTE FUNCTION klappa.guard_listing_words();

-- Who hid what is hidden today is not known: it comes back through the office.
UPDATE klappa.person SET hidden_by_office = true WHERE state = 'hidden';
UPDATE klappa.location SET hidden_by_office = true WHERE state = 'hidden';
UPDATE klappa.company SET hidden_by_office = true WHERE state = 'hidden';

RESET ROLE;
