-- Lets applicants have their application emptied, with its files, letters and what the log remembers of it.
-- The empty row stays: arrival numbers have no holes, and places and counts are what they were.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

ALTER TABLE klappa.application
    ADD COLUMN erased_at timestamptz,
    ADD CONSTRAINT application_erased_empty CHECK (erased_at IS NULL OR state = 'withdrawn' AND account IS NULL
        AND name = '–' AND email = 'erased@invalid' AND phone IS NULL AND region IS NULL AND answers = '{}'
        AND snapshot = '{"applicant": {"name": "–", "email": "erased@invalid", "phone": null, "region": null}, "answers": []}');
COMMENT ON COLUMN klappa.application.erased_at IS 'When the applicant had it emptied; only what counts is left.';
SELECT klappa.record_changes('klappa.application', 'id', '{answers}');

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
            -- What was taken back may be emptied: application_erased_empty says how.
            AND NOT (old.state = 'withdrawn' AND new.state = 'withdrawn' AND new.erased_at IS NOT NULL
                AND (new.language, new.arrival, new.submitted_at, new.late, new.withdrawn_at)
                    IS NOT DISTINCT FROM (old.language, old.arrival, old.submitted_at, old.late, old.withdrawn_at))
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

CREATE OR REPLACE FUNCTION klappa.guard_answer_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    which uuid := CASE TG_OP WHEN 'DELETE' THEN old.application ELSE new.application END;
    application record;
BEGIN
    SELECT a.state, a.call, a.erased_at INTO application FROM klappa.application a WHERE a.id = which FOR KEY SHARE;
    -- Nothing is found when the application itself is going.
    IF FOUND AND application.state <> 'draft' AND NOT (TG_OP = 'DELETE' AND application.erased_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a submitted application is locked' USING ERRCODE = 'check_violation',
            SCHEMA = 'klappa', TABLE = 'answer_file', CONSTRAINT = 'application_locked';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN old;
    END IF;
    IF NOT EXISTS (SELECT FROM klappa.question q
        WHERE q.call = application.call AND q.code = new.question AND q.kind = 'file')
    THEN
        PERFORM klappa.refuse_answer('unknown', new.question);
    END IF;
    RETURN new;
END
$$;

CREATE OR REPLACE FUNCTION klappa.guard_participant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    a record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT x.account, x.name, x.email, x.phone, x.region, x.invented, x.call, c.programme, s.outcome INTO a
        FROM klappa.application x
        JOIN klappa.assessment s ON s.application = x.id
        JOIN klappa.call c ON c.id = x.call
        WHERE x.id = new.application;
        IF a.outcome IS DISTINCT FROM 'selected' THEN
            RAISE EXCEPTION 'only who is selected takes part' USING ERRCODE = 'check_violation', SCHEMA = 'klappa',
                TABLE = 'participant', CONSTRAINT = 'participant_selected';
        END IF;
        new.call := a.call;
        new.programme := a.programme;
        new.account := a.account;
        new.name := a.name;
        new.email := a.email;
        new.phone := a.phone;
        new.region := a.region;
        new.invented := a.invented;
    ELSIF new.state <> 'left' AND old.state = 'left' THEN
        RAISE EXCEPTION 'who has left applies again' USING ERRCODE = 'check_violation', SCHEMA = 'klappa',
            TABLE = 'participant', CONSTRAINT = 'participant_left_for_good';
    ELSIF new.person IS DISTINCT FROM old.person AND klappa.reader() IS NOT NULL
        -- Only klappa.empty_application writes that address.
        AND NOT (new.person IS NULL AND new.email = 'erased@invalid')
        AND NOT EXISTS (SELECT FROM klappa.person p WHERE p.id = new.person AND p.account = klappa.reader())
    THEN
        RAISE EXCEPTION 'a participant becomes their own listing' USING ERRCODE = 'insufficient_privilege',
            SCHEMA = 'klappa', TABLE = 'participant', CONSTRAINT = 'participant_own_listing';
    END IF;
    RETURN new;
END
$$;

CREATE FUNCTION klappa.empty_application(application uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    which uuid := empty_application.application;
BEGIN
    DELETE FROM klappa.application a WHERE a.id = which AND a.state = 'draft';
    IF NOT FOUND THEN
        UPDATE klappa.application a
        SET erased_at = now(), account = NULL, name = '–', email = 'erased@invalid', phone = NULL, region = NULL,
            answers = '{}',
            snapshot = '{"applicant": {"name": "–", "email": "erased@invalid", "phone": null, "region": null}, "answers": []}'
        WHERE a.id = which AND a.state = 'withdrawn' AND a.erased_at IS NULL;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
    END IF;
    DELETE FROM klappa.answer_file f WHERE f.application = which;
    UPDATE klappa.assessment s SET note = NULL WHERE s.application = which AND s.note IS NOT NULL;
    UPDATE klappa.decision d SET subject = '–', body = '–' WHERE d.application = which;
    UPDATE klappa.participant p
    SET account = NULL, name = '–', email = 'erased@invalid', phone = NULL, region = NULL, person = NULL
    WHERE p.application = which;
    DELETE FROM klappa.outbox o WHERE o.subject = which;
    -- Last: the statements above were logged too.
    DELETE FROM klappa.change_value v WHERE v.subject = which;
    RETURN true;
END
$$;
COMMENT ON FUNCTION klappa.empty_application(uuid) IS
    'Deletes a draft, empties an application that was taken back; false for any other. The caller has made sure who asks.';

CREATE FUNCTION klappa.erase_own_application(application uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (
        SELECT FROM klappa.application a
        WHERE a.id = erase_own_application.application AND (a.account = klappa.reader()
            OR a.account IS NULL AND a.erased_at IS NULL AND lower(a.email) = klappa.my_email()))
    THEN
        RETURN false;
    END IF;
    PERFORM klappa.withdraw_application(erase_own_application.application);
    RETURN klappa.empty_application(erase_own_application.application);
END
$$;
COMMENT ON FUNCTION klappa.erase_own_application(uuid) IS
    'Takes the reader''s own application back, gives up a place with it, and empties it; false when it is not theirs.';

GRANT EXECUTE ON FUNCTION klappa.erase_own_application(uuid) TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.empty_application(uuid) TO klappa_worker;

RESET ROLE;
