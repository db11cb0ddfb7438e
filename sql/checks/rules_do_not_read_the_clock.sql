-- No policy and no index predicate depends on the time: what the clock changes is written by the worker.
SELECT p.tablename AS on_table, p.policyname AS name
FROM pg_policies p
WHERE p.schemaname = 'klappa'
    AND coalesce(p.qual, '') || coalesce(p.with_check, '') ~* '(now\(|current_date|current_timestamp|clock_timestamp|today\()'
UNION ALL
SELECT i.tablename, i.indexname
FROM pg_indexes i
WHERE i.schemaname = 'klappa' AND i.indexdef ~* 'where .*(now\(|current_date|current_timestamp|today\()'
