-- Everything in the schema belongs to klappa_owner, which is no superuser.
SELECT 'table' AS kind, c.relname::text AS name, c.relowner::regrole AS owner
FROM pg_class c
WHERE c.relnamespace = 'klappa'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND c.relowner <> 'klappa_owner'::regrole
UNION ALL
SELECT 'function', f.oid::regprocedure::text, f.proowner::regrole
FROM pg_proc f
WHERE f.pronamespace = 'klappa'::regnamespace AND f.proowner <> 'klappa_owner'::regrole
UNION ALL
SELECT 'role', r.rolname, r.oid::regrole
FROM pg_roles r
WHERE r.rolname = 'klappa_owner' AND (r.rolsuper OR r.rolbypassrls)
