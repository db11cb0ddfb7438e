-- Loads the municipalities from municipalities.csv ($1: its rows as an array of objects).
INSERT INTO klappa.municipality AS t (code, region, name, name_official, seat, seat_point, seat_geonames_id)
SELECT r.code, r.county_code::smallint, r.name, r.name_official, r.seat,
    ST_Point(r.seat_lon, r.seat_lat, 4326)::geography, r.seat_geonames_id
FROM jsonb_to_recordset($1::jsonb) AS r (
    code text, name text, name_official text, county_code text, seat text, seat_lat double precision,
    seat_lon double precision, seat_geonames_id integer)
ON CONFLICT (code) DO UPDATE
SET name = excluded.name,
    name_official = excluded.name_official,
    seat = excluded.seat,
    seat_point = excluded.seat_point,
    seat_geonames_id = excluded.seat_geonames_id
WHERE (t.name, t.name_official, t.seat, t.seat_point, t.seat_geonames_id) IS DISTINCT FROM (
    excluded.name, excluded.name_official, excluded.seat, excluded.seat_point, excluded.seat_geonames_id)
