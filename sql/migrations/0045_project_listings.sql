-- Keeps the projections of companies and locations equal to the base tables, in the transaction that changes these.
-- Statements mark what they touched; at commit everything marked is projected once, set by set.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.listing_mark (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    listing uuid NOT NULL,
    content boolean NOT NULL,
    CONSTRAINT listing_mark_pkey PRIMARY KEY (xid, listing)
);
COMMENT ON TABLE klappa.listing_mark IS
    'Bookkeeping: which companies and locations must be projected before their transaction commits. Nobody ever sees a row of another transaction.';
COMMENT ON COLUMN klappa.listing_mark.content IS 'Whether more than the calendar changed.';

CREATE TABLE klappa.listing_commit (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT listing_commit_pkey PRIMARY KEY (xid)
);
COMMENT ON TABLE klappa.listing_commit IS 'Bookkeeping: transactions with marks; a row fires the projection once, at commit.';

CREATE FUNCTION klappa.mark_listings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    marked bigint;
BEGIN
    -- EXECUTE: tables name the listing differently. Arguments: a query of listings over "touched", and what changed.
    EXECUTE format(
        'INSERT INTO klappa.listing_mark AS m (listing, content) SELECT DISTINCT t.listing, %L::boolean FROM (%s) AS t
         WHERE t.listing IS NOT NULL
         ON CONFLICT (xid, listing) DO UPDATE SET content = true WHERE excluded.content AND NOT m.content',
        TG_ARGV[1], TG_ARGV[0]);
    GET DIAGNOSTICS marked = ROW_COUNT;
    IF marked > 0 THEN
        INSERT INTO klappa.listing_commit DEFAULT VALUES ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.mark_listings() IS 'Marks the companies and locations that a statement touched.';

CREATE FUNCTION klappa.projects_listings(base regclass, listings text, content boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    name text := (SELECT relname FROM pg_class WHERE oid = base);
BEGIN
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %s REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_listings(%L, %L)',
        name || '_mark_listing_insert', base, listings, content);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %s REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_listings(%L, %L)',
        name || '_mark_listing_update', base, listings, content);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %s REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_listings(%L, %L)',
        name || '_mark_listing_delete', base, listings, content);
END
$$;
COMMENT ON FUNCTION klappa.projects_listings(regclass, text, boolean) IS
    'For migrations: makes changes of a table reach the projections of the companies and locations that the query over "touched" gives.';

CREATE FUNCTION klappa.project_location_days(this xid8, first_day date) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.location_day d USING klappa.listing_mark m
    WHERE m.xid = this AND d.id = m.listing AND NOT EXISTS (
        SELECT FROM klappa.location l
        WHERE l.id = m.listing AND l.state = 'published' AND l.availability_visibility = 'anyone');
    DELETE FROM klappa.location_day_approved d USING klappa.listing_mark m
    WHERE m.xid = this AND d.id = m.listing AND NOT EXISTS (
        SELECT FROM klappa.location l
        WHERE l.id = m.listing AND l.state = 'published' AND l.availability_visibility IN ('anyone', 'approved'));
    INSERT INTO klappa.location_day_approved AS d (id, free, held, busy)
    SELECT l.id, known.bits & ~ held.bits & ~ busy.bits, held.bits & ~ busy.bits, busy.bits
    FROM klappa.listing_mark m
    JOIN klappa.location l ON l.id = m.listing
    CROSS JOIN LATERAL (
        SELECT coalesce(bit_or(klappa.day_bits(x.days, first_day)), B'0'::bit(1096)) AS bits
        FROM (
            SELECT b.days FROM klappa.block b WHERE b.subject = l.id
            UNION ALL
            SELECT b.days FROM klappa.booking b WHERE b.subject = l.id AND b.state = 'confirmed') AS x) AS busy
    CROSS JOIN LATERAL (
        SELECT coalesce(bit_or(klappa.day_bits(h.days, first_day)), B'0'::bit(1096)) AS bits
        FROM klappa.hold h WHERE h.subject = l.id AND h.active) AS held
    CROSS JOIN LATERAL (
        SELECT coalesce(bit_or(klappa.day_bits(datemultirange(daterange(c.known_from, c.known_to, '[]')), first_day)),
            B'0'::bit(1096)) AS bits
        FROM klappa.calendar c WHERE c.subject = l.id AND c.known_from IS NOT NULL) AS known
    WHERE m.xid = this AND l.state = 'published' AND l.availability_visibility IN ('anyone', 'approved')
    ON CONFLICT (id) DO UPDATE SET free = excluded.free, held = excluded.held, busy = excluded.busy;
    INSERT INTO klappa.location_day AS d (id, free, held, busy)
    SELECT a.id, a.free, a.held, a.busy
    FROM klappa.listing_mark m
    JOIN klappa.location l ON l.id = m.listing
    JOIN klappa.location_day_approved a ON a.id = m.listing
    WHERE m.xid = this AND l.availability_visibility = 'anyone'
    ON CONFLICT (id) DO UPDATE SET free = excluded.free, held = excluded.held, busy = excluded.busy;
