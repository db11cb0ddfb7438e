-- Keeps the projections of crew equal to the base tables, in the transaction that changes these.
-- Statements mark whom they touched; at commit everybody marked is projected once, set by set, be it one or a million.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.crew_mark (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    person uuid NOT NULL,
    listing boolean NOT NULL,
    CONSTRAINT crew_mark_pkey PRIMARY KEY (xid, person)
);
COMMENT ON TABLE klappa.crew_mark IS
    'Bookkeeping: who must be projected before their transaction commits. Nobody ever sees a row of another transaction.';
COMMENT ON COLUMN klappa.crew_mark.listing IS 'Whether more than the calendar changed.';

CREATE TABLE klappa.crew_commit (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT crew_commit_pkey PRIMARY KEY (xid)
);
COMMENT ON TABLE klappa.crew_commit IS 'Bookkeeping: transactions with marks; a row fires the projection once, at commit.';

CREATE TABLE klappa.crew_dirty (
    stamp bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    no integer NOT NULL,
    CONSTRAINT crew_dirty_pkey PRIMARY KEY (stamp)
);
COMMENT ON TABLE klappa.crew_dirty IS
    'Projection: people whose bits in crew_bits and crew_day_bits may be out of date; counts take them from the rows instead.';

CREATE FUNCTION klappa.mark_crew() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    marked bigint;
BEGIN
    -- EXECUTE: tables name the person differently. Arguments: a query of persons over "touched", and what changed.
    EXECUTE format(
        'INSERT INTO klappa.crew_mark AS m (person, listing) SELECT DISTINCT t.person, %L::boolean FROM (%s) AS t
         WHERE t.person IS NOT NULL
         ON CONFLICT (xid, person) DO UPDATE SET listing = true WHERE excluded.listing AND NOT m.listing',
        TG_ARGV[1], TG_ARGV[0]);
    GET DIAGNOSTICS marked = ROW_COUNT;
    IF marked > 0 THEN
        INSERT INTO klappa.crew_commit DEFAULT VALUES ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.mark_crew() IS 'Marks the persons whom a statement touched.';

CREATE FUNCTION klappa.projects_crew(base regclass, persons text, listing boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    name text := (SELECT relname FROM pg_class WHERE oid = base);
BEGIN
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %s REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_crew(%L, %L)',
        name || '_mark_insert', base, persons, listing);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %s REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_crew(%L, %L)',
        name || '_mark_update', base, persons, listing);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %s REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_crew(%L, %L)',
        name || '_mark_delete', base, persons, listing);
END
$$;
COMMENT ON FUNCTION klappa.projects_crew(regclass, text, boolean) IS
    'For migrations: makes changes of a table reach the projections of the persons that the query over "touched" gives.';

CREATE FUNCTION klappa.project_crew_days(this xid8, first_day date) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.crew_day d USING klappa.crew_mark m
    WHERE m.xid = this AND d.id = m.person AND NOT EXISTS (
        SELECT FROM klappa.person p
        WHERE p.id = m.person AND p.state = 'published' AND p.availability_visibility = 'anyone');
    DELETE FROM klappa.crew_day_approved d USING klappa.crew_mark m
    WHERE m.xid = this AND d.id = m.person AND NOT EXISTS (
        SELECT FROM klappa.person p
        WHERE p.id = m.person AND p.state = 'published' AND p.availability_visibility IN ('anyone', 'approved'));
    INSERT INTO klappa.crew_day_approved AS d (id, free, held, busy)
    SELECT p.id, known.bits & ~ held.bits & ~ busy.bits, held.bits & ~ busy.bits, busy.bits
    FROM klappa.crew_mark m
    JOIN klappa.person p ON p.id = m.person
    CROSS JOIN LATERAL (
        SELECT coalesce(bit_or(klappa.day_bits(x.days, first_day)), B'0'::bit(1096)) AS bits
        FROM (
            SELECT b.days FROM klappa.block b WHERE b.subject = p.id
            UNION ALL
            SELECT b.days FROM klappa.booking b WHERE b.subject = p.id AND b.state = 'confirmed') AS x) AS busy
    CROSS JOIN LATERAL (
        SELECT coalesce(bit_or(klappa.day_bits(h.days, first_day)), B'0'::bit(1096)) AS bits
        FROM klappa.hold h WHERE h.subject = p.id AND h.active) AS held
    CROSS JOIN LATERAL (
        SELECT coalesce(bit_or(klappa.day_bits(datemultirange(daterange(c.known_from, c.known_to, '[]')), first_day)),
            B'0'::bit(1096)) AS bits
        FROM klappa.calendar c WHERE c.subject = p.id AND c.known_from IS NOT NULL) AS known
    WHERE m.xid = this AND p.state = 'published' AND p.availability_visibility IN ('anyone', 'approved')
    ON CONFLICT (id) DO UPDATE SET free = excluded.free, held = excluded.held, busy = excluded.busy;
    INSERT INTO klappa.crew_day AS d (id, free, held, busy)
    SELECT a.id, a.free, a.held, a.busy
    FROM klappa.crew_mark m
    JOIN klappa.person p ON p.id = m.person
    JOIN klappa.crew_day_approved a ON a.id = m.person
    WHERE m.xid = this AND p.availability_visibility = 'anyone'
    ON CONFLICT (id) DO UPDATE SET free = excluded.free, held = excluded.held, busy = excluded.busy;
