-- Whoever a transaction touched was projected before it committed.
SELECT 'mark' AS kind, xid::text FROM klappa.crew_mark
UNION ALL
SELECT 'commit', xid::text FROM klappa.crew_commit
