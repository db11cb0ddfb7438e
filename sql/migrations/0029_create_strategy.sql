-- Creates the common strategy as data: its frame, vision and rules, priorities, levels, indicators and commitments.
-- Anyone may read it; administrators change it, and every change is logged. What a file loaded stays until then.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.strategy (
    code text NOT NULL,
    title_sv text NOT NULL,
    title_en text NOT NULL,
    owner text NOT NULL,
    adopted_on date NOT NULL,
    adopted_by_sv text NOT NULL,
    adopted_by_en text NOT NULL,
    first_year smallint NOT NULL,
    last_year smallint NOT NULL,
    edited boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT strategy_pkey PRIMARY KEY (code),
    CONSTRAINT strategy_only_one CHECK (code = 'strategy'),
    CONSTRAINT strategy_title_sv_length CHECK (char_length(title_sv) BETWEEN 1 AND 200),
    CONSTRAINT strategy_title_en_length CHECK (char_length(title_en) BETWEEN 1 AND 200),
    CONSTRAINT strategy_years CHECK (first_year BETWEEN 2000 AND 2200 AND last_year BETWEEN first_year AND 2200)
);
COMMENT ON TABLE klappa.strategy IS 'Vocabulary: the frame of the common strategy, one row; the next strategy overwrites it and the log keeps this one.';

CREATE TABLE klappa.strategy_statement (
    code text NOT NULL,
    kind text NOT NULL,
    text_sv text NOT NULL,
    text_en text NOT NULL,
    year smallint,
    paraphrase boolean NOT NULL DEFAULT true,
    sort_order integer NOT NULL DEFAULT 0,
    retired boolean NOT NULL DEFAULT false,
    edited boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT strategy_statement_pkey PRIMARY KEY (code),
    CONSTRAINT strategy_statement_kind_known CHECK (kind IN ('vision', 'level', 'financing', 'background')),
    CONSTRAINT strategy_statement_text_sv_length CHECK (char_length(text_sv) BETWEEN 1 AND 500),
    CONSTRAINT strategy_statement_text_en_length CHECK (char_length(text_en) BETWEEN 1 AND 500),
    CONSTRAINT strategy_statement_year_of_background CHECK ((kind = 'background') = (year IS NOT NULL))
);
COMMENT ON TABLE klappa.strategy_statement IS 'Vocabulary: what the strategy says: themes of its vision, rules of the levels, principles of financing, background by year.';
COMMENT ON COLUMN klappa.strategy_statement.paraphrase IS 'Told in our words; false once an administrator has put the adopted wording here.';

CREATE TABLE klappa.strategy_priority (
    code text NOT NULL,
    no smallint NOT NULL,
    name_sv text NOT NULL,
    name_en text NOT NULL,
    edited boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT strategy_priority_pkey PRIMARY KEY (code),
    CONSTRAINT strategy_priority_no_unique UNIQUE (no),
    CONSTRAINT strategy_priority_no_range CHECK (no BETWEEN 1 AND 9),
    CONSTRAINT strategy_priority_name_sv_length CHECK (char_length(name_sv) BETWEEN 1 AND 200),
    CONSTRAINT strategy_priority_name_en_length CHECK (char_length(name_en) BETWEEN 1 AND 200)
);
COMMENT ON TABLE klappa.strategy_priority IS 'Vocabulary: the four priorities of the strategy; actions, goals, commitments and programmes are tied to them.';
COMMENT ON COLUMN klappa.strategy_priority.no IS 'Its number in the strategy, from 1.';

CREATE TABLE klappa.strategy_level (
    no smallint NOT NULL,
    name_sv text NOT NULL,
    name_en text NOT NULL,
    edited boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT strategy_level_pkey PRIMARY KEY (no),
    CONSTRAINT strategy_level_no_range CHECK (no BETWEEN 1 AND 3),
    CONSTRAINT strategy_level_name_sv_length CHECK (char_length(name_sv) BETWEEN 1 AND 200),
    CONSTRAINT strategy_level_name_en_length CHECK (char_length(name_en) BETWEEN 1 AND 200)
);
COMMENT ON TABLE klappa.strategy_level IS 'Vocabulary: the three levels of cooperation; each presupposes those below it.';

CREATE TABLE klappa.strategy_indicator (
    code text NOT NULL,
    unit text NOT NULL,
    name_sv text NOT NULL,
    name_en text NOT NULL,
    edited boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT strategy_indicator_pkey PRIMARY KEY (code),
    CONSTRAINT strategy_indicator_code_form CHECK (code ~ '^[a-z][a-z0-9_]{0,79}$'),
    CONSTRAINT strategy_indicator_unit_known CHECK (unit IN ('boolean', 'hours', 'count', 'days', 'fte', 'percent',
        'date', 'sek')),
    CONSTRAINT strategy_indicator_name_sv_length CHECK (char_length(name_sv) BETWEEN 1 AND 200),
    CONSTRAINT strategy_indicator_name_en_length CHECK (char_length(name_en) BETWEEN 1 AND 200)
);
COMMENT ON TABLE klappa.strategy_indicator IS 'Vocabulary: how a commitment is measured, and in which unit.';
COMMENT ON COLUMN klappa.strategy_indicator.unit IS 'boolean: done or not; date: the day on which it was last done.';

