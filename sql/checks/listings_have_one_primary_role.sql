-- Every listing beyond draft has exactly one primary role.
SELECT p.id, p.state, count(r.person) AS primary_roles
FROM klappa.person p
LEFT JOIN klappa.person_role r ON r.person = p.id AND r."primary"
WHERE p.state NOT IN ('draft', 'erased')
GROUP BY p.id, p.state
HAVING count(r.person) <> 1
