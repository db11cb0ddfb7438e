-- Creates the projections of companies and locations that searches read, and the texts that answers are copied from.
-- They hold nothing but what their audience may see: anyone, or (…_approved) searchers who have been approved.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.location_public (
    id uuid NOT NULL,
    no integer NOT NULL,
    name text COLLATE "sv-x-icu" NOT NULL,
    renewed_on date NOT NULL,
    region smallint NOT NULL,
    municipality smallint NOT NULL,
    types text[] NOT NULL,
    looks text[] NOT NULL,
    tags text[] NOT NULL,
    numbers jsonb NOT NULL,
    point geography(Point, 4326) NOT NULL,
    spot geometry(Point, 4326) GENERATED ALWAYS AS (point::geometry) STORED NOT NULL,
    names tsvector NOT NULL,
    about tsvector NOT NULL,
    CONSTRAINT location_public_pkey PRIMARY KEY (id),
    CONSTRAINT location_public_no_unique UNIQUE (no)
);
CREATE INDEX location_public_rank ON klappa.location_public (renewed_on DESC, name, id);
CREATE INDEX location_public_point ON klappa.location_public USING gist (point);
CREATE INDEX location_public_spot ON klappa.location_public USING gist (spot);
CREATE INDEX location_public_region ON klappa.location_public (region);
CREATE INDEX location_public_municipality ON klappa.location_public (municipality);
CREATE INDEX location_public_types ON klappa.location_public USING gin (types);
CREATE INDEX location_public_looks ON klappa.location_public USING gin (looks);
CREATE INDEX location_public_tags ON klappa.location_public USING gin (tags);
CREATE INDEX location_public_names ON klappa.location_public USING gin (names);
CREATE INDEX location_public_about ON klappa.location_public USING gin (about);
COMMENT ON TABLE klappa.location_public IS 'Projection: what anyone may filter published locations by.';
COMMENT ON COLUMN klappa.location_public.types IS 'Codes of its types and of the groups above them.';
COMMENT ON COLUMN klappa.location_public.looks IS 'Values of period_look that it can play.';
COMMENT ON COLUMN klappa.location_public.tags IS
    'Facts as words: wifi (holds), wifi-no, power_phases (stated), power_phases-3, floor_area_m2 (stated).';
COMMENT ON COLUMN klappa.location_public.numbers IS 'Facts that are numbers, by feature.';
COMMENT ON COLUMN klappa.location_public.point IS 'Exact only where the owner lets anyone see it.';
COMMENT ON COLUMN klappa.location_public.names IS
    'Folded words of name and alias, municipality, region and public productions, without positions.';
COMMENT ON COLUMN klappa.location_public.about IS 'Folded, then stemmed words of headlines and descriptions.';

