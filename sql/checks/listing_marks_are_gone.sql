-- What a transaction touched of companies and locations was projected before it committed.
SELECT 'mark' AS kind, xid::text FROM klappa.listing_mark
UNION ALL
SELECT 'commit', xid::text FROM klappa.listing_commit
