-- Lets applications that are invented for a demonstration have come when they say, also to calls that have closed since.
-- Only the worker can write the column `invented`; for every other application the database's clock stays the only judge.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE OR REPLACE FUNCTION klappa.guard_application() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    c record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (new.id, new.call, new.invented) IS DISTINCT FROM (old.id, old.call, old.invented)
            OR old.state <> 'draft' AND NOT (
                -- Whatever was submitted stays; an account may go, and the application be taken back, once.
                (new.language, new.name, new.email, new.phone, new.region, new.answers, new.snapshot, new.arrival,
                    new.submitted_at, new.late)
                IS NOT DISTINCT FROM (old.language, old.name, old.email, old.phone, old.region, old.answers,
                    old.snapshot, old.arrival, old.submitted_at, old.late)
                AND (new.account IS NOT DISTINCT FROM old.account OR new.account IS NULL)
                AND ((new.state, new.withdrawn_at) IS NOT DISTINCT FROM (old.state, old.withdrawn_at)
                    OR old.state = 'submitted' AND new.state = 'withdrawn'))
        THEN
            RAISE EXCEPTION 'a submitted application is locked' USING ERRCODE = 'check_violation',
                SCHEMA = 'klappa', TABLE = 'application', CONSTRAINT = 'application_locked';
        END IF;
    END IF;
    SELECT x.state, x.opens_at, x.closes_at, p.state AS programme INTO c
    FROM klappa.call x JOIN klappa.programme p ON p.id = x.programme WHERE x.id = new.call;
    IF (TG_OP = 'INSERT' OR new.state = 'submitted' AND old.state = 'draft') AND NOT new.invented
        AND (c.state IS DISTINCT FROM 'published' OR c.programme <> 'published' OR c.opens_at > now())
    THEN
        RAISE EXCEPTION 'the call does not take applications now' USING ERRCODE = 'check_violation',
            SCHEMA = 'klappa', TABLE = 'application', CONSTRAINT = 'application_call_open';
    END IF;
    IF new.state = 'submitted' AND (TG_OP = 'INSERT' OR old.state = 'draft') THEN
        -- One at a time from here to the commit: numbers without ties and, since a rollback gives it back, without holes.
        UPDATE klappa.call_tally SET last_arrival = last_arrival + 1 WHERE call = new.call
        RETURNING last_arrival INTO new.arrival;
        IF NOT new.invented OR new.submitted_at IS NULL THEN
            new.submitted_at := now();
        END IF;
        new.late := new.submitted_at > c.closes_at;
        new.snapshot := klappa.snapshot(new);
    ELSIF new.state = 'withdrawn' AND old.state = 'submitted' THEN
        new.withdrawn_at := now();
    END IF;
    RETURN new;
END
$$;

RESET ROLE;
