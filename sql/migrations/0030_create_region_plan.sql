-- Creates what each region says of itself: its level with a period, evidence per commitment, goals and actions.
-- A level rests on approved evidence of every commitment below it: the database refuses it otherwise, and says what is missing.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

-- A region's own systems keep its plan too.
ALTER TABLE klappa.api_key DROP CONSTRAINT api_key_right_known,
    ADD CONSTRAINT api_key_right_known CHECK ("right" IN ('searcher', 'commissioner', 'region_administrator',
        'administrator'));

CREATE FUNCTION klappa.my_plans() RETURNS smallint[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(array_agg(DISTINCT x.no), '{}')
    FROM klappa.grants g
    JOIN klappa.account a ON a.id = g.account
    JOIN klappa.region x ON x.no = g.region OR g.region IS NULL
    WHERE g.account = klappa.reader() AND a.state = 'active' AND g.organisation IS NULL
        AND g."right" IN ('region_administrator', 'administrator')
$$;
COMMENT ON FUNCTION klappa.my_plans() IS 'The regions whose plan the reader may write: as region administrator or administrator.';

CREATE TABLE klappa.region_level (
    region smallint NOT NULL,
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    level smallint NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    decided_on date,
    decision text,
    note_sv text,
    note_en text,
    judged_at timestamptz NOT NULL DEFAULT now(),
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT region_level_pkey PRIMARY KEY (region, id),
    CONSTRAINT region_level_id_unique UNIQUE (id),
    CONSTRAINT region_level_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT region_level_days CHECK (first_day BETWEEN date '2000-01-01' AND date '2200-01-01'
        AND last_day BETWEEN first_day AND date '2200-01-01'),
    CONSTRAINT region_level_decision_length CHECK (char_length(decision) BETWEEN 1 AND 200),
    CONSTRAINT region_level_note_sv_length CHECK (char_length(note_sv) BETWEEN 1 AND 2000),
    CONSTRAINT region_level_note_en_length CHECK (char_length(note_en) BETWEEN 1 AND 2000),
    CONSTRAINT region_level_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no),
    CONSTRAINT region_level_level_fkey FOREIGN KEY (level) REFERENCES klappa.strategy_level (no),
    CONSTRAINT region_level_one_at_a_time EXCLUDE USING gist (region WITH =, daterange(first_day, last_day, '[]') WITH &&)
);
COMMENT ON TABLE klappa.region_level IS 'Base: the level of cooperation that a region has chosen, by period.';
COMMENT ON COLUMN klappa.region_level.last_day IS 'Included.';
COMMENT ON COLUMN klappa.region_level.decision IS 'Who decided, or under which number: what one asks the region for.';
COMMENT ON COLUMN klappa.region_level.judged_at IS 'Set by the database: when the levels below were last asked for.';

CREATE TABLE klappa.region_evidence (
    region smallint NOT NULL,
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    commitment text NOT NULL,
    state text NOT NULL DEFAULT 'submitted',
    state_reason text,
    text_sv text NOT NULL,
    text_en text,
    url text,
    value numeric,
    measured_on date,
    submitted_by uuid,
    approved_by uuid,
    approved_at timestamptz,
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT region_evidence_pkey PRIMARY KEY (region, id),
    CONSTRAINT region_evidence_id_unique UNIQUE (id),
    CONSTRAINT region_evidence_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT region_evidence_state_known CHECK (state IN ('submitted', 'returned', 'approved')),
    CONSTRAINT region_evidence_returned_with_reason CHECK (state <> 'returned' OR coalesce(state_reason, '') <> ''),
    CONSTRAINT region_evidence_state_reason_length CHECK (char_length(state_reason) <= 2000),
    CONSTRAINT region_evidence_approved_when CHECK ((state = 'approved') = (approved_at IS NOT NULL)),
    CONSTRAINT region_evidence_text_sv_length CHECK (char_length(text_sv) BETWEEN 1 AND 2000),
    CONSTRAINT region_evidence_text_en_length CHECK (char_length(text_en) BETWEEN 1 AND 2000),
    CONSTRAINT region_evidence_url_http CHECK (url ~ '^https?://' AND char_length(url) <= 2000),
    CONSTRAINT region_evidence_value_range CHECK (value >= 0 AND value < 1e15),
    CONSTRAINT region_evidence_measured_on_range CHECK (measured_on BETWEEN date '2000-01-01' AND date '2200-01-01'),
    CONSTRAINT region_evidence_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no),
    CONSTRAINT region_evidence_commitment_fkey FOREIGN KEY (commitment) REFERENCES klappa.strategy_commitment (code),
    CONSTRAINT region_evidence_submitted_by_fkey FOREIGN KEY (submitted_by) REFERENCES klappa.account (id) ON DELETE SET NULL,
    CONSTRAINT region_evidence_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES klappa.account (id) ON DELETE SET NULL
);
CREATE INDEX region_evidence_approved ON klappa.region_evidence (region, commitment) WHERE state = 'approved';
COMMENT ON TABLE klappa.region_evidence IS 'Base: what shows that a region meets a commitment; the public sees what is approved.';
COMMENT ON COLUMN klappa.region_evidence.value IS 'In the unit of the commitment''s indicator.';
COMMENT ON COLUMN klappa.region_evidence.measured_on IS 'The day that value and text speak of.';
COMMENT ON COLUMN klappa.region_evidence.approved_by IS 'Set by the database, as approved_at and submitted_by are.';

