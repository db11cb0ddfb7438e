-- Keeps what people change of their own public listing apart until the region's office has seen it, as with companies and
-- locations (PR-01); contacts, days, hiding and renewing stay their own. Erasing takes letters that still wait, too.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE OR REPLACE FUNCTION klappa.may_word(listing uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT NOT EXISTS (
            SELECT FROM klappa.location l
            WHERE l.id = may_word.listing AND klappa.is_approved(l.state, l.hidden_by_office)
                AND (l.region <> ALL (klappa.my_offices()) OR l.account = klappa.reader()))
        AND NOT EXISTS (
            SELECT FROM klappa.company c
            WHERE c.id = may_word.listing AND klappa.is_approved(c.state, c.hidden_by_office)
                AND (c.region <> ALL (klappa.my_offices()) OR c.account = klappa.reader()))
        AND NOT EXISTS (
            SELECT FROM klappa.person p
            WHERE p.id = may_word.listing AND klappa.is_approved(p.state, p.hidden_by_office)
                AND (p.home_region <> ALL (klappa.my_offices()) OR p.account = klappa.reader()))
$$;
COMMENT ON FUNCTION klappa.may_word(uuid) IS
    'Whether what the reader writes into a listing is seen by nobody before its office: no office has agreed to it yet, or the reader is the office and not the owner. True for anything else.';
COMMENT ON FUNCTION klappa.guard_listing_words() IS
    'Nobody rewrites their own public listing without its office (PR-01).';

CREATE TRIGGER person_words_guard BEFORE UPDATE ON klappa.person
FOR EACH ROW WHEN (klappa.is_approved(old.state, old.hidden_by_office)
    AND ((old.name, old.credited_name, old.trading_name, old.slug, old.home_region, old.municipality, old.travel_radius,
            old.headline_sv, old.headline_en, old.biography_sv, old.biography_en)
        IS DISTINCT FROM (new.name, new.credited_name, new.trading_name, new.slug, new.home_region, new.municipality,
            new.travel_radius, new.headline_sv, new.headline_en, new.biography_sv, new.biography_en)
        OR old.exact_point::text IS DISTINCT FROM new.exact_point::text))
EXECUTE FUNCTION klappa.guard_listing_words();

DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['person_role', 'person_local_region', 'person_language', 'person_certificate', 'credit']
    LOOP
        EXECUTE format('CREATE POLICY %I ON klappa.%I AS RESTRICTIVE FOR INSERT TO klappa_member WITH CHECK (klappa.may_word(person))',
            part || '_words_add', part);
        EXECUTE format('CREATE POLICY %I ON klappa.%I AS RESTRICTIVE FOR UPDATE TO klappa_member USING (klappa.may_word(person))',
            part || '_words_change', part);
        EXECUTE format('CREATE POLICY %I ON klappa.%I AS RESTRICTIVE FOR DELETE TO klappa_member USING (klappa.may_word(person))',
            part || '_words_drop', part);
    END LOOP;
END
$$;

SELECT klappa.versions_person('klappa.listing_proposal', 'subject');
DROP POLICY listing_proposal_member ON klappa.listing_proposal;
CREATE POLICY listing_proposal_member ON klappa.listing_proposal TO klappa_member
USING (EXISTS (SELECT FROM klappa.subject s WHERE s.id = listing_proposal.subject AND s.kind IN ('location', 'company', 'person')));
COMMENT ON TABLE klappa.listing_proposal IS
    'Base: what a public listing is to say once its office has agreed; at most one at a time.';

CREATE OR REPLACE FUNCTION klappa.requeue(listing uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    INSERT INTO klappa.review_entry AS e (subject, kind, change, region, name)
    SELECT x.id, x.kind, x.state <> 'in_review', x.region, x.name
    FROM (
        SELECT p.id, p.kind, p.state, p.hidden_by_office, p.home_region AS region, p.name
        FROM klappa.person p WHERE p.id = requeue.listing
        UNION ALL
        SELECT l.id, l.kind, l.state, l.hidden_by_office, l.region, l.name FROM klappa.location l WHERE l.id = requeue.listing
        UNION ALL
        SELECT c.id, c.kind, c.state, c.hidden_by_office, c.region, c.name FROM klappa.company c WHERE c.id = requeue.listing
        ) AS x
    WHERE x.state = 'in_review' OR klappa.is_approved(x.state, x.hidden_by_office) AND klappa.waits(x.id)
    ON CONFLICT (subject) DO UPDATE SET change = excluded.change, region = excluded.region, name = excluded.name,
        since = CASE WHEN e.change = excluded.change THEN e.since ELSE excluded.since END;
    IF NOT FOUND THEN
        DELETE FROM klappa.review_entry e WHERE e.subject = requeue.listing;
    END IF;
END
$$;

CREATE FUNCTION klappa.move_person(person uuid, region text, municipality text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    moved bigint;
BEGIN
    -- The exact place stays behind: it was told to the old office.
    UPDATE klappa.person p SET home_region = r.no, municipality = move_person.municipality, exact_point = NULL
    FROM klappa.region r
    WHERE p.id = move_person.person AND r.code = move_person.region AND p.home_region = ANY (klappa.my_offices())
        AND p.account IS DISTINCT FROM klappa.reader()
    RETURNING p.version INTO moved;
    RETURN moved;
END
$$;
COMMENT ON FUNCTION klappa.move_person(uuid, text, text) IS
    'Lets the office of a person''s region agree to their moving to another one, which it may not see afterwards; the new version, NULL when the reader is not that office.';
GRANT EXECUTE ON FUNCTION klappa.move_person(uuid, text, text) TO klappa_member;

-- A public person may have changes that wait, so every step and every new name counts.
DROP TRIGGER person_queue_update ON klappa.person;
CREATE TRIGGER person_queue_update AFTER UPDATE OF state, name, home_region ON klappa.person
FOR EACH ROW WHEN ((old.state, old.name, old.home_region) IS DISTINCT FROM (new.state, new.name, new.home_region))
EXECUTE FUNCTION klappa.queue_listing('id');
DROP TRIGGER person_queue_delete ON klappa.person;
CREATE TRIGGER person_queue_delete AFTER DELETE ON klappa.person
FOR EACH ROW EXECUTE FUNCTION klappa.queue_listing('id');

CREATE OR REPLACE FUNCTION klappa.erase(subject uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    PERFORM klappa.lock_subject(erase.subject);
    DELETE FROM klappa.contact_field c WHERE c.subject = erase.subject;
    DELETE FROM klappa.link l WHERE l.subject = erase.subject;
    DELETE FROM klappa.listing_proposal p WHERE p.subject = erase.subject;
    DELETE FROM klappa.booking b WHERE b.subject = erase.subject;
    DELETE FROM klappa.hold h WHERE h.subject = erase.subject;
    DELETE FROM klappa.block b WHERE b.subject = erase.subject;
    DELETE FROM klappa.calendar c WHERE c.subject = erase.subject;
    DELETE FROM klappa.credit c WHERE c.person = erase.subject;
    UPDATE klappa.person SET state = 'erased', state_reason = NULL, slug = 'erased-' || no, account = NULL, name = '',
        credited_name = NULL, trading_name = NULL, municipality = NULL, exact_point = NULL, travel_radius = NULL,
        headline_sv = NULL, headline_en = NULL, biography_sv = NULL, biography_en = NULL,
        availability_visibility = 'nobody'
    WHERE id = erase.subject;
    DELETE FROM klappa.person_certificate c WHERE c.person = erase.subject;
    DELETE FROM klappa.person_language l WHERE l.person = erase.subject;
    DELETE FROM klappa.person_local_region r WHERE r.person = erase.subject;
    DELETE FROM klappa.person_role r WHERE r.person = erase.subject;
    DELETE FROM klappa.consent c WHERE c.subject = erase.subject;
    -- Last: the statements above were logged too.
    DELETE FROM klappa.change_value v WHERE v.subject = erase.subject;
    RETURN EXISTS (SELECT FROM klappa.person p WHERE p.id = erase.subject);
END
$$;
COMMENT ON FUNCTION klappa.erase(uuid) IS
    'Empties a person''s listing, and what the log remembers of it. The empty row stays, so that counts do; false when there is no such person.';

CREATE FUNCTION klappa.forget_letters() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.outbox o WHERE o.subject = new.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.forget_letters() IS 'Letters about an erased listing are erased with it, sent or not: name and address stand in them.';
CREATE TRIGGER person_forget_letters AFTER UPDATE OF state ON klappa.person
FOR EACH ROW WHEN (new.state = 'erased' AND old.state <> 'erased') EXECUTE FUNCTION klappa.forget_letters();
CREATE TRIGGER location_forget_letters AFTER UPDATE OF state ON klappa.location
FOR EACH ROW WHEN (new.state = 'erased' AND old.state <> 'erased') EXECUTE FUNCTION klappa.forget_letters();
CREATE TRIGGER company_forget_letters AFTER UPDATE OF state ON klappa.company
FOR EACH ROW WHEN (new.state = 'erased' AND old.state <> 'erased') EXECUTE FUNCTION klappa.forget_letters();

RESET ROLE;
