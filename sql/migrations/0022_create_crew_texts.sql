-- Creates what writes a person's public JSON texts and search words from the base tables.
-- The text is made once per change, so that an answer is copied instead of built.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE FUNCTION klappa.words(text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(array_agg(DISTINCT w), '{}')
    FROM regexp_split_to_table(klappa.fold(coalesce($1, '')), '[^[:alnum:]]+') AS w
    WHERE w <> '' AND length(w) <= 100
$$;
COMMENT ON FUNCTION klappa.words(text) IS 'The folded words of a text, each once: runs of letters and digits.';

CREATE VIEW klappa.person_text AS
SELECT p.id,
    (SELECT row_to_json(item) FROM (
        SELECT p.id, p.slug, p.name, h.code AS "homeRegion",
            array_to_json(array(
                SELECT r.code FROM klappa.person_local_region l JOIN klappa.region r ON r.no = l.region
                WHERE l.person = p.id AND l.region <> p.home_region ORDER BY r.sort_order)) AS "localRegions",
            p.municipality,
            array_to_json(array(
                SELECT row_to_json(x) FROM (
                    SELECT r.code, o.grade, o."primary"
                    FROM klappa.person_role o JOIN klappa.role r ON r.no = o.role
                    WHERE o.person = p.id ORDER BY o."primary" DESC, r.sort_order, r.no) AS x)) AS roles,
            array_to_json(array(
                SELECT row_to_json(x) FROM (
                    SELECT l.code, o.proficiency
                    FROM klappa.person_language o JOIN klappa.language l ON l.code = o.language
                    WHERE o.person = p.id ORDER BY l.sort_order, l.code) AS x)) AS languages,
            array_to_json(array(
                SELECT row_to_json(x) FROM (
                    SELECT c.code, o.expires
                    FROM klappa.person_certificate o JOIN klappa.certificate c ON c.code = o.certificate
                    WHERE o.person = p.id ORDER BY c.sort_order, c.code) AS x)) AS certificates,
            (SELECT row_to_json(x) FROM (SELECT p.headline_sv AS sv, p.headline_en AS en) AS x) AS headline,
            (SELECT row_to_json(x) FROM (
                SELECT array_to_json(f.fields) AS fields,
                    CASE WHEN cardinality(f.fields) = 0 THEN (SELECT row_to_json(v) FROM (
                        SELECT h.code AS region, coalesce(b.name, h.body_sv) AS name,
                            coalesce(h.contact_url, b.url) AS url, h.contact_email AS email, h.contact_phone AS phone,
                            h.liaison,
                            (SELECT row_to_json(a) FROM (SELECT h.contact_sv AS sv, h.contact_en AS en) AS a) AS address
                    ) AS v) END AS via
                FROM (SELECT array(
                    SELECT row_to_json(y) FROM (
                        SELECT c.kind, c.value FROM klappa.contact_field c
                        WHERE c.subject = p.id AND c.visibility = 'anyone'
                        ORDER BY c.sort_order, c.kind, c.value) AS y) AS fields) AS f) AS x) AS contact,
            p.renewed_on AS "renewedOn", p.invented, p.version) AS item)::text AS item,
    (SELECT row_to_json(details) FROM (
        SELECT p.credited_name AS "creditedName", p.trading_name AS "tradingName",
            (SELECT row_to_json(x) FROM (SELECT p.biography_sv AS sv, p.biography_en AS en) AS x) AS biography,
            p.travel_radius AS "travelRadius",
            array_to_json(array(
                SELECT row_to_json(x) FROM (
                    SELECT l.kind, l.url, l.title FROM klappa.link l
                    WHERE l.subject = p.id ORDER BY l.sort_order, l.kind, l.url) AS x)) AS links,
            array_to_json(array(
                SELECT row_to_json(x) FROM (
                    SELECT n.slug AS production, n.title, n.year, r.code AS role, c.credited_as AS "creditedAs",
                        c.started_on AS "from", c.ended_on AS "to"
                    FROM klappa.credit c
                    JOIN klappa.production n ON n.id = c.production AND n.public
                    JOIN klappa.role r ON r.no = c.role
                    WHERE c.person = p.id AND c.struck_at IS NULL
                    ORDER BY coalesce(extract(year FROM c.ended_on), n.year) DESC NULLS LAST, n.title, r.sort_order
                ) AS x)) AS credits) AS details)::text AS details
FROM klappa.person p
JOIN klappa.region h ON h.no = p.home_region
LEFT JOIN klappa.film_body b ON b.code = h.contact_body;
COMMENT ON VIEW klappa.person_text IS
    'Bookkeeping: how the public JSON texts of a person are written, published or not; compact, members in the order of the API. Nobody is granted it.';
COMMENT ON COLUMN klappa.person_text.item IS
    'An item of a list. Contact is the fields shown to anyone, and when there is none the film body of the region [RC-02].';
COMMENT ON COLUMN klappa.person_text.details IS
    'What the record has besides; struck credits and productions that are not public are left out.';

CREATE TABLE klappa.point_distance (
    point text NOT NULL,
    region smallint NOT NULL,
    metres double precision NOT NULL,
    CONSTRAINT point_distance_pkey PRIMARY KEY (point, region)
);
COMMENT ON TABLE klappa.point_distance IS
    'Bookkeeping: distances from rounded points to regions. Such points are few and an outline is long, so each pair is measured once.';

RESET ROLE;