CREATE TABLE klappa.region_goal (
    region smallint NOT NULL,
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    priority text NOT NULL,
    title_sv text NOT NULL,
    title_en text,
    target_sv text,
    target_en text,
    source text,
    sort_order integer NOT NULL DEFAULT 0,
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT region_goal_pkey PRIMARY KEY (region, id),
    CONSTRAINT region_goal_id_unique UNIQUE (id),
    CONSTRAINT region_goal_id_priority_unique UNIQUE (region, id, priority),
    CONSTRAINT region_goal_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT region_goal_title_sv_length CHECK (char_length(title_sv) BETWEEN 1 AND 200),
    CONSTRAINT region_goal_title_en_length CHECK (char_length(title_en) BETWEEN 1 AND 200),
    CONSTRAINT region_goal_target_sv_length CHECK (char_length(target_sv) BETWEEN 1 AND 500),
    CONSTRAINT region_goal_target_en_length CHECK (char_length(target_en) BETWEEN 1 AND 500),
    CONSTRAINT region_goal_source_length CHECK (char_length(source) BETWEEN 1 AND 200),
    CONSTRAINT region_goal_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no),
    CONSTRAINT region_goal_priority_fkey FOREIGN KEY (priority) REFERENCES klappa.strategy_priority (code)
);
COMMENT ON TABLE klappa.region_goal IS 'Base: a region''s own goals, each mapped to one of the common priorities.';
COMMENT ON COLUMN klappa.region_goal.source IS 'The region''s own document in which the goal stands.';

CREATE TABLE klappa.region_action (
    region smallint NOT NULL,
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    priority text NOT NULL,
    commitment text,
    goal uuid,
    title_sv text NOT NULL,
    title_en text,
    text_sv text,
    text_en text,
    state text NOT NULL DEFAULT 'planned',
    responsible text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    result_sv text,
    result_en text,
    public boolean NOT NULL DEFAULT true,
    sort_order integer NOT NULL DEFAULT 0,
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT region_action_pkey PRIMARY KEY (region, id),
    CONSTRAINT region_action_id_unique UNIQUE (id),
    CONSTRAINT region_action_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT region_action_state_known CHECK (state IN ('planned', 'ongoing', 'done', 'paused', 'dropped')),
    CONSTRAINT region_action_title_sv_length CHECK (char_length(title_sv) BETWEEN 1 AND 200),
    CONSTRAINT region_action_title_en_length CHECK (char_length(title_en) BETWEEN 1 AND 200),
    CONSTRAINT region_action_text_sv_length CHECK (char_length(text_sv) BETWEEN 1 AND 2000),
    CONSTRAINT region_action_text_en_length CHECK (char_length(text_en) BETWEEN 1 AND 2000),
    CONSTRAINT region_action_responsible_length CHECK (char_length(responsible) BETWEEN 1 AND 200),
    CONSTRAINT region_action_result_sv_length CHECK (char_length(result_sv) BETWEEN 1 AND 2000),
    CONSTRAINT region_action_result_en_length CHECK (char_length(result_en) BETWEEN 1 AND 2000),
    CONSTRAINT region_action_days CHECK (first_day BETWEEN date '2000-01-01' AND date '2200-01-01'
        AND last_day BETWEEN first_day AND date '2200-01-01'),
    CONSTRAINT region_action_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no),
    CONSTRAINT region_action_priority_fkey FOREIGN KEY (priority) REFERENCES klappa.strategy_priority (code),
    CONSTRAINT region_action_commitment_fkey FOREIGN KEY (commitment, priority)
        REFERENCES klappa.strategy_commitment (code, priority),
    CONSTRAINT region_action_goal_fkey FOREIGN KEY (region, goal, priority)
        REFERENCES klappa.region_goal (region, id, priority) ON DELETE SET NULL (goal)
);
CREATE INDEX region_action_goal ON klappa.region_action (region, goal) WHERE goal IS NOT NULL;
ALTER TABLE klappa.region_action ALTER COLUMN responsible SET STATISTICS 0;
COMMENT ON TABLE klappa.region_action IS 'Base: the action plan of a region; each action serves one priority, and a commitment and a goal of that priority.';
COMMENT ON COLUMN klappa.region_action.responsible IS 'The unit or function that answers for it; shown with a public action.';
COMMENT ON COLUMN klappa.region_action.public IS 'Whether the public plan shows it.';

