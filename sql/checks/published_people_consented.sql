-- Every public listing that is not invented has a standing consent to its publication.
SELECT p.id, p.slug
FROM klappa.person p
WHERE p.state = 'published' AND NOT p.invented AND NOT EXISTS (
    SELECT FROM klappa.consent c
    WHERE c.subject = p.id AND c.purpose = 'publication' AND c.withdrawn_at IS NULL)
