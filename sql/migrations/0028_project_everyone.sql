-- Projects the people who were there before the projections were.
-- A database that had listings when migration 0023 came would otherwise show each only after its next change.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

INSERT INTO klappa.crew_mark (person, listing)
SELECT p.id, true FROM klappa.person p
ON CONFLICT (xid, person) DO UPDATE SET listing = true;

INSERT INTO klappa.crew_commit (xid)
SELECT pg_current_xact_id() FROM klappa.person LIMIT 1
ON CONFLICT DO NOTHING;

RESET ROLE;