CREATE FUNCTION klappa.lock_plan(region smallint) RETURNS void
LANGUAGE sql VOLATILE
AS $$ SELECT pg_advisory_xact_lock(7002, region) $$;
COMMENT ON FUNCTION klappa.lock_plan(smallint) IS
    'Until the transaction ends nobody else changes the region''s level or the evidence that carries it.';

CREATE FUNCTION klappa.missing_commitments(of_region smallint, up_to smallint) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(array_agg(c.code ORDER BY c.level, p.no, c.sort_order, c.code), '{}')
    FROM klappa.strategy_commitment c
    JOIN klappa.strategy_priority p ON p.code = c.priority
    WHERE c.level <= up_to AND NOT c.retired AND NOT EXISTS (
        SELECT FROM klappa.region_evidence e
        WHERE e.region = of_region AND e.commitment = c.code AND e.state = 'approved')
$$;
COMMENT ON FUNCTION klappa.missing_commitments(smallint, smallint) IS
    'The commitments up to a level for which a region has no approved evidence, lowest level first.';

CREATE FUNCTION klappa.level_reached(of_region smallint) RETURNS smallint
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(max(c.level), 0::smallint)
    FROM klappa.strategy_commitment c
    WHERE NOT c.retired AND cardinality(klappa.missing_commitments(of_region, c.level)) = 0
$$;
COMMENT ON FUNCTION klappa.level_reached(smallint) IS
    'The highest level up to which a region has approved evidence of every commitment; 0 when it is none.';

CREATE FUNCTION klappa.judge_region_level() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    missing text[];
BEGIN
    IF TG_OP = 'UPDATE' AND new.region = old.region AND new.level <= old.level AND new.first_day >= old.first_day
        AND new.last_day <= old.last_day
    THEN
        new.judged_at := old.judged_at; -- nothing more is claimed than before
        RETURN new;
    END IF;
    PERFORM klappa.lock_plan(new.region);
    missing := klappa.missing_commitments(new.region, (new.level - 1)::smallint);
    IF cardinality(missing) > 0 THEN
        RAISE EXCEPTION 'level % needs approved evidence of every commitment below it; region % lacks it of %', new.level,
                (SELECT r.code FROM klappa.region r WHERE r.no = new.region), array_to_string(missing, ', ')
            USING ERRCODE = 'check_violation', SCHEMA = 'klappa', TABLE = 'region_level', COLUMN = 'level',
                CONSTRAINT = 'region_level_rests_on_lower_levels',
                HINT = 'Approve evidence of these commitments first, or choose a lower level.';
    END IF;
    new.judged_at := now();
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.judge_region_level() IS
    'Refuses a level while a commitment below it lacks approved evidence (BX-05); the message ends with the list of their codes.';

CREATE FUNCTION klappa.prepare_region_evidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        new.submitted_by := klappa.reader();
    ELSIF (new.commitment, new.text_sv, new.text_en, new.url, new.value, new.measured_on)
        IS DISTINCT FROM (old.commitment, old.text_sv, old.text_en, old.url, old.value, old.measured_on)
    THEN
        new.submitted_by := klappa.reader();
        IF old.state = 'approved' AND new.state = 'approved' THEN
            new.state := 'submitted'; -- what was approved was something else
        END IF;
    ELSE
        new.submitted_by := old.submitted_by;
    END IF;
    IF new.state <> 'approved' THEN
        new.approved_by := NULL;
        new.approved_at := NULL;
    ELSIF TG_OP = 'UPDATE' AND old.state = 'approved' THEN
        new.approved_by := old.approved_by;
        new.approved_at := old.approved_at;
    ELSE
        new.approved_by := klappa.reader();
        new.approved_at := now();
    END IF;
    IF new.state <> 'returned' THEN
        new.state_reason := NULL;
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.prepare_region_evidence() IS
    'Notes who submitted and who approved, whatever the writer put there; evidence that is rewritten loses its approval.';

CREATE FUNCTION klappa.guard_region_evidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    carried smallint;
BEGIN
    PERFORM klappa.lock_plan(old.region);
    SELECT max(l.level) INTO carried
    FROM klappa.region_level l
    JOIN klappa.strategy_commitment c ON c.code = old.commitment
    WHERE l.region = old.region AND l.last_day >= klappa.today() AND l.level > c.level AND NOT c.retired;
    IF carried IS NOT NULL AND NOT EXISTS (
        SELECT FROM klappa.region_evidence e
        WHERE e.region = old.region AND e.commitment = old.commitment AND e.state = 'approved')
    THEN
        RAISE EXCEPTION 'level % of region % rests on this evidence of %', carried,
                (SELECT r.code FROM klappa.region r WHERE r.no = old.region), old.commitment
            USING ERRCODE = 'check_violation', SCHEMA = 'klappa', TABLE = 'region_evidence', COLUMN = 'state',
                CONSTRAINT = 'region_evidence_carries_level',
                HINT = 'Lower the level first, or approve other evidence of the commitment.';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.guard_region_evidence() IS
    'Refuses to take away the last approved evidence of a commitment on which a chosen level rests.';

