-- No title or other name, with or without accents, belongs to two roles.
SELECT t.folded, array_agg(DISTINCT r.code) AS roles
FROM (
    SELECT no AS role, klappa.fold(name_sv) AS folded FROM klappa.role
    UNION ALL SELECT no, klappa.fold(name_en) FROM klappa.role
    UNION ALL SELECT role, folded FROM klappa.role_alias) AS t
JOIN klappa.role r ON r.no = t.role
GROUP BY t.folded
HAVING count(DISTINCT t.role) > 1
