-- Every subject is the one of a person, unit or location.
SELECT s.id, s.kind
FROM klappa.subject s
WHERE s.kind = 'person' AND NOT EXISTS (SELECT FROM klappa.person p WHERE p.id = s.id)