END
$$;
COMMENT ON FUNCTION klappa.project_crew_days(xid8, date) IS 'Projects the days of everybody marked by a transaction.';

CREATE FUNCTION klappa.project_crew_listings(this xid8) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.crew_public c USING klappa.crew_mark m
    WHERE m.xid = this AND m.listing AND c.id = m.person AND NOT EXISTS (
        SELECT FROM klappa.person p WHERE p.id = m.person AND p.state = 'published');
    DELETE FROM klappa.crew_doc c USING klappa.crew_mark m
    WHERE m.xid = this AND m.listing AND c.id = m.person AND NOT EXISTS (
        SELECT FROM klappa.person p WHERE p.id = m.person AND p.state = 'published');
    DELETE FROM klappa.crew_record c USING klappa.crew_mark m
    WHERE m.xid = this AND m.listing AND c.id = m.person AND NOT EXISTS (
        SELECT FROM klappa.person p WHERE p.id = m.person AND p.state = 'published');

    INSERT INTO klappa.point_distance (point, region, metres)
    SELECT n.point, r.no, public.ST_Distance(n.point::geography, coalesce(r.outline, r.box::geography))
    FROM (
        SELECT DISTINCT public.ST_AsText(p.public_point) AS point
        FROM klappa.crew_mark m
        JOIN klappa.person p ON p.id = m.person
        WHERE m.xid = this AND m.listing AND p.public_point IS NOT NULL AND p.travel_radius IS NOT NULL) AS n
    CROSS JOIN klappa.region r
    WHERE NOT EXISTS (SELECT FROM klappa.point_distance d WHERE d.point = n.point AND d.region = r.no)
    ORDER BY n.point, r.no
    ON CONFLICT DO NOTHING;

    INSERT INTO klappa.crew_public AS c (id, no, name, renewed_on, home_region, regions, travel, municipality, languages,
        certificates, point, names, about)
    SELECT p.id, p.no, p.name, p.renewed_on, p.home_region, x.regions,
        x.regions | coalesce((
            SELECT bit_or(1 << d.region) FROM klappa.point_distance d
            WHERE d.point = public.ST_AsText(p.public_point) AND d.metres <= p.travel_radius * 1000.0), 0),
        t.no,
        array(SELECT l.language FROM klappa.person_language l WHERE l.person = p.id ORDER BY l.language),
        array(SELECT o.certificate FROM klappa.person_certificate o WHERE o.person = p.id ORDER BY o.certificate),
        p.public_point,
        array_to_tsvector(klappa.words(concat_ws(' ', p.name, p.credited_name, p.trading_name, t.name, h.name))),
        to_tsvector('pg_catalog.swedish', klappa.fold(coalesce(p.headline_sv, '')))
            || to_tsvector('pg_catalog.english', klappa.fold(coalesce(p.headline_en, '')))
    FROM klappa.crew_mark m
    JOIN klappa.person p ON p.id = m.person
    JOIN klappa.region h ON h.no = p.home_region
    LEFT JOIN klappa.municipality t ON t.code = p.municipality
    CROSS JOIN LATERAL (
        SELECT (1 << p.home_region) | coalesce(bit_or(1 << l.region), 0) AS regions
        FROM klappa.person_local_region l WHERE l.person = p.id) AS x
    WHERE m.xid = this AND m.listing AND p.state = 'published'
    ON CONFLICT (id) DO UPDATE SET no = excluded.no, name = excluded.name, renewed_on = excluded.renewed_on,
        home_region = excluded.home_region, regions = excluded.regions, travel = excluded.travel,
        municipality = excluded.municipality, languages = excluded.languages, certificates = excluded.certificates,
        point = excluded.point, names = excluded.names, about = excluded.about;

    -- The sweeper of words waits for everybody who may rely on a word that is there.
    PERFORM pg_advisory_xact_lock_shared(7003);
    INSERT INTO klappa.crew_word (word)
    SELECT DISTINCT w.word
    FROM klappa.crew_mark m
    JOIN klappa.crew_public c ON c.id = m.person
    CROSS JOIN LATERAL unnest(tsvector_to_array(c.names)) AS w (word)
    WHERE m.xid = this AND m.listing AND NOT EXISTS (SELECT FROM klappa.crew_word k WHERE k.word = w.word);

    INSERT INTO klappa.crew_doc AS d (id, body)
    SELECT t.id, t.item
    FROM klappa.crew_mark m
    JOIN klappa.crew_public c ON c.id = m.person
    JOIN klappa.person_text t ON t.id = m.person
    WHERE m.xid = this AND m.listing
    ON CONFLICT (id) DO UPDATE SET body = excluded.body;

    INSERT INTO klappa.crew_record AS r (id, slug, version, body)
    SELECT p.id, p.slug, p.version, left(d.body, -1) || ',' || substr(t.details, 2)
    FROM klappa.crew_mark m
    JOIN klappa.crew_doc d ON d.id = m.person
    JOIN klappa.person p ON p.id = m.person
    JOIN klappa.person_text t ON t.id = m.person
    WHERE m.xid = this AND m.listing
    ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, version = excluded.version, body = excluded.body;
