-- klappa_public reads vocabularies, projections for everyone and what tells the schema's age, and writes nothing.
SELECT c.relname, p.privilege
FROM pg_class c
CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS p (privilege)
WHERE c.relnamespace = 'klappa'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    AND has_any_column_privilege('klappa_public', c.oid, p.privilege)
    AND NOT (p.privilege = 'SELECT'
        AND (coalesce(obj_description(c.oid, 'pg_class'), '') ~ '^(Vocabulary|Projection): '
            OR c.relname IN ('migration', 'reference_load', 'crew_window'))
        AND c.relname NOT LIKE '%\_approved')
UNION ALL
SELECT c.relname, p.privilege
FROM pg_class c
CROSS JOIN unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER']) AS p (privilege)
WHERE c.relnamespace = 'klappa'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    AND has_table_privilege('klappa_public', c.oid, p.privilege)