END
$$;
COMMENT ON FUNCTION klappa.project_location_days(xid8, date) IS 'Projects the days of the locations that a transaction marked.';

CREATE FUNCTION klappa.project_locations(this xid8) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.location_public c USING klappa.listing_mark m
    WHERE m.xid = this AND m.content AND c.id = m.listing AND NOT EXISTS (
        SELECT FROM klappa.location l WHERE l.id = m.listing AND l.state = 'published');
    DELETE FROM klappa.location_doc c USING klappa.listing_mark m
    WHERE m.xid = this AND m.content AND c.id = m.listing AND NOT EXISTS (
        SELECT FROM klappa.location_public p WHERE p.id = m.listing);
    DELETE FROM klappa.location_record c USING klappa.listing_mark m
    WHERE m.xid = this AND m.content AND c.id = m.listing AND NOT EXISTS (
        SELECT FROM klappa.location_public p WHERE p.id = m.listing);

    INSERT INTO klappa.location_public AS c (id, no, name, renewed_on, region, municipality, types, looks, tags, numbers,
        point, names, about)
    SELECT l.id, l.no, l.name, l.renewed_on, l.region, t.no,
        array(
            SELECT k.type FROM klappa.location_kind k WHERE k.location = l.id
            UNION
            SELECT g.parent FROM klappa.location_kind k JOIN klappa.location_type g ON g.code = k.type
            WHERE k.location = l.id AND g.parent IS NOT NULL
            ORDER BY 1),
        array(
            SELECT f.choice FROM klappa.location_fact f
            WHERE f.location = l.id AND f.feature = 'period_look' ORDER BY f.choice),
        array(
            SELECT DISTINCT w.tag
            FROM klappa.location_fact f
            CROSS JOIN LATERAL (VALUES
                (CASE WHEN f.yes IS FALSE THEN f.feature || '-no' ELSE f.feature END),
                (f.feature || '-' || f.choice)) AS w (tag)
            WHERE f.location = l.id AND f.feature NOT IN ('period_look', 'contact_consent') AND w.tag IS NOT NULL
            ORDER BY w.tag),
        coalesce((
            SELECT jsonb_object_agg(f.feature, trim_scale(f.number)) FROM klappa.location_fact f
            WHERE f.location = l.id AND f.number IS NOT NULL), '{}'),
        l.public_point,
        array_to_tsvector(klappa.words(concat_ws(' ', l.name, l.alias, t.name, h.name, (
            SELECT string_agg(n.title, ' ') FROM klappa.location_production p
            JOIN klappa.production n ON n.id = p.production AND n.public
            WHERE p.location = l.id)))),
        to_tsvector('pg_catalog.swedish', klappa.fold(concat_ws(' ', l.headline_sv, l.description_sv)))
            || to_tsvector('pg_catalog.english', klappa.fold(concat_ws(' ', l.headline_en, l.description_en)))
    FROM klappa.listing_mark m
    JOIN klappa.location l ON l.id = m.listing
    JOIN klappa.region h ON h.no = l.region
    JOIN klappa.municipality t ON t.code = l.municipality
    WHERE m.xid = this AND m.content AND l.state = 'published'
    ON CONFLICT (id) DO UPDATE SET no = excluded.no, name = excluded.name, renewed_on = excluded.renewed_on,
        region = excluded.region, municipality = excluded.municipality, types = excluded.types, looks = excluded.looks,
        tags = excluded.tags, numbers = excluded.numbers, point = excluded.point, names = excluded.names,
        about = excluded.about;

    INSERT INTO klappa.location_doc AS d (id, body)
    SELECT t.id, t.item
    FROM klappa.listing_mark m
    JOIN klappa.location_public c ON c.id = m.listing
    JOIN klappa.location_text t ON t.id = m.listing
    WHERE m.xid = this AND m.content
    ON CONFLICT (id) DO UPDATE SET body = excluded.body;
    INSERT INTO klappa.location_record AS r (id, no, version, body)
    SELECT l.id, l.no, l.version, left(d.body, -1) || ',' || substr(t.details, 2)
    FROM klappa.listing_mark m
    JOIN klappa.location_doc d ON d.id = m.listing
    JOIN klappa.location l ON l.id = m.listing
    JOIN klappa.location_text t ON t.id = m.listing
    WHERE m.xid = this AND m.content
    ON CONFLICT (id) DO UPDATE SET no = excluded.no, version = excluded.version, body = excluded.body;
