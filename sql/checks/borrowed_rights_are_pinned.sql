-- Every function that runs with its owner's rights fixes its search path.
SELECT f.oid::regprocedure AS function
FROM pg_proc f
WHERE f.pronamespace = 'klappa'::regnamespace AND f.prosecdef
    AND NOT EXISTS (SELECT FROM unnest(f.proconfig) AS s (setting) WHERE s.setting LIKE 'search\_path=%')
