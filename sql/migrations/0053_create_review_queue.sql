-- Creates the review queue: what waits for the office of a region, oldest first, and to whom the office then writes.
-- One small table, kept by triggers, is read by the page and its counts; who sees a row is decided by the office alone.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.review_entry (
    subject uuid NOT NULL,
    kind text NOT NULL,
    change boolean NOT NULL,
    region smallint NOT NULL,
    name text COLLATE "sv-x-icu" NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT review_entry_pkey PRIMARY KEY (subject),
    CONSTRAINT review_entry_kind_known CHECK (kind IN ('person', 'company', 'location')),
    CONSTRAINT review_entry_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no)
);
CREATE INDEX review_entry_region_since ON klappa.review_entry (region, since, subject);
ALTER TABLE klappa.review_entry ALTER COLUMN name SET STATISTICS 0;
COMMENT ON TABLE klappa.review_entry IS
    'Projection: what waits for the office of a region: listings in review, and changes proposed of public ones. For that office only.';
COMMENT ON COLUMN klappa.review_entry.change IS 'Whether a public listing is to be changed, rather than made public.';
COMMENT ON COLUMN klappa.review_entry.since IS 'Since when it waits.';

SELECT klappa.protect('klappa.review_entry');
CREATE POLICY review_entry_office_read ON klappa.review_entry FOR SELECT TO klappa_member
USING (region = ANY ((SELECT klappa.my_offices())::smallint[]));
GRANT SELECT ON klappa.review_entry TO klappa_member, klappa_worker;

CREATE FUNCTION klappa.requeue(listing uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    INSERT INTO klappa.review_entry AS e (subject, kind, change, region, name)
    SELECT p.id, 'person', false, p.home_region, p.name
    FROM klappa.person p WHERE p.id = requeue.listing AND p.state = 'in_review'
    UNION ALL
    SELECT l.id, 'location', l.state <> 'in_review', l.region, l.name
    FROM klappa.location l
    WHERE l.id = requeue.listing AND (l.state = 'in_review' OR l.state IN ('published', 'lapsed') AND klappa.waits(l.id))
    UNION ALL
    SELECT c.id, 'company', c.state <> 'in_review', c.region, c.name
    FROM klappa.company c
    WHERE c.id = requeue.listing AND (c.state = 'in_review' OR c.state IN ('published', 'lapsed') AND klappa.waits(c.id))
    ON CONFLICT (subject) DO UPDATE SET change = excluded.change, region = excluded.region, name = excluded.name,
        since = CASE WHEN e.change = excluded.change THEN e.since ELSE excluded.since END;
    IF NOT FOUND THEN
        DELETE FROM klappa.review_entry e WHERE e.subject = requeue.listing;
    END IF;
END
$$;
COMMENT ON FUNCTION klappa.requeue(uuid) IS 'Enters a listing into the review queue, or takes it out.';

CREATE FUNCTION klappa.waits(listing uuid) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = klappa, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM klappa.listing_proposal p WHERE p.subject = waits.listing AND p.state = 'in_review')
        OR EXISTS (SELECT FROM klappa.photo p WHERE p.subject = waits.listing AND NOT p.approved AND NOT p.returned)
$$;
COMMENT ON FUNCTION klappa.waits(uuid) IS 'Whether changes or pictures of a public listing wait for its office.';

CREATE FUNCTION klappa.queue_listing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        PERFORM klappa.requeue((to_jsonb(new) ->> TG_ARGV[0])::uuid);
    ELSE
        PERFORM klappa.requeue((to_jsonb(old) ->> TG_ARGV[0])::uuid);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.queue_listing() IS 'Keeps the review queue (argument: the column that names the listing).';

CREATE TRIGGER person_queue_insert AFTER INSERT ON klappa.person
FOR EACH ROW WHEN (new.state = 'in_review') EXECUTE FUNCTION klappa.queue_listing('id');
CREATE TRIGGER person_queue_update AFTER UPDATE OF state, name, home_region ON klappa.person
FOR EACH ROW WHEN (old.state = 'in_review' OR new.state = 'in_review') EXECUTE FUNCTION klappa.queue_listing('id');
CREATE TRIGGER person_queue_delete AFTER DELETE ON klappa.person
FOR EACH ROW WHEN (old.state = 'in_review') EXECUTE FUNCTION klappa.queue_listing('id');
DO $$
DECLARE
    listing text;
BEGIN
    FOREACH listing IN ARRAY ARRAY['location', 'company'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON klappa.%I FOR EACH ROW WHEN (new.state = ''in_review'') EXECUTE FUNCTION klappa.queue_listing(''id'')',
            listing || '_queue_insert', listing);
        EXECUTE format('CREATE TRIGGER %I AFTER UPDATE OF state, name, municipality ON klappa.%I FOR EACH ROW WHEN ((old.state, old.name, old.region) IS DISTINCT FROM (new.state, new.name, new.region)) EXECUTE FUNCTION klappa.queue_listing(''id'')',
            listing || '_queue_update', listing);
        EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON klappa.%I FOR EACH ROW EXECUTE FUNCTION klappa.queue_listing(''id'')',
            listing || '_queue_delete', listing);
    END LOOP;
END
$$;
CREATE TRIGGER listing_proposal_queue AFTER INSERT OR UPDATE OR DELETE ON klappa.listing_proposal
FOR EACH ROW EXECUTE FUNCTION klappa.queue_listing('subject');
CREATE TRIGGER photo_queue_insert AFTER INSERT ON klappa.photo
FOR EACH ROW WHEN (NOT new.approved) EXECUTE FUNCTION klappa.queue_listing('subject');
-- Without a list of columns: the guard before it may have changed these.
CREATE TRIGGER photo_queue_update AFTER UPDATE ON klappa.photo
FOR EACH ROW WHEN ((old.approved, old.returned) IS DISTINCT FROM (new.approved, new.returned))
EXECUTE FUNCTION klappa.queue_listing('subject');
CREATE TRIGGER photo_queue_delete AFTER DELETE ON klappa.photo
FOR EACH ROW WHEN (NOT old.approved) EXECUTE FUNCTION klappa.queue_listing('subject');

SELECT klappa.requeue(p.id) FROM klappa.person p WHERE p.state = 'in_review';
SELECT klappa.requeue(l.id) FROM klappa.location l WHERE l.state = 'in_review';
SELECT klappa.requeue(c.id) FROM klappa.company c WHERE c.state = 'in_review';

CREATE FUNCTION klappa.listing_owner(listing uuid) RETURNS TABLE (account uuid, name text, email text, language text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT a.id, a.name, a.email, a.language
    FROM (
        SELECT p.account, p.home_region AS region FROM klappa.person p WHERE p.id = listing_owner.listing
        UNION ALL
        SELECT l.account, l.region FROM klappa.location l WHERE l.id = listing_owner.listing
        UNION ALL
        SELECT c.account, c.region FROM klappa.company c WHERE c.id = listing_owner.listing) AS x
    JOIN klappa.account a ON a.id = x.account
    WHERE a.kind = 'human' AND a.state = 'active' AND x.region = ANY (klappa.my_offices())
$$;
COMMENT ON FUNCTION klappa.listing_owner(uuid) IS
    'Whose listing it is and where letters about it go, for the office of its region; no row for anyone else.';
GRANT EXECUTE ON FUNCTION klappa.listing_owner(uuid) TO klappa_member;

RESET ROLE;
