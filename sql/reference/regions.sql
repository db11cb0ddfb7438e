-- Loads the six regions from regions.csv ($1: its rows as an array of objects) with the film bodies that serve them.
-- The first film body named is the one through which people without public contact fields are reached.
WITH source AS (
    SELECT r.code::smallint AS no, r.slug, r.code, r.county_letter, r.nuts3, r.iso_3166_2, r.short_name, r.name_sv,
        r.name_en, r.region_body, r.region_body_en, r.region_body_seat,
        ST_Point(r.lon, r.lat, 4326)::geography AS centre,
        ST_MakeEnvelope(r.bbox_west, r.bbox_south, r.bbox_east, r.bbox_north, 4326) AS box,
        string_to_array(r.film_bodies, ';') AS film_bodies,
        10 * row_number() OVER (ORDER BY r.name_sv COLLATE "sv-x-icu") AS sort_order
    FROM jsonb_to_recordset($1::jsonb) AS r (
        code text, nuts3 text, iso_3166_2 text, county_letter text, slug text, short_name text, name_sv text,
        name_en text, region_body text, region_body_en text, region_body_seat text, lat double precision,
        lon double precision, bbox_west double precision, bbox_south double precision, bbox_east double precision,
        bbox_north double precision, film_bodies text)
),
loaded AS (
    INSERT INTO klappa.region AS t (no, code, county_code, county_letter, nuts3, iso_3166_2, name, name_sv, name_en,
        body_sv, body_en, body_seat, centre, box, contact_body, contact_url, contact_sv, contact_en, sort_order)
    SELECT s.no, s.slug, s.code, s.county_letter, s.nuts3, s.iso_3166_2, s.short_name, s.name_sv, s.name_en,
        s.region_body, s.region_body_en, s.region_body_seat, s.centre, s.box, b.code, b.url,
        s.region_body || ', ' || s.region_body_seat, s.region_body_en || ', ' || s.region_body_seat, s.sort_order
    FROM source s
    LEFT JOIN klappa.film_body b ON b.code = s.film_bodies[1]
    ON CONFLICT (no) DO UPDATE
    SET code = excluded.code,
        county_letter = excluded.county_letter,
        nuts3 = excluded.nuts3,
        iso_3166_2 = excluded.iso_3166_2,
        name = excluded.name,
        name_sv = excluded.name_sv,
        name_en = excluded.name_en,
        body_sv = excluded.body_sv,
        body_en = excluded.body_en,
        body_seat = excluded.body_seat,
        centre = excluded.centre,
        box = excluded.box,
        sort_order = excluded.sort_order
    WHERE (t.code, t.county_letter, t.nuts3, t.iso_3166_2, t.name, t.name_sv, t.name_en, t.body_sv, t.body_en,
            t.body_seat, t.centre, t.box, t.sort_order)
        IS DISTINCT FROM (excluded.code, excluded.county_letter, excluded.nuts3, excluded.iso_3166_2, excluded.name,
            excluded.name_sv, excluded.name_en, excluded.body_sv, excluded.body_en, excluded.body_seat,
            excluded.centre, excluded.box, excluded.sort_order)
)
INSERT INTO klappa.region_film_body AS t (region, film_body, sort_order)
SELECT s.no, f.film_body, 10 * f.n
FROM source s, unnest(s.film_bodies) WITH ORDINALITY AS f (film_body, n)
ON CONFLICT (region, film_body) DO UPDATE
SET sort_order = excluded.sort_order
WHERE t.sort_order <> excluded.sort_order
