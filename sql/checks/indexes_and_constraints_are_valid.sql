-- No index was left half built and no constraint unproved.
SELECT i.indexrelid::regclass::text AS name
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'klappa'::regnamespace AND NOT (i.indisvalid AND i.indisready)
UNION ALL
SELECT k.conname
FROM pg_constraint k
WHERE k.connamespace = 'klappa'::regnamespace AND NOT k.convalidated
