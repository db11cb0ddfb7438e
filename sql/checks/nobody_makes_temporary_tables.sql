-- No service role may make temporary objects or schemas in this database.
SELECT r.rolname, p.privilege
FROM pg_roles r
CROSS JOIN unnest(ARRAY['TEMPORARY', 'CREATE']) AS p (privilege)
WHERE r.rolname IN ('klappa_public', 'klappa_member', 'klappa_worker')
    AND has_database_privilege(r.oid, current_database(), p.privilege)
