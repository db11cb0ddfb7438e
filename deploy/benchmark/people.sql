-- Makes people for measuring: :people of them, each with six busy intervals, one to three roles, and a home.
-- The same numbers every time (setseed); written to the base tables, so that the projections are made as ever.
SET search_path = klappa, public;
SELECT setseed(0.42);
CREATE SCHEMA bench;
BEGIN;
CREATE TABLE bench.person AS
SELECT klappa.uuid7() AS id, n,
    (ARRAY[12, 12, 12, 12, 13, 6, 7, 8, 10])[1 + floor(random() * 9)]::smallint AS home,
    random() AS visibility, random() AS travels, 1 + floor(random() * 3)::integer AS roles,
    klappa.today() - floor(random() * 365)::integer AS renewed_on,
    (ARRAY['Anna', 'Björn', 'Cecilia', 'David', 'Åsa', 'Örjan', 'Eva', 'Filip', 'Greta', 'Hans', 'Noor', 'Omar'])[1 + floor(random() * 12)]
        || ' ' || (ARRAY['Berg', 'Öberg', 'Lind', 'Ström', 'Nyström', 'Ek', 'Åkesson', 'Wall'])[1 + floor(random() * 8)]
        || (ARRAY['', 'mark', 'vik', 'lund', 'dal', 'gren'])[1 + floor(random() * 6)] AS name
FROM generate_series(1, :people) AS n;
CREATE INDEX ON bench.person (n);
INSERT INTO person (id, slug, name, home_region, municipality, travel_radius, headline_sv, headline_en,
    availability_visibility, renewed_on, state, invented)
SELECT id, 'bench-' || n, name, home,
    (SELECT m.code FROM municipality m WHERE m.region = home ORDER BY m.code OFFSET n % 5 LIMIT 1),
    CASE WHEN travels < 0.5 THEN (travels * 400)::integer END, 'Van vid vinter', 'Used to winter',
    CASE WHEN visibility < 0.7 THEN 'anyone' WHEN visibility < 0.9 THEN 'approved' ELSE 'nobody' END,
    renewed_on, 'published', true
FROM bench.person;
INSERT INTO person_role (person, role, grade, "primary")
SELECT g.id, r.role,
    (ARRAY['trainee', 'assistant', 'professional', 'professional', 'head_of_department'])[1 + (g.n + r.role) % 5],
    r.place = 1
FROM bench.person g
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (role) role, place
    FROM (
        SELECT (1 + abs(hashint8(g.n * 31::bigint + place)::bigint) % 220)::smallint AS role, place
        FROM generate_series(1, g.roles) AS place) AS x
    ORDER BY role, place) AS r;
INSERT INTO person_local_region (person, region)
SELECT id, (ARRAY[12, 13, 6, 7, 8, 10])[1 + n % 6] FROM bench.person WHERE n % 3 = 0;
INSERT INTO person_language (person, language, proficiency)
SELECT id, 'sv', 'native' FROM bench.person
UNION ALL SELECT id, 'en', 'fluent' FROM bench.person WHERE n % 4 < 3
UNION ALL SELECT id, 'de', 'basic' FROM bench.person WHERE n % 10 = 0;
INSERT INTO person_certificate (person, certificate)
SELECT id, 'licence_b' FROM bench.person WHERE n % 2 = 0;
INSERT INTO contact_field (subject, kind, value, visibility)
SELECT id, 'email', 'person' || n || '@example.se', CASE WHEN n % 3 = 0 THEN 'anyone' ELSE 'office' END
FROM bench.person;
INSERT INTO calendar (subject, known_from, known_to)
SELECT id, w.first_day + n % 60, w.first_day + 800 + n % 290 FROM bench.person, crew_window w WHERE n % 20 <> 7;
INSERT INTO block (subject, days)
SELECT g.id, datemultirange(daterange(d.day, d.day + 1 + floor(random() * 14)::integer))
FROM (
    SELECT 1 + (i - 1) / 6 AS n, w.first_day + floor(random() * 1096)::integer AS day
    FROM generate_series(1, 6 * :people) AS i, crew_window w) AS d
JOIN bench.person g USING (n);
COMMIT;
