-- Creates what becomes of an application: eligibility and outcome inside, decisions as told, and participants.
-- A place is taken under the lock of the call's tally, so that however many accept at once, places are never exceeded.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.assessment (
    application uuid NOT NULL,
    call uuid NOT NULL,
    eligibility text NOT NULL DEFAULT 'in_consideration',
    outcome text NOT NULL DEFAULT 'undecided',
    waiting_rank integer,
    moved boolean NOT NULL DEFAULT false,
    note text,
    decided_at timestamptz,
    decided_by uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT assessment_pkey PRIMARY KEY (application),
    CONSTRAINT assessment_eligibility_known CHECK (eligibility IN ('in_consideration', 'incomplete', 'disqualified',
        'withdrawn')),
    CONSTRAINT assessment_outcome_known CHECK (outcome IN ('undecided', 'selected', 'waiting', 'not_selected')),
    CONSTRAINT assessment_eligible_only CHECK (outcome NOT IN ('selected', 'waiting') OR eligibility = 'in_consideration'),
    CONSTRAINT assessment_waiting_ranked CHECK ((outcome = 'waiting') = (waiting_rank IS NOT NULL)),
    CONSTRAINT assessment_waiting_rank_once EXCLUDE USING btree (call WITH =, waiting_rank WITH =)
        WHERE (outcome = 'waiting') DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT assessment_note_length CHECK (char_length(note) BETWEEN 1 AND 10000),
    CONSTRAINT assessment_application_fkey FOREIGN KEY (application, call)
        REFERENCES klappa.application (id, call) ON DELETE CASCADE
);
CREATE INDEX assessment_call ON klappa.assessment (call, outcome);
ALTER TABLE klappa.assessment ALTER COLUMN note SET STATISTICS 0;
COMMENT ON TABLE klappa.assessment IS 'Base: how the organisation sees an application; the applicant never reads it.';
COMMENT ON COLUMN klappa.assessment.eligibility IS 'Apart from the outcome: whether the application takes part at all.';
COMMENT ON COLUMN klappa.assessment.outcome IS 'Inside until a decision tells it. Only selected ones take a place.';
COMMENT ON COLUMN klappa.assessment.waiting_rank IS 'The lowest rank moves up first.';
COMMENT ON COLUMN klappa.assessment.moved IS 'The waiting list moved it into a place that came free; the worker tells the applicant.';

CREATE TABLE klappa.decision (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    application uuid NOT NULL,
    call uuid NOT NULL,
    outcome text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now(),
    told_by uuid,
    CONSTRAINT decision_pkey PRIMARY KEY (id),
    CONSTRAINT decision_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT decision_outcome_known CHECK (outcome IN ('accepted', 'waiting', 'declined')),
    CONSTRAINT decision_subject_length CHECK (char_length(subject) BETWEEN 1 AND 300),
    CONSTRAINT decision_body_length CHECK (char_length(body) BETWEEN 1 AND 20000),
    CONSTRAINT decision_application_fkey FOREIGN KEY (application, call)
        REFERENCES klappa.application (id, call) ON DELETE CASCADE
);
CREATE INDEX decision_application ON klappa.decision (application, told_at);
CREATE INDEX decision_call ON klappa.decision (call);
ALTER TABLE klappa.decision ALTER COLUMN subject SET STATISTICS 0, ALTER COLUMN body SET STATISTICS 0;
COMMENT ON TABLE klappa.decision IS 'Base: what an applicant was told, word by word; the newest counts. Nothing is told twice or untold.';
COMMENT ON COLUMN klappa.decision.told_by IS 'The account; NULL when the waiting list moved by itself.';

CREATE TABLE klappa.participant (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    application uuid NOT NULL,
    call uuid NOT NULL,
    programme uuid NOT NULL,
    account uuid,
    name text COLLATE "sv-x-icu" NOT NULL,
    email text NOT NULL,
    phone text,
    region smallint,
    state text NOT NULL DEFAULT 'active',
    joined_on date NOT NULL DEFAULT klappa.today(),
    person uuid,
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT participant_pkey PRIMARY KEY (id),
    CONSTRAINT participant_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT participant_application_once UNIQUE (application),
    CONSTRAINT participant_state_known CHECK (state IN ('active', 'left')),
    CONSTRAINT participant_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT participant_email_form CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(email) <= 254),
    CONSTRAINT participant_phone_form CHECK (phone ~ '^\+?[0-9][0-9 ()./-]{3,30}$'),
    CONSTRAINT participant_application_fkey FOREIGN KEY (application, call)
        REFERENCES klappa.application (id, call) ON DELETE CASCADE,
    CONSTRAINT participant_programme_fkey FOREIGN KEY (programme) REFERENCES klappa.programme (id),
    CONSTRAINT participant_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE SET NULL,
    CONSTRAINT participant_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no),
    CONSTRAINT participant_person_fkey FOREIGN KEY (person) REFERENCES klappa.person (id) ON DELETE SET NULL
);
CREATE INDEX participant_programme ON klappa.participant (programme);
CREATE INDEX participant_call ON klappa.participant (call);
CREATE INDEX participant_account ON klappa.participant (account) WHERE account IS NOT NULL;
CREATE INDEX participant_person ON klappa.participant (person) WHERE person IS NOT NULL;
ALTER TABLE klappa.participant
    ALTER COLUMN name SET STATISTICS 0,
    ALTER COLUMN email SET STATISTICS 0,
    ALTER COLUMN phone SET STATISTICS 0;
