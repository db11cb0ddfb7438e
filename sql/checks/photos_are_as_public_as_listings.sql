-- Anyone may fetch the approved pictures of published companies and locations, and no others.
WITH wanted AS (
    SELECT p.hash, p.subject FROM klappa.photo p
    WHERE p.approved AND (
        EXISTS (SELECT FROM klappa.location l WHERE l.id = p.subject AND l.state = 'published')
        OR EXISTS (SELECT FROM klappa.company c WHERE c.id = p.subject AND c.state = 'published')))
SELECT coalesce(w.hash, p.hash) AS hash
FROM wanted w
FULL JOIN klappa.photo_public p ON p.hash = w.hash AND p.subject = w.subject
WHERE w.hash IS NULL OR p.hash IS NULL