CREATE TABLE klappa.strategy_commitment (
    code text NOT NULL,
    priority text NOT NULL,
    level smallint NOT NULL,
    name_sv text NOT NULL,
    name_en text NOT NULL,
    indicator text,
    example boolean NOT NULL DEFAULT false,
    sort_order integer NOT NULL DEFAULT 0,
    retired boolean NOT NULL DEFAULT false,
    counts_since timestamptz NOT NULL DEFAULT now(),
    edited boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT strategy_commitment_pkey PRIMARY KEY (code),
    CONSTRAINT strategy_commitment_code_priority_unique UNIQUE (code, priority),
    CONSTRAINT strategy_commitment_code_form CHECK (code ~ '^[a-z][a-z0-9_]{0,79}$'),
    CONSTRAINT strategy_commitment_name_sv_length CHECK (char_length(name_sv) BETWEEN 1 AND 200),
    CONSTRAINT strategy_commitment_name_en_length CHECK (char_length(name_en) BETWEEN 1 AND 200),
    CONSTRAINT strategy_commitment_priority_fkey FOREIGN KEY (priority) REFERENCES klappa.strategy_priority (code),
    CONSTRAINT strategy_commitment_level_fkey FOREIGN KEY (level) REFERENCES klappa.strategy_level (no),
    CONSTRAINT strategy_commitment_indicator_fkey FOREIGN KEY (indicator) REFERENCES klappa.strategy_indicator (code)
);
CREATE INDEX strategy_commitment_level ON klappa.strategy_commitment (level);
COMMENT ON TABLE klappa.strategy_commitment IS 'Vocabulary: what a region commits to at a level, by priority.';
COMMENT ON COLUMN klappa.strategy_commitment.example IS
    'Our example, not the adopted strategy''s; said wherever it is shown. An administrator who writes the real one takes the mark away.';
COMMENT ON COLUMN klappa.strategy_commitment.counts_since IS
    'Set by the database: since when it is asked for at its level. A level that was chosen before did not have to know it.';

CREATE FUNCTION klappa.note_strategy_edit() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, pg_temp
AS $$
BEGIN
    -- Runs with the writer's rights: what a person has written is theirs, and no file overwrites it again.
    new.edited := CASE
        WHEN current_user = 'klappa_member' THEN true
        WHEN TG_OP = 'UPDATE' THEN old.edited
        ELSE false
    END;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.note_strategy_edit() IS 'Marks what administrators wrote, so that loading the reference data leaves it alone.';

CREATE FUNCTION klappa.date_strategy_commitment() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' OR new.level <> old.level OR (old.retired AND NOT new.retired) THEN
        new.counts_since := now();
    ELSE
        new.counts_since := old.counts_since;
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.date_strategy_commitment() IS 'Keeps counts_since.';

CREATE TRIGGER strategy_commitment_date BEFORE INSERT OR UPDATE ON klappa.strategy_commitment
FOR EACH ROW EXECUTE FUNCTION klappa.date_strategy_commitment();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['strategy', 'strategy_statement', 'strategy_priority', 'strategy_level',
        'strategy_indicator', 'strategy_commitment']
    LOOP
        PERFORM klappa.protect(('klappa.' || name)::regclass), klappa.count_versions(('klappa.' || name)::regclass),
            klappa.record_changes(('klappa.' || name)::regclass, '', '{edited,counts_since}');
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE ON klappa.%I FOR EACH ROW EXECUTE FUNCTION klappa.note_strategy_edit()',
            name || '_note_edit', name);
        EXECUTE format('CREATE POLICY %I ON klappa.%I FOR SELECT TO klappa_public, klappa_member USING (true)',
            name || '_read', name);
        EXECUTE format('CREATE POLICY %I ON klappa.%I FOR UPDATE TO klappa_member USING ((SELECT klappa.is_administrator()))',
            name || '_change', name);
        EXECUTE format('GRANT SELECT ON klappa.%I TO klappa_public, klappa_member, klappa_worker', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['strategy_statement', 'strategy_indicator', 'strategy_commitment'] LOOP
        EXECUTE format('CREATE POLICY %I ON klappa.%I FOR INSERT TO klappa_member WITH CHECK ((SELECT klappa.is_administrator()))',
            name || '_add', name);
        EXECUTE format('GRANT INSERT ON klappa.%I TO klappa_member', name);
    END LOOP;
END
$$;

GRANT UPDATE (title_sv, title_en, owner, adopted_on, adopted_by_sv, adopted_by_en, first_year, last_year)
ON klappa.strategy TO klappa_member;
GRANT UPDATE (text_sv, text_en, year, paraphrase, sort_order, retired) ON klappa.strategy_statement TO klappa_member;
GRANT UPDATE (name_sv, name_en) ON klappa.strategy_priority, klappa.strategy_level, klappa.strategy_indicator
TO klappa_member;
GRANT UPDATE (level, name_sv, name_en, indicator, example, sort_order, retired)
ON klappa.strategy_commitment TO klappa_member;

RESET ROLE;
