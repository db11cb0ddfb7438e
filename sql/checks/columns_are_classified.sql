-- Every column of every base table is listed with what it says of people, and nothing else is (sql/reference/column_uses.csv).
SELECT c.relname AS "table", a.attname AS "column", 'is not listed' AS what
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'klappa'::regnamespace AND c.relkind IN ('r', 'p')
    AND obj_description(c.oid, 'pg_class') LIKE 'Base: %'
    AND NOT EXISTS (SELECT FROM klappa.column_use u WHERE u."table" = c.relname AND u."column" = a.attname)
UNION ALL
SELECT u."table", u."column", 'does not exist'
FROM klappa.column_use u
WHERE NOT EXISTS (
    SELECT FROM pg_attribute a
    WHERE a.attrelid = to_regclass('klappa.' || quote_ident(u."table")) AND a.attname = u."column" AND NOT a.attisdropped)
UNION ALL
SELECT u."table", min(u."column"), 'has exported columns, but nothing tells whose a row is'
FROM klappa.column_use u
GROUP BY u."table"
HAVING bool_or(u.exported) AND count(*) FILTER (WHERE u.finds <> 'actor') = 0
