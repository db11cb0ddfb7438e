-- Keeps what an owner changes of a public company or location apart until the region's office has seen it (PR-01).
-- The public listing stands as it was meanwhile; contacts, days and what is taken away need nobody's leave.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE FUNCTION klappa.may_word(listing uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT NOT EXISTS (
            SELECT FROM klappa.location l
            WHERE l.id = may_word.listing AND l.state IN ('published', 'lapsed') AND l.region <> ALL (klappa.my_offices()))
        AND NOT EXISTS (
            SELECT FROM klappa.company c
            WHERE c.id = may_word.listing AND c.state IN ('published', 'lapsed') AND c.region <> ALL (klappa.my_offices()))
$$;
COMMENT ON FUNCTION klappa.may_word(uuid) IS
    'Whether what the reader writes into a company or location is seen by nobody before its office: it is not public, or the reader is the office. True for anything else.';
GRANT EXECUTE ON FUNCTION klappa.may_word(uuid) TO klappa_member, klappa_worker;

CREATE FUNCTION klappa.guard_listing_words() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF current_user <> 'klappa_member' OR klappa.may_word(old.id) THEN
        RETURN new;
    END IF;
    RAISE EXCEPTION 'what a public % says is changed by a proposal that its office publishes', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', SCHEMA = 'klappa', TABLE = TG_TABLE_NAME,
            CONSTRAINT = TG_TABLE_NAME || '_words_reviewed';
END
$$;
COMMENT ON FUNCTION klappa.guard_listing_words() IS 'Nobody rewrites their own public company or location without its office (PR-01).';

CREATE TRIGGER location_words_guard BEFORE UPDATE ON klappa.location
FOR EACH ROW WHEN (old.state IN ('published', 'lapsed')
    AND ((old.name, old.alias, old.municipality, old.company, old.headline_sv, old.headline_en, old.description_sv,
            old.description_en)
        IS DISTINCT FROM (new.name, new.alias, new.municipality, new.company, new.headline_sv, new.headline_en,
            new.description_sv, new.description_en)
        OR new.place_released AND NOT old.place_released
        OR new.place_released AND old.address IS DISTINCT FROM new.address
        OR old.exact_point::text IS DISTINCT FROM new.exact_point::text))
EXECUTE FUNCTION klappa.guard_listing_words();
CREATE TRIGGER company_words_guard BEFORE UPDATE ON klappa.company
FOR EACH ROW WHEN (old.state IN ('published', 'lapsed')
    AND (old.name, old.alias, old.slug, old.municipality, old.headline_sv, old.headline_en, old.description_sv,
            old.description_en)
        IS DISTINCT FROM (new.name, new.alias, new.slug, new.municipality, new.headline_sv, new.headline_en,
            new.description_sv, new.description_en))
EXECUTE FUNCTION klappa.guard_listing_words();

-- Beside the policies that let owner and office in: the parts that are words, too. Only pictures have a way of their own.
DO $$
DECLARE
    part record;
BEGIN
    FOR part IN SELECT * FROM (VALUES ('location_kind', 'location'), ('location_fact', 'location'),
        ('location_production', 'location'), ('company_service', 'company'), ('link', 'subject')) AS p (name, listing)
    LOOP
        EXECUTE format('CREATE POLICY %I ON klappa.%I AS RESTRICTIVE FOR INSERT TO klappa_member WITH CHECK (klappa.may_word(%I))',
            part.name || '_words_add', part.name, part.listing);
        EXECUTE format('CREATE POLICY %I ON klappa.%I AS RESTRICTIVE FOR UPDATE TO klappa_member USING (klappa.may_word(%I))',
            part.name || '_words_change', part.name, part.listing);
        EXECUTE format('CREATE POLICY %I ON klappa.%I AS RESTRICTIVE FOR DELETE TO klappa_member USING (klappa.may_word(%I))',
            part.name || '_words_drop', part.name, part.listing);
    END LOOP;
END
$$;

CREATE TABLE klappa.listing_proposal (
    subject uuid NOT NULL,
    state text NOT NULL DEFAULT 'draft',
    state_reason text,
    body jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT listing_proposal_pkey PRIMARY KEY (subject),
    CONSTRAINT listing_proposal_state_known CHECK (state IN ('draft', 'in_review', 'returned')),
    CONSTRAINT listing_proposal_returned_with_reason CHECK (state <> 'returned' OR coalesce(state_reason, '') <> ''),
    CONSTRAINT listing_proposal_state_reason_length CHECK (char_length(state_reason) <= 2000),
    CONSTRAINT listing_proposal_body_object CHECK (jsonb_typeof(body) = 'object' AND pg_column_size(body) <= 262144),
    CONSTRAINT listing_proposal_subject_fkey FOREIGN KEY (subject) REFERENCES klappa.subject (id) ON DELETE CASCADE
);
ALTER TABLE klappa.listing_proposal
    ALTER COLUMN state_reason SET STATISTICS 0,
    ALTER COLUMN body SET STATISTICS 0;
