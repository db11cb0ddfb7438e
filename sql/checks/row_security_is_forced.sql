-- Every base table and every projection for some readers only forces row security.
SELECT c.relname, obj_description(c.oid, 'pg_class') AS comment
FROM pg_class c
WHERE c.relnamespace = 'klappa'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
    AND (coalesce(obj_description(c.oid, 'pg_class'), '') !~ '^(Vocabulary|Projection|Bookkeeping): '
        OR c.relname LIKE '%\_approved')
