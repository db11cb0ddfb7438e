-- Indexes the postings for any role in the order of answers, over all regions.
-- A search without a role may match most of the catalogue: its page is read from here until it is full.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE INDEX crew_post_any ON klappa.crew_post (renewed_on DESC, name, id)
INCLUDE (region, regions, travel, grades, free) WHERE role = 0 AND home;
CREATE INDEX crew_post_approved_any ON klappa.crew_post_approved (renewed_on DESC, name, id)
INCLUDE (region, regions, travel, grades, free) WHERE role = 0 AND home;

RESET ROLE;
