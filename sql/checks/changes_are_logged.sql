-- Every base table that a service may write is logged, by triggers that know its present columns.
SELECT c.relname, t.tgname
FROM pg_class c
LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgfoid = 'klappa.log_change'::regproc
WHERE c.relnamespace = 'klappa'::regnamespace AND c.relkind = 'r'
    AND obj_description(c.oid, 'pg_class') LIKE 'Base: %'
    AND c.relname NOT IN ('subject', 'idempotency', 'outbox', 'sign_in_request', 'session', 'openid_attempt', 'change',
        'change_value',
        'change_transaction')
    AND (t.oid IS NULL
        OR (SELECT array_agg(a.attname::text ORDER BY a.attname)
            FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnum <> ALL (
                SELECT unnest(k.conkey) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p'))
            IS DISTINCT FROM (
                SELECT array_agg(o ORDER BY o)
                FROM unnest(split_part(encode(t.tgargs, 'escape'), '\000', 3)::text[]) AS o))
