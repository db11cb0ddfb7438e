-- Lets programme managers give outside reviewers single applications to read and to assess, and nothing else.
-- A reviewer reads the application through a function and its files by a policy; taking the review back ends both at once.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.application_review (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    application uuid NOT NULL,
    call uuid NOT NULL,
    account uuid NOT NULL,
    given_by uuid,
    grade smallint,
    note text,
    said_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT application_review_pkey PRIMARY KEY (id),
    CONSTRAINT application_review_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT application_review_once UNIQUE (application, account),
    CONSTRAINT application_review_grade_range CHECK (grade BETWEEN 1 AND 5),
    CONSTRAINT application_review_note_length CHECK (char_length(note) BETWEEN 1 AND 10000),
    CONSTRAINT application_review_said CHECK ((said_at IS NULL) = (grade IS NULL)),
    CONSTRAINT application_review_application_fkey FOREIGN KEY (application, call)
        REFERENCES klappa.application (id, call) ON DELETE CASCADE,
    CONSTRAINT application_review_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE CASCADE,
    CONSTRAINT application_review_given_by_fkey FOREIGN KEY (given_by) REFERENCES klappa.account (id) ON DELETE SET NULL
);
CREATE INDEX application_review_account ON klappa.application_review (account);
CREATE INDEX application_review_call ON klappa.application_review (call);
ALTER TABLE klappa.application_review ALTER COLUMN note SET STATISTICS 0;
COMMENT ON TABLE klappa.application_review IS 'Base: which outside reviewer may read which application, and what they say of it.';
COMMENT ON COLUMN klappa.application_review.grade IS '1 to 5, 5 the best; NULL until they have said.';

SELECT klappa.protect('klappa.application_review'), klappa.count_versions('klappa.application_review'),
    klappa.record_changes('klappa.application_review', 'application');

CREATE FUNCTION klappa.my_reviews() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(array_agg(v.application), '{}')
    FROM klappa.application_review v
    JOIN klappa.application a ON a.id = v.application
    JOIN klappa.account r ON r.id = v.account
    WHERE v.account = klappa.reader() AND a.state = 'submitted' AND r.state = 'active'
$$;
COMMENT ON FUNCTION klappa.my_reviews() IS 'The applications that were given to the reader to review; withdrawn ones are not among them.';

CREATE POLICY application_review_own_read ON klappa.application_review FOR SELECT TO klappa_member
USING (account = (SELECT klappa.reader()));
CREATE POLICY application_review_own_say ON klappa.application_review FOR UPDATE TO klappa_member
USING (account = (SELECT klappa.reader()) AND application = ANY ((SELECT klappa.my_reviews())::uuid[]));
CREATE POLICY application_review_manager_read ON klappa.application_review FOR SELECT TO klappa_member
USING (call = ANY ((SELECT klappa.my_calls())::uuid[]));
CREATE POLICY application_review_manager_take ON klappa.application_review FOR DELETE TO klappa_member
USING (call = ANY ((SELECT klappa.my_calls())::uuid[]));
CREATE POLICY answer_file_reviewer_read ON klappa.answer_file FOR SELECT TO klappa_member
USING (application = ANY ((SELECT klappa.my_reviews())::uuid[]));

GRANT SELECT, DELETE, UPDATE (grade, note, said_at) ON klappa.application_review TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.my_reviews() TO klappa_member;

CREATE FUNCTION klappa.applications_to_review()
RETURNS TABLE (
    application uuid, arrival integer, submitted_at timestamptz, snapshot jsonb, title_sv text, title_en text,
    programme_sv text, programme_en text, grade smallint, note text, version bigint
)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT a.id, a.arrival, a.submitted_at, a.snapshot, c.title_sv, coalesce(c.title_en, c.title_sv), p.name_sv,
        coalesce(p.name_en, p.name_sv), v.grade, v.note, v.version
    FROM klappa.application_review v
    JOIN klappa.application a ON a.id = v.application
    JOIN klappa.call c ON c.id = a.call
    JOIN klappa.programme p ON p.id = c.programme
    WHERE v.account = klappa.reader() AND a.id = ANY (klappa.my_reviews())
$$;
COMMENT ON FUNCTION klappa.applications_to_review() IS
    'What the reader was given to review: the application as it was sent, what it is for, and their own words. No outcome, no one else''s words.';

CREATE FUNCTION klappa.give_to_reviewer(
    applications uuid[], email text, name text, language text, OUT account uuid, OUT letters_in text, OUT given integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    mine uuid[] := array(
        SELECT a.id FROM klappa.application a
        WHERE a.id = ANY (give_to_reviewer.applications) AND a.state = 'submitted' AND a.call = ANY (klappa.my_calls()));
    reviewer uuid;
    written text;
    count integer;
BEGIN
    IF cardinality(mine) = 0 THEN
        RAISE EXCEPTION 'only who manages a call gives its applications' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT o.account, o.letters_in INTO reviewer, written
    FROM klappa.open_account(give_to_reviewer.email, give_to_reviewer.name, give_to_reviewer.language) AS o;
    IF reviewer IS NULL OR reviewer = klappa.reader() THEN
        given := 0;
        RETURN;
    END IF;
    INSERT INTO klappa.application_review AS v (application, call, account, given_by)
    SELECT a.id, a.call, reviewer, klappa.reader()
    FROM klappa.application a
    -- Nobody reviews what they sent themselves.
    WHERE a.id = ANY (mine) AND a.account IS DISTINCT FROM reviewer AND lower(a.email) <> lower(give_to_reviewer.email)
    ON CONFLICT ON CONSTRAINT application_review_once DO NOTHING;
    GET DIAGNOSTICS count = ROW_COUNT;
    account := reviewer;
    letters_in := written;
    given := count;
END
$$;
COMMENT ON FUNCTION klappa.give_to_reviewer(uuid[], text, text, text) IS
    'Gives submitted applications of calls that the reader manages to whoever has an address, opening an account where there is none; gives how many are new to them.';

GRANT EXECUTE ON FUNCTION klappa.applications_to_review(), klappa.give_to_reviewer(uuid[], text, text, text)
TO klappa_member;

RESET ROLE;
