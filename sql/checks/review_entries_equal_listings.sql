-- The review queue holds what waits for an office, and nothing else.
WITH waiting AS (
    SELECT x.id, x.kind, x.state <> 'in_review' AS change, x.region, x.name
    FROM (
        SELECT p.id, p.kind, p.state, p.hidden_by_office, p.home_region AS region, p.name FROM klappa.person p
        UNION ALL
        SELECT l.id, l.kind, l.state, l.hidden_by_office, l.region, l.name FROM klappa.location l
        UNION ALL
        SELECT c.id, c.kind, c.state, c.hidden_by_office, c.region, c.name FROM klappa.company c) AS x
    WHERE x.state = 'in_review' OR (x.state IN ('published', 'lapsed') OR x.state = 'hidden' AND NOT x.hidden_by_office) AND (
        EXISTS (SELECT FROM klappa.listing_proposal o WHERE o.subject = x.id AND o.state = 'in_review')
        OR EXISTS (SELECT FROM klappa.photo f WHERE f.subject = x.id AND NOT f.approved AND NOT f.returned)))
SELECT coalesce(w.id, e.subject) AS listing
FROM waiting w
FULL JOIN klappa.review_entry e
    ON e.subject = w.id AND (e.kind, e.change, e.region, e.name) = (w.kind, w.change, w.region, w.name)
WHERE w.id IS NULL OR e.subject IS NULL