END
$$;
COMMENT ON FUNCTION klappa.project_crew_listings(xid8) IS
    'Projects attributes, words and texts of everybody whose listing a transaction marked.';

CREATE FUNCTION klappa.project_crew_posts(this xid8) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.crew_post o USING klappa.crew_mark m WHERE m.xid = this AND m.listing AND o.id = m.person;
    DELETE FROM klappa.crew_post_approved o USING klappa.crew_mark m
    WHERE m.xid = this AND m.listing AND o.id = m.person;
    INSERT INTO klappa.crew_post (id, role, region, home, regions, travel, grades, renewed_on, name, free)
    SELECT c.id, h.role, r.no, r.no = c.home_region, c.regions, c.travel, h.grades, c.renewed_on, c.name, d.free
    FROM klappa.crew_mark m
    JOIN klappa.crew_public c ON c.id = m.person
    LEFT JOIN klappa.crew_day d ON d.id = c.id
    CROSS JOIN LATERAL (
        SELECT g.role, bit_or((1 << g.bit)::smallint) AS grades
        FROM (
            SELECT x.role, array_position('{trainee,assistant,professional,head_of_department}', o.grade) - 1 AS bit
            FROM klappa.person_role o
            CROSS JOIN LATERAL (VALUES (o.role), (0::smallint)) AS x (role)
            WHERE o.person = c.id) AS g
        GROUP BY g.role) AS h
    JOIN klappa.region r ON (1 << r.no) & c.regions <> 0
    WHERE m.xid = this AND m.listing;
    INSERT INTO klappa.crew_post_approved (id, role, region, home, regions, travel, grades, renewed_on, name, free)
    SELECT o.id, o.role, o.region, o.home, o.regions, o.travel, o.grades, o.renewed_on, o.name, d.free
    FROM klappa.crew_mark m
    JOIN klappa.crew_post o ON o.id = m.person
    LEFT JOIN klappa.crew_day_approved d ON d.id = o.id
    WHERE m.xid = this AND m.listing;
    -- Where the calendar alone changed the postings stay.
    UPDATE klappa.crew_post o SET free = d.free
    FROM klappa.crew_mark m
    LEFT JOIN klappa.crew_day d ON d.id = m.person
    WHERE m.xid = this AND NOT m.listing AND o.id = m.person AND o.free IS DISTINCT FROM d.free;
    UPDATE klappa.crew_post_approved o SET free = d.free
    FROM klappa.crew_mark m
    LEFT JOIN klappa.crew_day_approved d ON d.id = m.person
    WHERE m.xid = this AND NOT m.listing AND o.id = m.person AND o.free IS DISTINCT FROM d.free;
