-- Creates applications: drafts that only the applicant sees, and what becomes of them when they are submitted.
-- Submission draws the arrival number, judges the deadline by this clock, and locks what was said as a snapshot.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.application (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    call uuid NOT NULL,
    account uuid,
    state text NOT NULL DEFAULT 'draft',
    language text NOT NULL DEFAULT 'sv',
    name text COLLATE "sv-x-icu",
    email text,
    phone text,
    region smallint,
    answers jsonb NOT NULL DEFAULT '{}',
    snapshot jsonb,
    arrival integer,
    submitted_at timestamptz,
    late boolean,
    withdrawn_at timestamptz,
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT application_pkey PRIMARY KEY (id),
    CONSTRAINT application_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT application_call_unique UNIQUE (id, call),
    CONSTRAINT application_arrival_once UNIQUE (call, arrival),
    CONSTRAINT application_state_known CHECK (state IN ('draft', 'submitted', 'withdrawn')),
    CONSTRAINT application_language_known CHECK (language IN ('sv', 'en')),
    CONSTRAINT application_submitted_whole CHECK (CASE state
        WHEN 'draft' THEN num_nonnulls(snapshot, arrival, submitted_at, late, withdrawn_at) = 0
        ELSE num_nulls(name, email, snapshot, arrival, submitted_at, late) = 0 END),
    CONSTRAINT application_withdrawn_when CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CONSTRAINT application_arrival_positive CHECK (arrival >= 1),
    CONSTRAINT application_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT application_email_form CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(email) <= 254),
    CONSTRAINT application_phone_form CHECK (phone ~ '^\+?[0-9][0-9 ()./-]{3,30}$'),
    CONSTRAINT application_answers_object CHECK (jsonb_typeof(answers) = 'object'),
    CONSTRAINT application_answers_size CHECK (pg_column_size(answers) <= 1000000),
    CONSTRAINT application_call_fkey FOREIGN KEY (call) REFERENCES klappa.call (id),
    CONSTRAINT application_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE SET NULL,
    CONSTRAINT application_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no)
);
CREATE UNIQUE INDEX application_one_each ON klappa.application (call, account)
    WHERE account IS NOT NULL AND state <> 'withdrawn';
CREATE INDEX application_account ON klappa.application (account) WHERE account IS NOT NULL;
CREATE INDEX application_email ON klappa.application (lower(email)) WHERE account IS NULL;
ALTER TABLE klappa.application
    ALTER COLUMN name SET STATISTICS 0,
    ALTER COLUMN email SET STATISTICS 0,
    ALTER COLUMN phone SET STATISTICS 0,
    ALTER COLUMN answers SET STATISTICS 0,
    ALTER COLUMN snapshot SET STATISTICS 0;
ALTER INDEX klappa.application_email ALTER COLUMN 1 SET STATISTICS 0;
COMMENT ON TABLE klappa.application IS 'Base: applications to calls, from the first draft on.';
COMMENT ON COLUMN klappa.application.account IS
    'Whose it is; NULL when it came through the API without one: then it belongs to whoever signs in with its address.';
COMMENT ON COLUMN klappa.application.language IS 'In which letters are written.';
COMMENT ON COLUMN klappa.application.region IS 'Home region, one of the six; NULL elsewhere.';
COMMENT ON COLUMN klappa.application.answers IS 'The draft: question code to text, number or choice. Files lie in answer_file.';
COMMENT ON COLUMN klappa.application.snapshot IS
    'What was submitted, with the questions as they were: {"applicant", "answers": [{"code", "kind", "label", "answer"}]}. Never changed.';
COMMENT ON COLUMN klappa.application.arrival IS 'From 1, without holes, in the order in which the call''s tally was locked.';
COMMENT ON COLUMN klappa.application.submitted_at IS
    'When the transaction began that was opened as soon as the whole request had been read; waiting for the tally does not count.';

