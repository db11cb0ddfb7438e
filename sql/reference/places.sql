-- Loads the places of interest from places.csv ($1: its rows as an array of objects).
INSERT INTO klappa.place AS t (code, name, type, municipality, point, precision_m, source, source_ref)
SELECT r.id, r.name, r.type_code, r.municipality_code, ST_Point(r.lon, r.lat, 4326)::geography, r.precision_m,
    r.source, r.source_ref
FROM jsonb_to_recordset($1::jsonb) AS r (
    id text, name text, type_code text, municipality_code text, lat double precision, lon double precision,
    precision_m integer, source text, source_ref text)
ON CONFLICT (code) DO UPDATE
SET name = excluded.name,
    type = excluded.type,
    municipality = excluded.municipality,
    point = excluded.point,
    precision_m = excluded.precision_m,
    source = excluded.source,
    source_ref = excluded.source_ref
WHERE (t.name, t.type, t.municipality, t.point, t.precision_m, t.source, t.source_ref) IS DISTINCT FROM (
    excluded.name, excluded.type, excluded.municipality, excluded.point, excluded.precision_m, excluded.source,
    excluded.source_ref)
