-- PUBLIC may use neither a table nor a function nor the schema, and make no object anywhere.
SELECT 'table' AS kind, c.relname::text AS name, a.privilege_type
FROM pg_class c
CROSS JOIN aclexplode(c.relacl) AS a
WHERE c.relnamespace = 'klappa'::regnamespace AND a.grantee = 0
UNION ALL
SELECT 'column', c.relname || '.' || t.attname, a.privilege_type
FROM pg_class c
JOIN pg_attribute t ON t.attrelid = c.oid
CROSS JOIN aclexplode(t.attacl) AS a
WHERE c.relnamespace = 'klappa'::regnamespace AND a.grantee = 0
UNION ALL
SELECT 'function', f.oid::regprocedure::text, a.privilege_type
FROM pg_proc f
CROSS JOIN aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a
WHERE f.pronamespace = 'klappa'::regnamespace AND a.grantee = 0
UNION ALL
SELECT 'schema', n.nspname, a.privilege_type
FROM pg_namespace n
CROSS JOIN aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a
WHERE n.nspname IN ('klappa', 'public') AND a.grantee = 0
    AND NOT (n.nspname = 'public' AND a.privilege_type = 'USAGE')
