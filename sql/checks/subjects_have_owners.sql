-- Every subject is the one of a person, unit, location or company.
SELECT s.id, s.kind
FROM klappa.subject s
WHERE s.kind = 'person' AND NOT EXISTS (SELECT FROM klappa.person p WHERE p.id = s.id)
    OR s.kind = 'location' AND NOT EXISTS (SELECT FROM klappa.location l WHERE l.id = s.id)
    OR s.kind = 'company' AND NOT EXISTS (SELECT FROM klappa.company c WHERE c.id = s.id)
