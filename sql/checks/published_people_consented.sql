-- Every public listing that is not invented has a standing consent to its publication.
SELECT p.id, p.kind
FROM (
    SELECT id, kind, state, invented FROM klappa.person
    UNION ALL SELECT id, kind, state, invented FROM klappa.location
    UNION ALL SELECT id, kind, state, invented FROM klappa.company) AS p
WHERE p.state = 'published' AND NOT p.invented AND NOT EXISTS (
    SELECT FROM klappa.consent c
    WHERE c.subject = p.id AND c.purpose = 'publication' AND c.withdrawn_at IS NULL)