COMMENT ON TABLE klappa.listing_proposal IS
    'Base: what a public company or location is to say once its office has agreed; at most one at a time.';
COMMENT ON COLUMN klappa.listing_proposal.state IS 'draft, in_review, returned (with state_reason); what was published is gone from here.';
COMMENT ON COLUMN klappa.listing_proposal.body IS 'The whole listing as it is to be, as the service writes and reads it.';

SELECT klappa.protect('klappa.listing_proposal'), klappa.count_versions('klappa.listing_proposal'),
    klappa.versions_listing('klappa.listing_proposal', 'klappa.location', 'subject'),
    klappa.versions_listing('klappa.listing_proposal', 'klappa.company', 'subject'),
    klappa.record_changes('klappa.listing_proposal', 'subject');
CREATE POLICY listing_proposal_member ON klappa.listing_proposal TO klappa_member
USING (EXISTS (SELECT FROM klappa.subject s WHERE s.id = listing_proposal.subject AND s.kind IN ('location', 'company')));
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.listing_proposal TO klappa_member, klappa_worker;

ALTER TABLE klappa.photo
    ADD COLUMN approved boolean NOT NULL DEFAULT true,
    ADD COLUMN returned boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT photo_returned_unapproved CHECK (NOT (approved AND returned));
COMMENT ON COLUMN klappa.photo.approved IS
    'Whether it is shown when the listing is: false for what an owner adds to a public listing or writes anew of it, until the office agrees.';
COMMENT ON COLUMN klappa.photo.returned IS 'Whether the office did not agree; it then waits no longer, until its words change.';
SELECT klappa.record_changes('klappa.photo', 'subject');

CREATE FUNCTION klappa.guard_photo() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    unchanged boolean := false;
BEGIN
    -- Runs with the writer's rights, like klappa.guard_listing_state().
    IF current_user <> 'klappa_member' THEN
        RETURN new;
    END IF;
    IF klappa.may_word(new.subject) THEN
        -- The office decides; what is not public yet is judged with the listing.
        RETURN new;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        unchanged := (old.subject, old.hash, old.caption_sv, old.caption_en, old.alternative_sv, old.alternative_en)
            IS NOT DISTINCT FROM
            (new.subject, new.hash, new.caption_sv, new.caption_en, new.alternative_sv, new.alternative_en);
        new.approved := unchanged AND old.approved;
        new.returned := unchanged AND old.returned;
        RETURN new;
    END IF;
    new.approved := false;
    new.returned := false;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.guard_photo() IS 'Pictures and words that an owner adds to a public listing wait for its office (PR-01).';
CREATE TRIGGER photo_guard BEFORE INSERT OR UPDATE ON klappa.photo
FOR EACH ROW EXECUTE FUNCTION klappa.guard_photo();

CREATE OR REPLACE FUNCTION klappa.photo_texts(subject uuid) RETURNS json[]
LANGUAGE sql STABLE
SET search_path = klappa, pg_temp
AS $$
    SELECT array(
        SELECT row_to_json(x) FROM (
            SELECT p.hash, p.width, p.height,
                (SELECT row_to_json(t) FROM (SELECT p.caption_sv AS sv, p.caption_en AS en) AS t) AS caption,
                (SELECT row_to_json(t) FROM (SELECT p.alternative_sv AS sv, p.alternative_en AS en) AS t) AS alternative
            FROM klappa.photo p
            WHERE p.subject = photo_texts.subject AND p.approved ORDER BY p.sort_order, p.id) AS x)
$$;

CREATE OR REPLACE FUNCTION klappa.project_photos(this xid8) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.photo_public p USING klappa.listing_mark m
    WHERE m.xid = this AND m.content AND p.subject = m.listing AND NOT EXISTS (
        SELECT FROM klappa.photo b
        WHERE b.subject = p.subject AND b.hash = p.hash AND b.approved
            AND (EXISTS (SELECT FROM klappa.location_public l WHERE l.id = b.subject)
                OR EXISTS (SELECT FROM klappa.company_public c WHERE c.id = b.subject)));
    INSERT INTO klappa.photo_public (hash, subject)
    SELECT b.hash, b.subject
    FROM klappa.listing_mark m
    JOIN klappa.photo b ON b.subject = m.listing
    WHERE m.xid = this AND m.content AND b.approved
        AND (EXISTS (SELECT FROM klappa.location_public l WHERE l.id = b.subject)
            OR EXISTS (SELECT FROM klappa.company_public c WHERE c.id = b.subject))
    ON CONFLICT DO NOTHING;