CREATE TABLE klappa.answer_file (
    application uuid NOT NULL,
    question text NOT NULL,
    hash bytea NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size integer NOT NULL,
    CONSTRAINT answer_file_pkey PRIMARY KEY (application, question),
    CONSTRAINT answer_file_hash_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT answer_file_name_form CHECK (char_length(name) BETWEEN 1 AND 200 AND name !~ '[[:cntrl:]/\\]'),
    CONSTRAINT answer_file_media_type_known CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png',
        'image/webp', 'text/plain')),
    CONSTRAINT answer_file_size_range CHECK (size BETWEEN 1 AND 10485760),
    CONSTRAINT answer_file_application_fkey FOREIGN KEY (application) REFERENCES klappa.application (id) ON DELETE CASCADE
);
CREATE INDEX answer_file_hash ON klappa.answer_file (hash);
ALTER TABLE klappa.answer_file ALTER COLUMN name SET STATISTICS 0;
COMMENT ON TABLE klappa.answer_file IS
    'Base: files that answer questions. The bytes lie in the state directory under their SHA-256; whoever sees the row may have them.';

CREATE FUNCTION klappa.my_email() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$ SELECT lower(a.email) FROM klappa.account a WHERE a.id = klappa.reader() AND a.state = 'active' AND a.kind = 'human' $$;
COMMENT ON FUNCTION klappa.my_email() IS
    'The address by which the reader signs in, in lower case; NULL for machines. Signing in has proved that it is theirs.';

CREATE FUNCTION klappa.refuse_answer(rule text, question text) RETURNS void
LANGUAGE plpgsql
SET search_path = klappa, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the answer to % does not fit its question', question USING ERRCODE = 'check_violation',
        SCHEMA = 'klappa', TABLE = 'application', COLUMN = question, CONSTRAINT = 'application_answer_' || rule;
END
$$;
COMMENT ON FUNCTION klappa.refuse_answer(text, text) IS 'Refuses an application; the column of the error is the question''s code.';

CREATE FUNCTION klappa.snapshot(a klappa.application) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = klappa, pg_temp
AS $$
DECLARE
    q klappa.question;
    f klappa.answer_file;
    given jsonb;
    words text;
    said jsonb := '[]';
    unknown text;
BEGIN
    SELECT k INTO unknown FROM jsonb_object_keys(a.answers) AS k
    WHERE NOT EXISTS (SELECT FROM klappa.question x WHERE x.call = a.call AND x.code = k AND x.kind <> 'file') LIMIT 1;
    IF unknown IS NOT NULL THEN
        PERFORM klappa.refuse_answer('unknown', unknown);
    END IF;
    FOR q IN SELECT * FROM klappa.question x WHERE x.call = a.call ORDER BY x.place LOOP
        given := nullif(nullif(a.answers -> q.code, 'null'), '""');
        words := a.answers ->> q.code;
        IF q.kind = 'file' THEN
            SELECT * INTO f FROM klappa.answer_file x WHERE x.application = a.id AND x.question = q.code;
            given := CASE WHEN FOUND THEN jsonb_build_object('name', f.name, 'mediaType', f.media_type, 'size', f.size,
                'sha256', encode(f.hash, 'hex')) END;
        END IF;
        IF given IS NULL THEN
            IF q.required THEN
                PERFORM klappa.refuse_answer('required', q.code);
            END IF;
        ELSIF q.kind <> 'file' AND ((jsonb_typeof(given) = 'number') <> (q.kind = 'number')
            OR jsonb_typeof(given) NOT IN ('number', 'string')) THEN
            PERFORM klappa.refuse_answer('kind', q.code);
        ELSIF q.kind IN ('short_text', 'long_text') AND char_length(words) > q.longest THEN
            PERFORM klappa.refuse_answer('length', q.code);
        ELSIF q.kind = 'short_text' AND words ~ '[\n\r]' THEN
            PERFORM klappa.refuse_answer('line', q.code);
        ELSIF q.kind = 'link' AND (words !~ '^https?://[^[:space:]<>"]+$' OR char_length(words) > 2000) THEN
            PERFORM klappa.refuse_answer('link', q.code);
        ELSIF q.kind = 'number' AND (given::numeric < q.least OR given::numeric > q.most) THEN
            PERFORM klappa.refuse_answer('bounds', q.code);
        ELSIF q.kind = 'choice' AND NOT q.choices @> jsonb_build_array(jsonb_build_object('code', words)) THEN
            PERFORM klappa.refuse_answer('choice', q.code);
        END IF;
        said := said || jsonb_build_array(jsonb_build_object('code', q.code, 'kind', q.kind,
            'label', jsonb_build_object('sv', q.label_sv, 'en', q.label_en), 'answer', given)
            || coalesce((SELECT jsonb_build_object('chosen', c - 'code') FROM jsonb_array_elements(q.choices) AS c
                WHERE c ->> 'code' = words), '{}'));
    END LOOP;
    RETURN jsonb_build_object(
        'applicant', jsonb_build_object('name', a.name, 'email', a.email, 'phone', a.phone,
            'region', (SELECT r.code FROM klappa.region r WHERE r.no = a.region)),
        'answers', said);
