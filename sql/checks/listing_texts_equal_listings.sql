-- What anyone reads of a company or location is what its listing says today; what is not published is not there.
SELECT 'location' AS kind, coalesce(l.id, d.id) AS listing
FROM (
    SELECT l.id, l.no, l.version, t.item, t.details
    FROM klappa.location l JOIN klappa.location_text t ON t.id = l.id
    WHERE l.state = 'published') AS l
FULL JOIN (
    SELECT d.id, d.body AS item, r.no, r.version, r.body
    FROM klappa.location_doc d FULL JOIN klappa.location_record r ON r.id = d.id) AS d ON d.id = l.id
WHERE (l.no, l.version, l.item) IS DISTINCT FROM (d.no, d.version, d.item)
    OR d.body <> left(l.item, -1) || ',' || substr(l.details, 2)
UNION ALL
SELECT 'company', coalesce(c.id, d.id)
FROM (
    SELECT c.id, c.slug, c.version, t.item, t.details
    FROM klappa.company c JOIN klappa.company_text t ON t.id = c.id
    WHERE c.state = 'published') AS c
FULL JOIN (
    SELECT d.id, d.body AS item, r.slug, r.version, r.body
    FROM klappa.company_doc d FULL JOIN klappa.company_record r ON r.id = d.id) AS d ON d.id = c.id
WHERE (c.slug, c.version, c.item) IS DISTINCT FROM (d.slug, d.version, d.item)
    OR d.body <> left(c.item, -1) || ',' || substr(c.details, 2)