END
$$;
COMMENT ON FUNCTION klappa.project_crew_posts(xid8) IS
    'Projects the postings of everybody marked by a transaction; days and listings must have been projected before.';

CREATE FUNCTION klappa.project_marked_crew() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    first_day date := (SELECT w.first_day FROM klappa.crew_window w FOR SHARE);
BEGIN
    -- One after the other: who waits here then reads, with a new snapshot, what the other one wrote.
    PERFORM FROM klappa.person p
    WHERE p.id IN (SELECT m.person FROM klappa.crew_mark m WHERE m.xid = new.xid)
    ORDER BY p.id FOR NO KEY UPDATE;
    INSERT INTO klappa.crew_dirty (no)
    SELECT coalesce(p.no, c.no)
    FROM klappa.crew_mark m
    LEFT JOIN klappa.person p ON p.id = m.person
    LEFT JOIN klappa.crew_public c ON c.id = m.person
    WHERE m.xid = new.xid AND coalesce(p.no, c.no) IS NOT NULL AND (p.state = 'published' OR c.id IS NOT NULL);
    PERFORM klappa.project_crew_days(new.xid, first_day);
    IF EXISTS (SELECT FROM klappa.crew_mark m WHERE m.xid = new.xid AND m.listing) THEN
        PERFORM klappa.project_crew_listings(new.xid);
    END IF;
    PERFORM klappa.project_crew_posts(new.xid);
    DELETE FROM klappa.crew_mark m WHERE m.xid = new.xid;
    DELETE FROM klappa.crew_commit c WHERE c.xid = new.xid;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.project_marked_crew() IS 'Projects everybody marked by the transaction, at its commit.';

CREATE CONSTRAINT TRIGGER crew_commit_project AFTER INSERT ON klappa.crew_commit
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION klappa.project_marked_crew();

SELECT klappa.projects_crew('klappa.person', 'SELECT id AS person FROM touched', true),
    klappa.projects_crew('klappa.person_role', 'SELECT person FROM touched', true),
    klappa.projects_crew('klappa.person_local_region', 'SELECT person FROM touched', true),
    klappa.projects_crew('klappa.person_language', 'SELECT person FROM touched', true),
    klappa.projects_crew('klappa.person_certificate', 'SELECT person FROM touched', true),
    klappa.projects_crew('klappa.credit', 'SELECT person FROM touched', true),
    klappa.projects_crew('klappa.contact_field', 'SELECT subject AS person FROM touched', true),
    klappa.projects_crew('klappa.link', 'SELECT subject AS person FROM touched', true),
    klappa.projects_crew('klappa.calendar', 'SELECT subject AS person FROM touched', false),
    klappa.projects_crew('klappa.block', 'SELECT subject AS person FROM touched', false),
    klappa.projects_crew('klappa.hold', 'SELECT subject AS person FROM touched', false),
    klappa.projects_crew('klappa.booking', 'SELECT subject AS person FROM touched', false);

-- What records copy from elsewhere: the region's contact, a municipality's name, a production's title.
CREATE TRIGGER region_mark_update AFTER UPDATE ON klappa.region REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_crew(
    'SELECT p.id AS person FROM touched r JOIN klappa.person p ON p.home_region = r.no', true);
CREATE TRIGGER municipality_mark_update AFTER UPDATE ON klappa.municipality REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_crew(
    'SELECT p.id AS person FROM touched t JOIN klappa.person p ON p.municipality = t.code', true);
CREATE TRIGGER production_mark_update AFTER UPDATE ON klappa.production REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.mark_crew(
    'SELECT c.person FROM touched n JOIN klappa.credit c ON c.production = n.id', true);

CREATE FUNCTION klappa.move_crew_window(first_day date) RETURNS boolean
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
    RETURN true;
END
$$;
COMMENT ON FUNCTION klappa.move_crew_window(date) IS
    'The yearly job: lets the three years of days begin elsewhere and projects all calendars anew; false when they begin there already.';

GRANT SELECT ON klappa.crew_dirty TO klappa_public, klappa_member, klappa_worker;
GRANT DELETE ON klappa.crew_dirty TO klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.move_crew_window(date) TO klappa_worker;

RESET ROLE;
