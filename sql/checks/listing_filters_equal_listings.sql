-- What companies and locations are found by is what their listing says; what is not published is not there.
SELECT 'location' AS kind, coalesce(l.id, p.id) AS listing
FROM (
    SELECT l.id, l.no, l.name, l.renewed_on, l.region, l.municipality::smallint AS municipality,
        public.ST_AsText(l.public_point) AS point,
        array(SELECT k.type FROM klappa.location_kind k WHERE k.location = l.id ORDER BY k.type) AS types,
        array(
            SELECT f.choice FROM klappa.location_fact f
            WHERE f.location = l.id AND f.feature = 'period_look' ORDER BY f.choice) AS looks,
        (SELECT count(*) FROM klappa.location_fact f WHERE f.location = l.id AND f.number IS NOT NULL) AS numbers
    FROM klappa.location l
    WHERE l.state = 'published') AS l
FULL JOIN klappa.location_public p ON p.id = l.id
WHERE (l.no, l.name, l.renewed_on, l.region, l.municipality, l.point, l.looks)
    IS DISTINCT FROM (p.no, p.name, p.renewed_on, p.region, p.municipality, public.ST_AsText(p.point), p.looks)
    OR NOT p.types @> l.types OR l.numbers <> (SELECT count(*) FROM jsonb_object_keys(p.numbers))
UNION ALL
SELECT 'company', coalesce(c.id, p.id)
FROM (
    SELECT c.id, c.name, c.renewed_on, c.region, c.municipality::smallint AS municipality,
        array(SELECT s.category FROM klappa.company_service s WHERE s.company = c.id ORDER BY s.category) AS categories
    FROM klappa.company c
    WHERE c.state = 'published') AS c
FULL JOIN klappa.company_public p ON p.id = c.id
WHERE (c.name, c.renewed_on, c.region, c.municipality, c.categories)
    IS DISTINCT FROM (p.name, p.renewed_on, p.region, p.municipality, p.categories)
