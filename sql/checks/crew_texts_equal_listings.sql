-- What anyone reads of a person is what their listing says today; who is not published is not there.
SELECT coalesce(p.id, d.id) AS person
FROM (
    SELECT p.id, p.slug, p.version, t.item, t.details
    FROM klappa.person p JOIN klappa.person_text t ON t.id = p.id
    WHERE p.state = 'published') AS p
FULL JOIN (
    SELECT d.id, d.body AS item, r.slug, r.version, r.body
    FROM klappa.crew_doc d FULL JOIN klappa.crew_record r ON r.id = d.id) AS d ON d.id = p.id
WHERE (p.slug, p.version, p.item) IS DISTINCT FROM (d.slug, d.version, d.item)
    OR d.body <> left(p.item, -1) || ',' || substr(p.details, 2)