COMMENT ON TABLE klappa.participant IS 'Base: who was accepted, from the telling of it on; their details as they applied.';
COMMENT ON COLUMN klappa.participant.person IS 'The crew listing that the participant made of it, with their consent.';

CREATE FUNCTION klappa.begin_assessment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    INSERT INTO klappa.assessment (application, call) VALUES (new.id, new.call);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.begin_assessment() IS 'Every submitted application is assessed.';

CREATE TRIGGER application_assess_insert AFTER INSERT ON klappa.application
FOR EACH ROW WHEN (new.state = 'submitted') EXECUTE FUNCTION klappa.begin_assessment();
CREATE TRIGGER application_assess_update AFTER UPDATE OF state ON klappa.application
FOR EACH ROW WHEN (new.state = 'submitted' AND old.state = 'draft') EXECUTE FUNCTION klappa.begin_assessment();

CREATE FUNCTION klappa.lock_call(call uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$ SELECT FROM klappa.call_tally t WHERE t.call = lock_call.call FOR NO KEY UPDATE $$;
COMMENT ON FUNCTION klappa.lock_call(uuid) IS
    'Locks a call''s tally until the transaction ends. Call it before an outcome is changed: then nobody deadlocks.';

CREATE FUNCTION klappa.place_assessment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    before integer := CASE TG_OP WHEN 'INSERT' THEN 0 ELSE (old.outcome = 'selected')::integer END;
    after integer := CASE TG_OP WHEN 'DELETE' THEN 0 ELSE (new.outcome = 'selected')::integer END;
    which uuid := CASE TG_OP WHEN 'DELETE' THEN old.call ELSE new.call END;
BEGIN
    PERFORM klappa.lock_call(which);
    IF before = 1 AND TG_OP = 'UPDATE' AND after = 0 AND new.eligibility <> 'withdrawn' AND EXISTS (
        SELECT FROM klappa.participant p WHERE p.application = new.application AND p.state <> 'left')
    THEN
        RAISE EXCEPTION 'a place that was promised is given up by its participant only' USING ERRCODE = 'check_violation',
            SCHEMA = 'klappa', TABLE = 'assessment', CONSTRAINT = 'assessment_promise_kept';
    END IF;
    IF before <> after THEN
        UPDATE klappa.call_tally SET taken = taken + after - before WHERE call = which;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN old;
    END IF;
    IF new.outcome <> 'waiting' THEN
        new.waiting_rank := NULL;
    ELSIF new.waiting_rank IS NULL THEN
        new.waiting_rank := 1 + coalesce((
            SELECT max(a.waiting_rank) FROM klappa.assessment a WHERE a.call = new.call AND a.outcome = 'waiting'), 0);
    END IF;
    new.moved := new.moved AND new.outcome = 'selected';
    IF TG_OP = 'UPDATE' AND new.outcome <> old.outcome THEN
        new.decided_at := now();
        new.decided_by := klappa.reader();
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.place_assessment() IS
    'Takes and gives back places under the lock of the call, and puts who waits at the end of the list.';

CREATE TRIGGER assessment_place BEFORE INSERT OR DELETE OR UPDATE OF outcome, waiting_rank, eligibility, moved
ON klappa.assessment FOR EACH ROW EXECUTE FUNCTION klappa.place_assessment();

CREATE FUNCTION klappa.guard_participant() RETURNS trigger
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
        AND NOT EXISTS (SELECT FROM klappa.person p WHERE p.id = new.person AND p.account = klappa.reader())
    THEN
        RAISE EXCEPTION 'a participant becomes their own listing' USING ERRCODE = 'insufficient_privilege',
            SCHEMA = 'klappa', TABLE = 'participant', CONSTRAINT = 'participant_own_listing';
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.guard_participant() IS
    'A participant is somebody selected, with the details of the application, and becomes their own crew listing only.';

CREATE TRIGGER participant_guard BEFORE INSERT OR UPDATE ON klappa.participant
FOR EACH ROW EXECUTE FUNCTION klappa.guard_participant();

CREATE FUNCTION klappa.withdraw_application(application uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    which uuid := withdraw_application.application;
    a record;
    freed boolean;
    decisions_are_out boolean;
BEGIN
    SELECT x.call INTO a FROM klappa.application x
    WHERE x.id = which AND x.state = 'submitted' AND (x.account = klappa.reader()
        OR x.account IS NULL AND lower(x.email) = klappa.my_email() OR x.call = ANY (klappa.my_calls()));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM klappa.lock_call(a.call);
    UPDATE klappa.application SET state = 'withdrawn' WHERE id = which AND state = 'submitted';
    IF NOT FOUND THEN
        RETURN false; -- a twin was quicker
    END IF;
    SELECT s.outcome = 'selected' INTO freed FROM klappa.assessment s WHERE s.application = which;
    UPDATE klappa.assessment SET eligibility = 'withdrawn', outcome = 'undecided' WHERE application = which;
    UPDATE klappa.participant SET state = 'left' WHERE application = which;
    decisions_are_out := EXISTS (SELECT FROM klappa.decision d WHERE d.call = a.call);
    IF freed AND decisions_are_out THEN
        UPDATE klappa.assessment SET outcome = 'selected', moved = true
        WHERE application = (
            SELECT s.application FROM klappa.assessment s
            WHERE s.call = a.call AND s.outcome = 'waiting' ORDER BY s.waiting_rank LIMIT 1);
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION klappa.withdraw_application(uuid) IS
    'Takes an application back, for its applicant or the organisation. When decisions have been told, the first who waits gets a place that comes free. False when there is nothing to take back.';

SELECT klappa.protect('klappa.assessment'), klappa.protect('klappa.decision'), klappa.protect('klappa.participant'),
    klappa.count_versions('klappa.assessment'), klappa.count_versions('klappa.participant'),
    klappa.record_changes('klappa.assessment', 'application'), klappa.record_changes('klappa.decision', 'application'),
    klappa.record_changes('klappa.participant', 'application');

CREATE POLICY assessment_manager ON klappa.assessment TO klappa_member
USING (call = ANY ((SELECT klappa.my_calls())::uuid[]));
CREATE POLICY decision_member_read ON klappa.decision FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.application a WHERE a.id = decision.application));
CREATE POLICY decision_manager_add ON klappa.decision FOR INSERT TO klappa_member
WITH CHECK (call = ANY ((SELECT klappa.my_calls())::uuid[]) AND told_by = (SELECT klappa.reader()));
CREATE POLICY participant_manager_read ON klappa.participant FOR SELECT TO klappa_member
USING (call = ANY ((SELECT klappa.my_calls())::uuid[]));
CREATE POLICY participant_manager_add ON klappa.participant FOR INSERT TO klappa_member
WITH CHECK (call = ANY ((SELECT klappa.my_calls())::uuid[]));
CREATE POLICY participant_own_read ON klappa.participant FOR SELECT TO klappa_member
USING (account = (SELECT klappa.reader()) OR account IS NULL AND lower(email) = (SELECT klappa.my_email()));
CREATE POLICY participant_own_change ON klappa.participant FOR UPDATE TO klappa_member
USING (account = (SELECT klappa.reader()) OR account IS NULL AND lower(email) = (SELECT klappa.my_email()));

GRANT SELECT, UPDATE (eligibility, outcome, waiting_rank, note) ON klappa.assessment TO klappa_member;
GRANT SELECT, INSERT (id, application, call, outcome, subject, body, told_by) ON klappa.decision TO klappa_member;
GRANT SELECT, INSERT (id, application), UPDATE (person) ON klappa.participant TO klappa_member;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.assessment, klappa.participant TO klappa_worker;
GRANT SELECT, INSERT ON klappa.decision TO klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.lock_call(uuid), klappa.withdraw_application(uuid) TO klappa_member, klappa_worker;

-- The history of a programme and its applications, for who manages it; applicants do not read it.
CREATE POLICY change_manager_read ON klappa.change FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.programme p WHERE p.id = change.subject)
    OR EXISTS (SELECT FROM klappa.call c WHERE c.id = change.subject)
    OR EXISTS (SELECT FROM klappa.assessment a WHERE a.application = change.subject));
CREATE POLICY change_value_manager_read ON klappa.change_value FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.programme p WHERE p.id = change_value.subject)
    OR EXISTS (SELECT FROM klappa.call c WHERE c.id = change_value.subject)
    OR EXISTS (SELECT FROM klappa.assessment a WHERE a.application = change_value.subject));

RESET ROLE;