END
$$;

CREATE FUNCTION klappa.preview_listing(listing uuid) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT left(t.item, -1) || ',' || substr(t.details, 2)
    FROM klappa.location l JOIN klappa.location_text t ON t.id = l.id
    WHERE l.id = preview_listing.listing AND l.state <> 'erased'
        AND (l.account = klappa.reader() OR l.region = ANY (klappa.my_offices()))
    UNION ALL
    SELECT left(t.item, -1) || ',' || substr(t.details, 2)
    FROM klappa.company c JOIN klappa.company_text t ON t.id = c.id
    WHERE c.id = preview_listing.listing AND c.state <> 'erased'
        AND (c.account = klappa.reader() OR c.region = ANY (klappa.my_offices()))
$$;
COMMENT ON FUNCTION klappa.preview_listing(uuid) IS
    'The public record of a company or location as it would be written now, for who offers it and for its office; no row for anyone else.';
GRANT EXECUTE ON FUNCTION klappa.preview_listing(uuid) TO klappa_member;

CREATE OR REPLACE FUNCTION klappa.erase_listing(subject uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    PERFORM klappa.lock_subject(erase_listing.subject);
    IF NOT EXISTS (
        SELECT FROM klappa.subject s WHERE s.id = erase_listing.subject AND s.kind IN ('location', 'company'))
    THEN
        RETURN false;
    END IF;
    DELETE FROM klappa.contact_field c WHERE c.subject = erase_listing.subject;
    DELETE FROM klappa.link l WHERE l.subject = erase_listing.subject;
    DELETE FROM klappa.listing_proposal p WHERE p.subject = erase_listing.subject;
    DELETE FROM klappa.photo p WHERE p.subject = erase_listing.subject;
    DELETE FROM klappa.booking b WHERE b.subject = erase_listing.subject;
    DELETE FROM klappa.hold h WHERE h.subject = erase_listing.subject;
    DELETE FROM klappa.block b WHERE b.subject = erase_listing.subject;
    DELETE FROM klappa.calendar c WHERE c.subject = erase_listing.subject;
    DELETE FROM klappa.location_production p WHERE p.location = erase_listing.subject;
    UPDATE klappa.location SET state = 'erased', state_reason = NULL, account = NULL, company = NULL, name = '',
        alias = NULL, address = NULL, exact_point = NULL, place_released = false, owner_name = NULL, headline_sv = NULL,
        headline_en = NULL, description_sv = NULL, description_en = NULL, availability_visibility = 'nobody'
    WHERE id = erase_listing.subject;
    UPDATE klappa.company SET state = 'erased', state_reason = NULL, account = NULL, slug = 'erased-' || no, name = '',
        alias = NULL, headline_sv = NULL, headline_en = NULL, description_sv = NULL, description_en = NULL
    WHERE id = erase_listing.subject;
    DELETE FROM klappa.location_kind k WHERE k.location = erase_listing.subject;
    DELETE FROM klappa.location_fact f WHERE f.location = erase_listing.subject;
    DELETE FROM klappa.company_service s WHERE s.company = erase_listing.subject;
    DELETE FROM klappa.consent c WHERE c.subject = erase_listing.subject;
    -- Last: the statements above were logged too.
    DELETE FROM klappa.change_value v WHERE v.subject = erase_listing.subject;
    RETURN true;
END
$$;

CREATE FUNCTION klappa.erase_offer(listing uuid, version bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    PERFORM FROM klappa.location l
    WHERE l.id = erase_offer.listing AND l.account = klappa.reader() AND l.version = erase_offer.version
    UNION ALL
    SELECT FROM klappa.company c
    WHERE c.id = erase_offer.listing AND c.account = klappa.reader() AND c.version = erase_offer.version;
    RETURN FOUND AND klappa.erase_listing(erase_offer.listing);
END
$$;
COMMENT ON FUNCTION klappa.erase_offer(uuid, bigint) IS
    'Erases a company or location of the reader''s own; false when there is none of this version.';
GRANT EXECUTE ON FUNCTION klappa.erase_offer(uuid, bigint) TO klappa_member;

RESET ROLE;