END
$$;
COMMENT ON FUNCTION klappa.snapshot(klappa.application) IS
    'What an application says today, questions and answers together; refuses one that does not fit its form.';

CREATE FUNCTION klappa.guard_application() RETURNS trigger
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
                AND (new.state, new.withdrawn_at) IS NOT DISTINCT FROM (old.state, old.withdrawn_at)
                    OR old.state = 'submitted' AND new.state = 'withdrawn')
        THEN
            RAISE EXCEPTION 'a submitted application is locked' USING ERRCODE = 'check_violation',
                SCHEMA = 'klappa', TABLE = 'application', CONSTRAINT = 'application_locked';
        END IF;
    END IF;
    SELECT x.state, x.opens_at, x.closes_at, p.state AS programme INTO c
    FROM klappa.call x JOIN klappa.programme p ON p.id = x.programme WHERE x.id = new.call;
    IF (TG_OP = 'INSERT' OR new.state = 'submitted' AND old.state = 'draft')
        AND (c.state IS DISTINCT FROM 'published' OR c.programme <> 'published' OR c.opens_at > now())
    THEN
        RAISE EXCEPTION 'the call does not take applications now' USING ERRCODE = 'check_violation',
            SCHEMA = 'klappa', TABLE = 'application', CONSTRAINT = 'application_call_open';
    END IF;
    IF new.state = 'submitted' AND (TG_OP = 'INSERT' OR old.state = 'draft') THEN
        -- One at a time from here to the commit: numbers without ties and, since a rollback gives it back, without holes.
        UPDATE klappa.call_tally SET last_arrival = last_arrival + 1 WHERE call = new.call
        RETURNING last_arrival INTO new.arrival;
        new.submitted_at := now();
        new.late := now() > c.closes_at;
        new.snapshot := klappa.snapshot(new);
    ELSIF new.state = 'withdrawn' AND old.state = 'submitted' THEN
        new.withdrawn_at := now();
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.guard_application() IS
    'Lets drafts begin while the call takes applications; numbers, times and locks what is submitted.';

CREATE TRIGGER application_guard BEFORE INSERT OR UPDATE ON klappa.application
FOR EACH ROW EXECUTE FUNCTION klappa.guard_application();

CREATE FUNCTION klappa.guard_answer_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    which uuid := CASE TG_OP WHEN 'DELETE' THEN old.application ELSE new.application END;
    application record;
BEGIN
    SELECT a.state, a.call INTO application FROM klappa.application a WHERE a.id = which FOR KEY SHARE;
    -- Nothing is found when the application itself is going.
    IF FOUND AND application.state <> 'draft' THEN
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
COMMENT ON FUNCTION klappa.guard_answer_file() IS 'Files answer file questions of drafts; a submitted application keeps its own.';