END
$$;
COMMENT ON FUNCTION klappa.project_locations(xid8) IS
    'Projects attributes, words and texts of the locations that a transaction marked.';

CREATE FUNCTION klappa.project_companies(this xid8) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.company_public c USING klappa.listing_mark m
    WHERE m.xid = this AND m.content AND c.id = m.listing AND NOT EXISTS (
        SELECT FROM klappa.company f WHERE f.id = m.listing AND f.state = 'published');
    DELETE FROM klappa.company_doc c USING klappa.listing_mark m
    WHERE m.xid = this AND m.content AND c.id = m.listing AND NOT EXISTS (
        SELECT FROM klappa.company_public p WHERE p.id = m.listing);
    DELETE FROM klappa.company_record c USING klappa.listing_mark m
    WHERE m.xid = this AND m.content AND c.id = m.listing AND NOT EXISTS (
        SELECT FROM klappa.company_public p WHERE p.id = m.listing);

    INSERT INTO klappa.company_public AS c (id, name, renewed_on, region, municipality, categories, names, about)
    SELECT f.id, f.name, f.renewed_on, f.region, t.no,
        array(SELECT s.category FROM klappa.company_service s WHERE s.company = f.id ORDER BY s.category),
        array_to_tsvector(klappa.words(concat_ws(' ', f.name, f.alias, t.name, h.name))),
        to_tsvector('pg_catalog.swedish', klappa.fold(concat_ws(' ', f.headline_sv, f.description_sv)))
            || to_tsvector('pg_catalog.english', klappa.fold(concat_ws(' ', f.headline_en, f.description_en)))
    FROM klappa.listing_mark m
    JOIN klappa.company f ON f.id = m.listing
    JOIN klappa.region h ON h.no = f.region
    JOIN klappa.municipality t ON t.code = f.municipality
    WHERE m.xid = this AND m.content AND f.state = 'published'
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, renewed_on = excluded.renewed_on, region = excluded.region,
        municipality = excluded.municipality, categories = excluded.categories, names = excluded.names,
        about = excluded.about;

    INSERT INTO klappa.company_doc AS d (id, body)
    SELECT t.id, t.item
    FROM klappa.listing_mark m
    JOIN klappa.company_public c ON c.id = m.listing
    JOIN klappa.company_text t ON t.id = m.listing
    WHERE m.xid = this AND m.content
    ON CONFLICT (id) DO UPDATE SET body = excluded.body;
    INSERT INTO klappa.company_record AS r (id, slug, version, body)
    SELECT f.id, f.slug, f.version, left(d.body, -1) || ',' || substr(t.details, 2)
    FROM klappa.listing_mark m
    JOIN klappa.company_doc d ON d.id = m.listing
    JOIN klappa.company f ON f.id = m.listing
    JOIN klappa.company_text t ON t.id = m.listing
    WHERE m.xid = this AND m.content
    ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, version = excluded.version, body = excluded.body;
