-- Postings are one per held role (and for any role) and region, each with the days that the audience may see.
WITH held AS (
    SELECT o.person, o.role, o.grade FROM klappa.person_role o
    UNION ALL
    SELECT o.person, 0, o.grade FROM klappa.person_role o),
wanted AS (
    SELECT c.id, h.role, r.no AS region, r.no = c.home_region AS home, c.regions, c.travel,
        bit_or(CASE h.grade WHEN 'trainee' THEN 1 WHEN 'assistant' THEN 2 WHEN 'professional' THEN 4 ELSE 8 END) AS grades,
        c.renewed_on, c.name
    FROM klappa.crew_public c
    JOIN held h ON h.person = c.id
    JOIN klappa.region r ON c.regions & (1 << r.no) <> 0
    GROUP BY c.id, h.role, r.no),
posts AS (
    SELECT 'anyone' AS audience, o.* FROM klappa.crew_post o
    UNION ALL
    SELECT 'approved', o.* FROM klappa.crew_post_approved o),
days AS (
    SELECT 'anyone' AS audience, id, free FROM klappa.crew_day
    UNION ALL
    SELECT 'approved', id, free FROM klappa.crew_day_approved)
SELECT coalesce(w.audience, o.audience) AS audience, coalesce(w.id, o.id) AS person
FROM (SELECT a.audience, w.* FROM wanted w CROSS JOIN (VALUES ('anyone'), ('approved')) AS a (audience)) AS w
FULL JOIN posts o ON o.audience = w.audience AND o.id = w.id AND o.role = w.role AND o.region = w.region
LEFT JOIN days d ON d.audience = o.audience AND d.id = o.id
WHERE (w.home, w.regions, w.travel, w.grades, w.renewed_on, w.name)
    IS DISTINCT FROM (o.home, o.regions, o.travel, o.grades, o.renewed_on, o.name)
    OR o.free IS DISTINCT FROM d.free
