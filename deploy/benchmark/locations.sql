-- Makes :locations locations for measuring, spread around the seats of all municipalities, each with a type or two,
-- a few facts and a calendar. The same numbers every time (setseed); written to the base tables, so that the projections
-- are made as ever.
SET search_path = klappa, public;
SELECT setseed(0.42);
BEGIN;
CREATE TABLE bench.location AS
SELECT klappa.uuid7() AS id, n, random() AS far, random() AS turn, random() AS shared,
    klappa.today() - floor(random() * 365)::integer AS renewed_on,
    (ARRAY['Ladan', 'Gården', 'Kvarnen', 'Magasinet', 'Villan', 'Skolan', 'Bruket', 'Stranden'])[1 + floor(random() * 8)]
        || ' i ' || (ARRAY['Ek', 'Lind', 'Björk', 'Ask', 'Alm', 'Gran', 'Hassel', 'Rönn'])[1 + floor(random() * 8)]
        || (ARRAY['by', 'torp', 'hult', 'ryd', 'dala', 'näs'])[1 + floor(random() * 6)] AS name
FROM generate_series(1, :locations) AS n;
INSERT INTO location (id, name, municipality, exact_point, place_released, headline_sv, headline_en,
    availability_visibility, renewed_on, state, invented)
SELECT g.id, g.name, m.code, ST_Project(m.seat_point, g.far * 15000, radians(g.turn * 360)), g.shared < 0.7,
    'Tyst och ljust, plan mark', 'Quiet and light, level ground', CASE WHEN g.shared < 0.8 THEN 'anyone' ELSE 'approved' END,
    g.renewed_on, 'published', true
FROM bench.location g
JOIN (SELECT code, seat_point, row_number() OVER (ORDER BY code) AS place, count(*) OVER () AS size FROM municipality
    WHERE NOT retired) AS m ON m.place = 1 + g.n % m.size;
INSERT INTO location_kind (location, type, "primary")
SELECT g.id, t.code, t.round = 0
FROM bench.location g
JOIN (
    SELECT k.code, k.round, row_number() OVER (PARTITION BY k.round ORDER BY hashtext(k.code || k.round)) AS place,
        count(*) OVER (PARTITION BY k.round) AS size
    FROM (SELECT code, round FROM location_type CROSS JOIN generate_series(0, 1) AS round) AS k) AS t
    ON t.place = 1 + g.n % t.size AND (t.round = 0 OR g.n % 3 = 0)
ON CONFLICT DO NOTHING;
INSERT INTO location_fact (location, feature, yes, number, choice)
SELECT id, 'wifi', n % 5 < 3, NULL::numeric, NULL FROM bench.location WHERE n % 4 > 0
UNION ALL SELECT id, 'power_phases', NULL, NULL, CASE WHEN n % 7 < 3 THEN '3' ELSE '1' END FROM bench.location
UNION ALL SELECT id, 'power_max_ampere', NULL, (ARRAY[10, 16, 32, 63, 125])[1 + n % 5], NULL FROM bench.location WHERE n % 3 = 0
UNION ALL SELECT id, 'floor_area_m2', NULL, 20 + n % 900, NULL FROM bench.location;
INSERT INTO calendar (subject, known_from, known_to)
SELECT g.id, w.first_day + g.n % 60, w.first_day + 800 FROM bench.location g, crew_window w WHERE g.n % 20 <> 7;
COMMIT;