CREATE TRIGGER region_level_judge BEFORE INSERT OR UPDATE ON klappa.region_level
FOR EACH ROW EXECUTE FUNCTION klappa.judge_region_level();
CREATE TRIGGER region_evidence_prepare BEFORE INSERT OR UPDATE ON klappa.region_evidence
FOR EACH ROW EXECUTE FUNCTION klappa.prepare_region_evidence();
CREATE TRIGGER region_evidence_guard_update AFTER UPDATE ON klappa.region_evidence
FOR EACH ROW WHEN (old.state = 'approved' AND (new.state <> 'approved' OR new.commitment <> old.commitment OR new.region <> old.region))
EXECUTE FUNCTION klappa.guard_region_evidence();
CREATE TRIGGER region_evidence_guard_delete AFTER DELETE ON klappa.region_evidence
FOR EACH ROW WHEN (old.state = 'approved') EXECUTE FUNCTION klappa.guard_region_evidence();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['region_level', 'region_evidence', 'region_goal', 'region_action'] LOOP
        PERFORM klappa.protect(('klappa.' || name)::regclass), klappa.count_versions(('klappa.' || name)::regclass);
        EXECUTE format('CREATE POLICY %I ON klappa.%I FOR SELECT TO klappa_member USING (region = ANY ((SELECT klappa.my_offices())::smallint[]))',
            name || '_member_read', name);
        EXECUTE format('CREATE POLICY %I ON klappa.%I FOR INSERT TO klappa_member WITH CHECK (region = ANY ((SELECT klappa.my_plans())::smallint[]) AND NOT invented %s)',
            name || '_member_add', name, CASE name WHEN 'region_evidence' THEN 'AND state = ''submitted''' ELSE '' END);
        EXECUTE format('CREATE POLICY %I ON klappa.%I FOR UPDATE TO klappa_member USING (region = ANY ((SELECT klappa.my_plans())::smallint[]))',
            name || '_member_change', name);
        EXECUTE format('CREATE POLICY %I ON klappa.%I FOR DELETE TO klappa_member USING (region = ANY ((SELECT klappa.my_plans())::smallint[]))',
            name || '_member_remove', name);
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON klappa.%I TO klappa_member', name);
        EXECUTE format('GRANT SELECT, INSERT ON klappa.%I TO klappa_worker', name);
    END LOOP;
END
$$;
SELECT klappa.record_changes('klappa.region_level', '', '{judged_at}'), klappa.record_changes('klappa.region_evidence', ''),
    klappa.record_changes('klappa.region_goal', ''), klappa.record_changes('klappa.region_action', '');

GRANT UPDATE (level, first_day, last_day, decided_on, decision, note_sv, note_en) ON klappa.region_level TO klappa_member;
GRANT UPDATE (state, state_reason, text_sv, text_en, url, value, measured_on) ON klappa.region_evidence TO klappa_member;
GRANT UPDATE (priority, title_sv, title_en, target_sv, target_en, source, sort_order) ON klappa.region_goal TO klappa_member;
GRANT UPDATE (priority, commitment, goal, title_sv, title_en, text_sv, text_en, state, responsible, first_day, last_day,
    result_sv, result_en, public, sort_order)
ON klappa.region_action TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.my_plans() TO klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.missing_commitments(smallint, smallint), klappa.level_reached(smallint)
TO klappa_member, klappa_worker;

-- The history of a plan is read by those who read the plan: its log rows name the region in their key.
CREATE INDEX change_region_plan ON klappa.change ((key ->> 'region'), transaction)
WHERE kind IN ('region_level', 'region_evidence', 'region_goal', 'region_action');
CREATE POLICY change_member_read_plan ON klappa.change FOR SELECT TO klappa_member
USING (kind IN ('region_level', 'region_evidence', 'region_goal', 'region_action')
    AND (key ->> 'region')::smallint = ANY ((SELECT klappa.my_offices())::smallint[]));
CREATE POLICY change_value_member_read_plan ON klappa.change_value FOR SELECT TO klappa_member
USING (EXISTS (
    SELECT FROM klappa.change c
    WHERE c.transaction = change_value.transaction AND c.n = change_value.n
        AND c.kind IN ('region_level', 'region_evidence', 'region_goal', 'region_action')));

RESET ROLE;