CREATE TRIGGER answer_file_guard BEFORE INSERT OR UPDATE OR DELETE ON klappa.answer_file
FOR EACH ROW EXECUTE FUNCTION klappa.guard_answer_file();

CREATE FUNCTION klappa.submit_application(application uuid)
RETURNS TABLE (arrival integer, submitted_at timestamptz, late boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    UPDATE klappa.application a SET state = 'submitted'
    WHERE a.id = submit_application.application AND a.account = klappa.reader() AND a.state = 'draft'
    RETURNING a.arrival, a.submitted_at, a.late
$$;
COMMENT ON FUNCTION klappa.submit_application(uuid) IS 'Submits a draft of the reader''s own; no row when there is none.';

CREATE FUNCTION klappa.send_application(
    id uuid, call uuid, language text, name text, email text, phone text, region text, answers jsonb
) RETURNS TABLE (arrival integer, submitted_at timestamptz, late boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    INSERT INTO klappa.application AS a (id, call, state, language, name, email, phone, region, answers)
    SELECT send_application.id, send_application.call, 'submitted', send_application.language, send_application.name,
        send_application.email, send_application.phone,
        (SELECT r.no FROM klappa.region r WHERE r.code = send_application.region), send_application.answers
    RETURNING a.arrival, a.submitted_at, a.late
$$;
COMMENT ON FUNCTION klappa.send_application(uuid, uuid, text, text, text, text, text, jsonb) IS
    'Submits an application that was never a draft, from whoever: it belongs to the holder of its address.';

SELECT klappa.protect('klappa.application'), klappa.protect('klappa.answer_file');
-- The version of a locked application stays; a draft's counts its savings.
SELECT klappa.count_versions('klappa.application');
SELECT klappa.record_changes('klappa.application', 'id', '{answers}'),
    klappa.record_changes('klappa.answer_file', 'application');

CREATE POLICY application_own_read ON klappa.application FOR SELECT TO klappa_member
USING (account = (SELECT klappa.reader()));
CREATE POLICY application_own_add ON klappa.application FOR INSERT TO klappa_member
WITH CHECK (account = (SELECT klappa.reader()) AND state = 'draft');
CREATE POLICY application_own_change ON klappa.application FOR UPDATE TO klappa_member
USING (account = (SELECT klappa.reader()) AND state = 'draft');
CREATE POLICY application_own_discard ON klappa.application FOR DELETE TO klappa_member
USING (account = (SELECT klappa.reader()) AND state = 'draft');
CREATE POLICY application_addressed_read ON klappa.application FOR SELECT TO klappa_member
USING (account IS NULL AND lower(email) = (SELECT klappa.my_email()));
CREATE POLICY application_manager_read ON klappa.application FOR SELECT TO klappa_member
USING (state <> 'draft' AND call = ANY ((SELECT klappa.my_calls())::uuid[]));
CREATE POLICY answer_file_member_read ON klappa.answer_file FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.application a WHERE a.id = answer_file.application));
CREATE POLICY answer_file_own ON klappa.answer_file TO klappa_member
USING (EXISTS (SELECT FROM klappa.application a WHERE a.id = answer_file.application
    AND a.account = (SELECT klappa.reader()) AND a.state = 'draft'));

GRANT SELECT, DELETE ON klappa.application TO klappa_member;
GRANT INSERT (id, call, account, language, name, email, phone, region, answers) ON klappa.application TO klappa_member;
GRANT UPDATE (language, name, email, phone, region, answers) ON klappa.application TO klappa_member;
GRANT SELECT, INSERT, DELETE ON klappa.answer_file TO klappa_member;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.application, klappa.answer_file TO klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.my_email(), klappa.submit_application(uuid),
    klappa.send_application(uuid, uuid, text, text, text, text, text, jsonb)
TO klappa_member;

RESET ROLE;
