-- The service's roles have no special power, own nothing and are members of nothing.
SELECT r.rolname, 'attribute' AS fault
FROM pg_roles r
WHERE r.rolname IN ('klappa_public', 'klappa_member', 'klappa_worker')
    AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication)
UNION ALL
SELECT r.rolname, 'owns ' || c.oid::regclass::text
FROM pg_roles r
JOIN pg_class c ON c.relowner = r.oid
WHERE r.rolname IN ('klappa_public', 'klappa_member', 'klappa_worker')
UNION ALL
SELECT r.rolname, 'member of ' || m.roleid::regrole::text
FROM pg_roles r
JOIN pg_auth_members m ON m.member = r.oid
WHERE r.rolname IN ('klappa_public', 'klappa_member', 'klappa_worker')
