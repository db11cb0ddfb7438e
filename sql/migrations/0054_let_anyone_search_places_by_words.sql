-- Lets anyone search the places of interest by words: the search needs klappa.words, which only the projections had used.
-- A word typed on the page of locations was answered with 403.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

GRANT EXECUTE ON FUNCTION klappa.words(text) TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
