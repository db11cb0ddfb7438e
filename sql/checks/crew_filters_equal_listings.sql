-- What people are found by is what their listing says; who is not published is not there.
SELECT coalesce(p.id, c.id) AS person
FROM (
    SELECT p.id, p.no, p.name, p.renewed_on, p.home_region, p.municipality::smallint AS municipality,
        1 << p.home_region | coalesce((
            SELECT bit_or(1 << l.region) FROM klappa.person_local_region l WHERE l.person = p.id), 0) AS regions,
        array(SELECT l.language FROM klappa.person_language l WHERE l.person = p.id ORDER BY l.language) AS languages,
        array(SELECT o.certificate FROM klappa.person_certificate o WHERE o.person = p.id ORDER BY o.certificate)
            AS certificates
    FROM klappa.person p
    WHERE p.state = 'published') AS p
FULL JOIN klappa.crew_public c ON c.id = p.id
WHERE (p.no, p.name, p.renewed_on, p.home_region, p.municipality, p.regions, p.languages, p.certificates)
    IS DISTINCT FROM (c.no, c.name, c.renewed_on, c.home_region, c.municipality, c.regions, c.languages, c.certificates)
    OR c.travel & c.regions <> c.regions