END
$$;
COMMENT ON FUNCTION klappa.project_companies(xid8) IS
    'Projects attributes, words and texts of the companies that a transaction marked.';

CREATE FUNCTION klappa.listing_words(this xid8) RETURNS TABLE (kind text, word text)
LANGUAGE sql STABLE
SET search_path = klappa, public, pg_temp
AS $$
    SELECT 'location', unnest(tsvector_to_array(c.names))
    FROM klappa.listing_mark m JOIN klappa.location_public c ON c.id = m.listing WHERE m.xid = this AND m.content
    UNION
    SELECT 'company', unnest(tsvector_to_array(c.names))
    FROM klappa.listing_mark m JOIN klappa.company_public c ON c.id = m.listing WHERE m.xid = this AND m.content
$$;
COMMENT ON FUNCTION klappa.listing_words(xid8) IS 'The words by which what a transaction marked is found at this moment.';

CREATE FUNCTION klappa.project_photos(this xid8) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.photo_public p USING klappa.listing_mark m
    WHERE m.xid = this AND m.content AND p.subject = m.listing AND NOT EXISTS (
        SELECT FROM klappa.photo b
        WHERE b.subject = p.subject AND b.hash = p.hash
            AND (EXISTS (SELECT FROM klappa.location_public l WHERE l.id = b.subject)
                OR EXISTS (SELECT FROM klappa.company_public c WHERE c.id = b.subject)));
    INSERT INTO klappa.photo_public (hash, subject)
    SELECT b.hash, b.subject
    FROM klappa.listing_mark m
    JOIN klappa.photo b ON b.subject = m.listing
    WHERE m.xid = this AND m.content
        AND (EXISTS (SELECT FROM klappa.location_public l WHERE l.id = b.subject)
            OR EXISTS (SELECT FROM klappa.company_public c WHERE c.id = b.subject))
    ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION klappa.project_photos(xid8) IS
    'Projects which pictures of what a transaction marked anyone may fetch; listings must have been projected before.';

CREATE FUNCTION klappa.project_marked_listings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    first_day date := (SELECT w.first_day FROM klappa.crew_window w FOR SHARE);
    before text[];
BEGIN
    -- The lock of the stream of changes, which this transaction takes anyway: words are then kept by one at a time.
    PERFORM pg_advisory_xact_lock(7001);
    -- One after the other: who waits here then reads, with a new snapshot, what the other one wrote.
    PERFORM FROM klappa.company c
    WHERE c.id IN (SELECT m.listing FROM klappa.listing_mark m WHERE m.xid = new.xid)
    ORDER BY c.id FOR NO KEY UPDATE;
    PERFORM FROM klappa.location l
    WHERE l.id IN (SELECT m.listing FROM klappa.listing_mark m WHERE m.xid = new.xid)
    ORDER BY l.id FOR NO KEY UPDATE;
    PERFORM klappa.project_location_days(new.xid, first_day);
    IF EXISTS (SELECT FROM klappa.listing_mark m WHERE m.xid = new.xid AND m.content) THEN
        before := array(SELECT w.kind || ' ' || w.word FROM klappa.listing_words(new.xid) w);
        PERFORM klappa.project_locations(new.xid);
        PERFORM klappa.project_companies(new.xid);
        PERFORM klappa.project_photos(new.xid);
        INSERT INTO klappa.listing_word (kind, word)
        SELECT w.kind, w.word FROM klappa.listing_words(new.xid) w ON CONFLICT DO NOTHING;
        DELETE FROM klappa.listing_word w
        USING (
            SELECT split_part(b, ' ', 1) AS kind, split_part(b, ' ', 2) AS word FROM unnest(before) AS b
            EXCEPT
            SELECT n.kind, n.word FROM klappa.listing_words(new.xid) n) AS gone
        WHERE w.kind = gone.kind AND w.word = gone.word AND NOT CASE w.kind
            WHEN 'location' THEN EXISTS (
                SELECT FROM klappa.location_public c WHERE c.names @@ quote_literal(w.word)::tsquery)
            ELSE EXISTS (
                SELECT FROM klappa.company_public c WHERE c.names @@ quote_literal(w.word)::tsquery) END;
    END IF;
    DELETE FROM klappa.listing_mark m WHERE m.xid = new.xid;
    DELETE FROM klappa.listing_commit c WHERE c.xid = new.xid;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.project_marked_listings() IS
    'Projects the companies and locations that the transaction marked, at its commit.';