CREATE TABLE klappa.location_doc (
    id uuid NOT NULL,
    body text NOT NULL,
    CONSTRAINT location_doc_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE klappa.location_doc IS 'Projection: a published location as an item of a list, the JSON text as it is sent.';

CREATE TABLE klappa.location_record (
    id uuid NOT NULL,
    no integer NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    CONSTRAINT location_record_pkey PRIMARY KEY (id),
    CONSTRAINT location_record_no_unique UNIQUE (no)
);
COMMENT ON TABLE klappa.location_record IS 'Projection: a published location in full, the JSON text as it is sent.';

CREATE TABLE klappa.location_day (
    id uuid NOT NULL,
    free bit(1096) NOT NULL,
    held bit(1096) NOT NULL,
    busy bit(1096) NOT NULL,
    CONSTRAINT location_day_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE klappa.location_day IS
    'Projection: days of published locations that are shown to anyone; no day has two bits, a day without any is unknown.';

CREATE TABLE klappa.location_day_approved (LIKE klappa.location_day);
ALTER TABLE klappa.location_day_approved ADD CONSTRAINT location_day_approved_pkey PRIMARY KEY (id);
COMMENT ON TABLE klappa.location_day_approved IS 'Projection: as location_day, for approved searchers.';

CREATE TABLE klappa.company_public (
    id uuid NOT NULL,
    name text COLLATE "sv-x-icu" NOT NULL,
    renewed_on date NOT NULL,
    region smallint NOT NULL,
    municipality smallint NOT NULL,
    categories text[] NOT NULL,
    names tsvector NOT NULL,
    about tsvector NOT NULL,
    CONSTRAINT company_public_pkey PRIMARY KEY (id)
);
CREATE INDEX company_public_rank ON klappa.company_public (renewed_on DESC, name, id);
CREATE INDEX company_public_region ON klappa.company_public (region);
CREATE INDEX company_public_municipality ON klappa.company_public (municipality);
CREATE INDEX company_public_categories ON klappa.company_public USING gin (categories);
CREATE INDEX company_public_names ON klappa.company_public USING gin (names);
CREATE INDEX company_public_about ON klappa.company_public USING gin (about);
COMMENT ON TABLE klappa.company_public IS 'Projection: what anyone may filter published companies by.';
COMMENT ON COLUMN klappa.company_public.names IS 'Folded words of name and alias, municipality and region, without positions.';
COMMENT ON COLUMN klappa.company_public.about IS 'Folded, then stemmed words of headlines and descriptions.';

CREATE TABLE klappa.company_doc (LIKE klappa.location_doc);
ALTER TABLE klappa.company_doc ADD CONSTRAINT company_doc_pkey PRIMARY KEY (id);
COMMENT ON TABLE klappa.company_doc IS 'Projection: a published company as an item of a list, the JSON text as it is sent.';

CREATE TABLE klappa.company_record (
    id uuid NOT NULL,
    slug text NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    CONSTRAINT company_record_pkey PRIMARY KEY (id),
    CONSTRAINT company_record_slug_unique UNIQUE (slug)
);
COMMENT ON TABLE klappa.company_record IS 'Projection: a published company in full, the JSON text as it is sent.';

CREATE TABLE klappa.photo_public (
    hash text NOT NULL,
    subject uuid NOT NULL,
    CONSTRAINT photo_public_pkey PRIMARY KEY (hash, subject)
);
CREATE INDEX photo_public_subject ON klappa.photo_public (subject);
COMMENT ON TABLE klappa.photo_public IS 'Projection: which pictures anyone may fetch: those of published companies and locations.';

CREATE TABLE klappa.listing_word (
    kind text NOT NULL,
    word text NOT NULL,
    CONSTRAINT listing_word_pkey PRIMARY KEY (kind, word)
);
COMMENT ON TABLE klappa.listing_word IS
    'Projection: the words of location_public.names and company_public.names, to find what a mistyped word may have meant.';

-- The planner keeps no samples of words where erased ones would live on.
ALTER TABLE klappa.location_public
    ALTER COLUMN name SET STATISTICS 0, ALTER COLUMN names SET STATISTICS 0, ALTER COLUMN about SET STATISTICS 0;
ALTER TABLE klappa.location_doc ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE klappa.location_record ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE klappa.company_public
    ALTER COLUMN name SET STATISTICS 0, ALTER COLUMN names SET STATISTICS 0, ALTER COLUMN about SET STATISTICS 0;
ALTER TABLE klappa.company_doc ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE klappa.company_record ALTER COLUMN slug SET STATISTICS 0, ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE klappa.listing_word ALTER COLUMN word SET STATISTICS 0;
ALTER TABLE klappa.location_day
    ALTER COLUMN free SET STATISTICS 0, ALTER COLUMN held SET STATISTICS 0, ALTER COLUMN busy SET STATISTICS 0;
ALTER TABLE klappa.location_day_approved
    ALTER COLUMN free SET STATISTICS 0, ALTER COLUMN held SET STATISTICS 0, ALTER COLUMN busy SET STATISTICS 0;

SELECT klappa.protect('klappa.location_day_approved');
CREATE POLICY location_day_approved_searcher ON klappa.location_day_approved FOR SELECT TO klappa_member
USING ((SELECT klappa.is_searcher()));

CREATE FUNCTION klappa.contact_text(subject uuid, region smallint) RETURNS json
LANGUAGE sql STABLE
SET search_path = klappa, pg_temp
AS $$
    SELECT (SELECT row_to_json(x) FROM (
        SELECT array_to_json(f.fields) AS fields,
            CASE WHEN cardinality(f.fields) = 0 THEN (SELECT row_to_json(v) FROM (
                SELECT h.code AS region, coalesce(b.name, h.body_sv) AS name, coalesce(h.contact_url, b.url) AS url,
                    h.contact_email AS email, h.contact_phone AS phone, h.liaison,
                    (SELECT row_to_json(a) FROM (SELECT h.contact_sv AS sv, h.contact_en AS en) AS a) AS address
            ) AS v) END AS via
        FROM (SELECT array(
            SELECT row_to_json(y) FROM (
                SELECT c.kind, c.value FROM klappa.contact_field c
                WHERE c.subject = contact_text.subject AND c.visibility = 'anyone'
                ORDER BY c.sort_order, c.kind, c.value) AS y) AS fields) AS f) AS x)
    FROM klappa.region h
    LEFT JOIN klappa.film_body b ON b.code = h.contact_body
    WHERE h.no = contact_text.region
$$;
COMMENT ON FUNCTION klappa.contact_text(uuid, smallint) IS
    'How anyone reaches a subject: the fields shown to anyone, and when there is none the film body of the region [RC-02].';

CREATE FUNCTION klappa.photo_texts(subject uuid) RETURNS json[]
LANGUAGE sql STABLE
SET search_path = klappa, pg_temp
AS $$
    SELECT array(
        SELECT row_to_json(x) FROM (
            SELECT p.hash, p.width, p.height,
                (SELECT row_to_json(t) FROM (SELECT p.caption_sv AS sv, p.caption_en AS en) AS t) AS caption,
                (SELECT row_to_json(t) FROM (SELECT p.alternative_sv AS sv, p.alternative_en AS en) AS t) AS alternative
            FROM klappa.photo p
            WHERE p.subject = photo_texts.subject ORDER BY p.sort_order, p.id) AS x)
$$;
COMMENT ON FUNCTION klappa.photo_texts(uuid) IS 'The photographs of a subject as JSON, in their order.';

CREATE VIEW klappa.location_text AS
SELECT l.id,
    (SELECT row_to_json(item) FROM (
        SELECT l.id, l.no AS number, l.name, l.alias, h.code AS region, l.municipality,
            array_to_json(array(
                SELECT k.type FROM klappa.location_kind k JOIN klappa.location_type t ON t.code = k.type
                WHERE k.location = l.id ORDER BY k."primary" DESC, t.sort_order, t.code)) AS types,
            array_to_json(array(
                SELECT f.choice FROM klappa.location_fact f
                JOIN klappa.location_feature_value v ON v.feature = f.feature AND v.code = f.choice
                WHERE f.location = l.id AND f.feature = 'period_look' ORDER BY v.sort_order, v.code)) AS looks,
            array_to_json(array(
                SELECT row_to_json(x) FROM (
                    SELECT f.feature AS code, bool_or(f.yes) AS yes, max(trim_scale(f.number)) AS number,
                        coalesce(array_to_json(array_agg(f.choice ORDER BY v.sort_order, v.code)
                            FILTER (WHERE f.choice IS NOT NULL)), '[]'::json) AS values
                    FROM klappa.location_fact f
                    JOIN klappa.location_feature o ON o.code = f.feature
                    LEFT JOIN klappa.location_feature_value v ON v.feature = f.feature AND v.code = f.choice
                    WHERE f.location = l.id AND f.feature NOT IN ('period_look', 'contact_consent')
                    GROUP BY f.feature, o.sort_order ORDER BY o.sort_order, f.feature) AS x)) AS features,
            (SELECT row_to_json(x) FROM (SELECT l.headline_sv AS sv, l.headline_en AS en) AS x) AS headline,
            (SELECT row_to_json(x) FROM (
                SELECT round(public.ST_Y(l.public_point::public.geometry)::numeric, 5) AS lat,
                    round(public.ST_X(l.public_point::public.geometry)::numeric, 5) AS lon,
                    l.place_released AND l.exact_point IS NOT NULL AS exact) AS x) AS point,
            (klappa.photo_texts(l.id))[1] AS photo,
            klappa.contact_text(l.id, l.region) AS contact,
            l.renewed_on AS "renewedOn", l.invented, l.version) AS item)::text AS item,
    (SELECT row_to_json(details) FROM (
        SELECT (SELECT row_to_json(x) FROM (SELECT l.description_sv AS sv, l.description_en AS en) AS x) AS description,
            CASE WHEN l.place_released THEN l.address END AS address,
            (SELECT row_to_json(x) FROM (
                SELECT c.slug, c.name FROM klappa.company c WHERE c.id = l.company AND c.state = 'published') AS x) AS company,
            array_to_json(klappa.photo_texts(l.id)) AS photos,
            array_to_json(array(
                SELECT row_to_json(x) FROM (
                    SELECT k.kind, k.url, k.title FROM klappa.link k
                    WHERE k.subject = l.id ORDER BY k.sort_order, k.kind, k.url) AS x)) AS links,
            array_to_json(array(
                SELECT row_to_json(x) FROM (
                    SELECT n.slug AS production, n.title, n.year, n.production_type AS type,
                        p.started_on AS "from", p.ended_on AS "to"
                    FROM klappa.location_production p
                    JOIN klappa.production n ON n.id = p.production AND n.public
                    WHERE p.location = l.id
                    ORDER BY coalesce(extract(year FROM p.ended_on), n.year) DESC NULLS LAST, n.title, n.slug) AS x))
                AS productions) AS details)::text AS details
FROM klappa.location l
JOIN klappa.region h ON h.no = l.region;
COMMENT ON VIEW klappa.location_text IS
    'Bookkeeping: how the public JSON texts of a location are written, published or not; members in the order of the API. Nobody is granted it.';

CREATE VIEW klappa.company_text AS
SELECT c.id,
    (SELECT row_to_json(item) FROM (
        SELECT c.id, c.slug, c.name, c.alias, h.code AS region, c.municipality,
            array_to_json(array(
                SELECT s.category FROM klappa.company_service s JOIN klappa.company_category g ON g.code = s.category
                WHERE s.company = c.id ORDER BY s."primary" DESC, g.sort_order, g.code)) AS categories,
            (SELECT row_to_json(x) FROM (SELECT c.headline_sv AS sv, c.headline_en AS en) AS x) AS headline,
            (klappa.photo_texts(c.id))[1] AS photo,
            klappa.contact_text(c.id, c.region) AS contact,
            c.renewed_on AS "renewedOn", c.invented, c.version) AS item)::text AS item,
    (SELECT row_to_json(details) FROM (
        SELECT (SELECT row_to_json(x) FROM (SELECT c.description_sv AS sv, c.description_en AS en) AS x) AS description,
            array_to_json(klappa.photo_texts(c.id)) AS photos,
            array_to_json(array(
                SELECT row_to_json(x) FROM (
                    SELECT k.kind, k.url, k.title FROM klappa.link k
                    WHERE k.subject = c.id ORDER BY k.sort_order, k.kind, k.url) AS x)) AS links) AS details)::text AS details
FROM klappa.company c
JOIN klappa.region h ON h.no = c.region;
COMMENT ON VIEW klappa.company_text IS
    'Bookkeeping: how the public JSON texts of a company are written, published or not; members in the order of the API. Nobody is granted it.';

GRANT SELECT ON klappa.location_public, klappa.location_doc, klappa.location_record, klappa.location_day,
    klappa.company_public, klappa.company_doc, klappa.company_record, klappa.photo_public, klappa.listing_word
TO klappa_public, klappa_member, klappa_worker;
GRANT SELECT ON klappa.location_day_approved TO klappa_member, klappa_worker;

RESET ROLE;
