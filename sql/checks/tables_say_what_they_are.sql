-- Every table has a comment that opens with its kind: Vocabulary, Base, Projection or Bookkeeping.
SELECT c.relname
FROM pg_class c
WHERE c.relnamespace = 'klappa'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    AND coalesce(obj_description(c.oid, 'pg_class'), '') !~ '^(Vocabulary|Base|Projection|Bookkeeping): '
