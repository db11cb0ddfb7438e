-- Lets nobody's listing be returned without a reason: a missing one had passed, since NULL compared is not false.
-- Who is told to mend something must be told what; companies and locations have held to it from the start.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

-- What was returned without a word goes back to who wrote it.
UPDATE klappa.person SET state = 'draft' WHERE state = 'returned' AND coalesce(state_reason, '') = '';
ALTER TABLE klappa.person DROP CONSTRAINT person_returned_with_reason,
    ADD CONSTRAINT person_returned_with_reason CHECK (state <> 'returned' OR coalesce(state_reason, '') <> '');

RESET ROLE;