CREATE CONSTRAINT TRIGGER listing_commit_project AFTER INSERT ON klappa.listing_commit
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION klappa.project_marked_listings();

SELECT klappa.projects_listings('klappa.location', 'SELECT id AS listing FROM touched', true),
    klappa.projects_listings('klappa.location_kind', 'SELECT location AS listing FROM touched', true),
    klappa.projects_listings('klappa.location_fact', 'SELECT location AS listing FROM touched', true),
    klappa.projects_listings('klappa.location_production', 'SELECT location AS listing FROM touched', true),
    klappa.projects_listings('klappa.company', 'SELECT id AS listing FROM touched', true),
    klappa.projects_listings('klappa.company_service', 'SELECT company AS listing FROM touched', true),
    klappa.projects_listings('klappa.photo', 'SELECT subject AS listing FROM touched', true);
-- What all subjects share: people have projections of their own.
SELECT klappa.projects_listings(base::regclass,
    'SELECT t.subject AS listing FROM touched t JOIN klappa.subject s ON s.id = t.subject AND s.kind <> ''person''',
    base IN ('klappa.contact_field', 'klappa.link'))
FROM unnest(ARRAY['klappa.contact_field', 'klappa.link', 'klappa.calendar', 'klappa.block', 'klappa.hold',
    'klappa.booking']) AS base;

-- What records copy from elsewhere: the region's contact, a municipality's name, a production's title, a company's name.
CREATE TRIGGER region_mark_listing_update AFTER UPDATE ON klappa.region REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_listings(
    'SELECT l.id AS listing FROM touched r JOIN klappa.location l ON l.region = r.no
     UNION ALL SELECT c.id FROM touched r JOIN klappa.company c ON c.region = r.no', true);
CREATE TRIGGER municipality_mark_listing_update AFTER UPDATE ON klappa.municipality REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_listings(
    'SELECT l.id AS listing FROM touched t JOIN klappa.location l ON l.municipality = t.code
     UNION ALL SELECT c.id FROM touched t JOIN klappa.company c ON c.municipality = t.code', true);
CREATE TRIGGER production_mark_listing_update AFTER UPDATE ON klappa.production REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_listings(
    'SELECT p.location AS listing FROM touched n JOIN klappa.location_production p ON p.production = n.id', true);
CREATE TRIGGER company_mark_location_update AFTER UPDATE ON klappa.company REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_listings(
    'SELECT l.id AS listing FROM touched c JOIN klappa.location l ON l.company = c.id', true);

CREATE OR REPLACE FUNCTION klappa.move_crew_window(first_day date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    UPDATE klappa.crew_window w SET first_day = move_crew_window.first_day
    WHERE w.first_day <> move_crew_window.first_day;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO klappa.crew_mark AS m (person, listing)
    SELECT c.id, false FROM klappa.crew_public c ON CONFLICT DO NOTHING;
    INSERT INTO klappa.crew_commit DEFAULT VALUES ON CONFLICT DO NOTHING;
    INSERT INTO klappa.listing_mark AS m (listing, content)
    SELECT l.id, false FROM klappa.location_public l ON CONFLICT DO NOTHING;
    INSERT INTO klappa.listing_commit DEFAULT VALUES ON CONFLICT DO NOTHING;
    RETURN true;
END
$$;

CREATE FUNCTION klappa.erase_listing(subject uuid) RETURNS boolean
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
COMMENT ON FUNCTION klappa.erase_listing(uuid) IS
    'Empties a location or company, and what the log remembers of it. The empty row stays, so that counts do; false when it is neither.';
GRANT EXECUTE ON FUNCTION klappa.erase_listing(uuid) TO klappa_worker;

RESET ROLE;
