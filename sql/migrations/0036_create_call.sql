-- Creates calls of programmes: when they open and close, how many places there are, and the form as question rows.
-- Beside each call stands its tally, the row that is locked while numbers are drawn and places are taken.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.call (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    programme uuid NOT NULL,
    state text NOT NULL DEFAULT 'draft',
    unlisted boolean NOT NULL DEFAULT false,
    title_sv text COLLATE "sv-x-icu" NOT NULL,
    title_en text,
    guidelines_sv text,
    guidelines_en text,
    opens_at timestamptz,
    closes_at timestamptz,
    places integer NOT NULL,
    accepted_sv text,
    accepted_en text,
    waiting_sv text,
    waiting_en text,
    declined_sv text,
    declined_en text,
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT call_pkey PRIMARY KEY (id),
    CONSTRAINT call_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT call_state_known CHECK (state IN ('draft', 'published', 'closed')),
    CONSTRAINT call_title_sv_length CHECK (char_length(title_sv) BETWEEN 1 AND 200),
    CONSTRAINT call_title_en_length CHECK (char_length(title_en) BETWEEN 1 AND 200),
    CONSTRAINT call_guidelines_sv_length CHECK (char_length(guidelines_sv) BETWEEN 1 AND 20000),
    CONSTRAINT call_guidelines_en_length CHECK (char_length(guidelines_en) BETWEEN 1 AND 20000),
    CONSTRAINT call_letters_length CHECK (greatest(char_length(accepted_sv), char_length(accepted_en),
        char_length(waiting_sv), char_length(waiting_en), char_length(declined_sv), char_length(declined_en)) <= 4000),
    CONSTRAINT call_whole CHECK (state = 'draft'
        OR num_nulls(title_en, guidelines_sv, guidelines_en, opens_at, closes_at) = 0),
    CONSTRAINT call_instants_ordered CHECK (opens_at < closes_at),
    CONSTRAINT call_instants_range CHECK (opens_at >= timestamptz '2000-01-01 00:00Z'
        AND closes_at <= timestamptz '2200-01-01 00:00Z'),
    CONSTRAINT call_places_range CHECK (places BETWEEN 1 AND 10000),
    CONSTRAINT call_programme_fkey FOREIGN KEY (programme) REFERENCES klappa.programme (id)
);
CREATE INDEX call_programme ON klappa.call (programme);
COMMENT ON TABLE klappa.call IS 'Base: calls for applications to a programme.';
COMMENT ON COLUMN klappa.call.state IS
    'draft, published, closed. Published ones take applications from opens_at on; after closes_at these are kept and marked late; a closed one takes none.';
COMMENT ON COLUMN klappa.call.unlisted IS 'Left out of lists: reached only by who has the address.';
COMMENT ON COLUMN klappa.call.accepted_sv IS 'What the organisation adds to the letter of acceptance; likewise for the waiting list and for a refusal.';

CREATE TABLE klappa.call_tally (
    call uuid NOT NULL,
    places integer NOT NULL,
    last_arrival integer NOT NULL DEFAULT 0,
    taken integer NOT NULL DEFAULT 0,
    CONSTRAINT call_tally_pkey PRIMARY KEY (call),
    CONSTRAINT call_tally_arrival_positive CHECK (last_arrival >= 0),
    CONSTRAINT call_places_kept CHECK (taken BETWEEN 0 AND places),
    CONSTRAINT call_tally_call_fkey FOREIGN KEY (call) REFERENCES klappa.call (id) ON DELETE CASCADE
);
COMMENT ON TABLE klappa.call_tally IS
    'Bookkeeping: a call''s counters, written by triggers only. Whoever draws an arrival number or takes a place locks the row first.';
COMMENT ON COLUMN klappa.call_tally.taken IS 'Applications that are selected; never more than places.';

CREATE FUNCTION klappa.keep_tally() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO klappa.call_tally (call, places) VALUES (new.id, new.places);
    ELSE
        UPDATE klappa.call_tally SET places = new.places WHERE call = new.id;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.keep_tally() IS 'Gives a call its tally, and the tally the call''s places: fewer than are taken are refused.';

CREATE TRIGGER call_tally_add AFTER INSERT ON klappa.call FOR EACH ROW EXECUTE FUNCTION klappa.keep_tally();
CREATE TRIGGER call_tally_places AFTER UPDATE OF places ON klappa.call
FOR EACH ROW WHEN (old.places <> new.places) EXECUTE FUNCTION klappa.keep_tally();

CREATE FUNCTION klappa.is_choices(jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT jsonb_typeof($1) = 'array' AND jsonb_array_length($1) BETWEEN 2 AND 50
        AND (SELECT bool_and(coalesce(klappa.is_slug(c ->> 'code')
                AND char_length(c ->> 'sv') BETWEEN 1 AND 200 AND char_length(c ->> 'en') BETWEEN 1 AND 200
                AND c - '{code,sv,en}'::text[] = '{}', false))
                AND count(DISTINCT c ->> 'code') = count(*)
            FROM jsonb_array_elements($1) AS c)
$$;
COMMENT ON FUNCTION klappa.is_choices(jsonb) IS 'Whether this is a list of choices, [{"code", "sv", "en"}], 2 to 50 with codes of their own.';

CREATE TABLE klappa.question (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    call uuid NOT NULL,
    code text NOT NULL,
    place smallint NOT NULL,
    kind text NOT NULL,
    label_sv text NOT NULL,
    label_en text NOT NULL,
    help_sv text,
    help_en text,
    required boolean NOT NULL DEFAULT false,
    longest integer,
    least numeric,
    most numeric,
    choices jsonb,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT question_pkey PRIMARY KEY (id),
    CONSTRAINT question_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT question_code_once UNIQUE (call, code),
    CONSTRAINT question_place_once UNIQUE (call, place) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT question_code_form CHECK (klappa.is_slug(code)),
    CONSTRAINT question_place_range CHECK (place BETWEEN 1 AND 100),
    CONSTRAINT question_kind_known CHECK (kind IN ('short_text', 'long_text', 'choice', 'number', 'file', 'link')),
    CONSTRAINT question_label_sv_length CHECK (char_length(label_sv) BETWEEN 1 AND 300),
    CONSTRAINT question_label_en_length CHECK (char_length(label_en) BETWEEN 1 AND 300),
    CONSTRAINT question_help_length CHECK (char_length(help_sv) BETWEEN 1 AND 1000 AND char_length(help_en) BETWEEN 1 AND 1000),
    CONSTRAINT question_longest_range CHECK (CASE kind
        WHEN 'short_text' THEN longest BETWEEN 1 AND 500
        WHEN 'long_text' THEN longest BETWEEN 1 AND 20000
        ELSE longest IS NULL END),
    CONSTRAINT question_longest_given CHECK (kind NOT IN ('short_text', 'long_text') OR longest IS NOT NULL),
    CONSTRAINT question_bounds_of_numbers CHECK (kind = 'number' OR num_nonnulls(least, most) = 0),
    CONSTRAINT question_bounds_ordered CHECK (least <= most),
    CONSTRAINT question_choices_form CHECK (CASE kind WHEN 'choice' THEN klappa.is_choices(choices) ELSE choices IS NULL END),
    CONSTRAINT question_choices_given CHECK (kind <> 'choice' OR choices IS NOT NULL),
    CONSTRAINT question_call_fkey FOREIGN KEY (call) REFERENCES klappa.call (id) ON DELETE CASCADE
);
COMMENT ON TABLE klappa.question IS 'Base: the form of a call, a row for each question beside name and address, which every form has.';
COMMENT ON COLUMN klappa.question.code IS 'The member of an application''s answers.';
COMMENT ON COLUMN klappa.question.longest IS 'Characters at most, for texts.';
COMMENT ON COLUMN klappa.question.choices IS '[{"code", "sv", "en"}] in order; an answer is one code.';

CREATE FUNCTION klappa.my_calls() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(array_agg(c.id), '{}')
    FROM klappa.call c
    JOIN klappa.programme p ON p.id = c.programme
    WHERE p.organisation = ANY (klappa.my_organisations())
$$;
COMMENT ON FUNCTION klappa.my_calls() IS 'The calls that the reader manages; asked once per statement.';

SELECT klappa.protect('klappa.call'), klappa.protect('klappa.call_tally'), klappa.protect('klappa.question'),
    klappa.count_versions('klappa.call'), klappa.count_versions('klappa.question'),
    klappa.record_changes('klappa.call', 'id'), klappa.record_changes('klappa.question', 'call');

CREATE POLICY call_member_read ON klappa.call FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.programme p WHERE p.id = call.programme));
CREATE POLICY call_member ON klappa.call TO klappa_member
USING (EXISTS (SELECT FROM klappa.programme p WHERE p.id = call.programme
    AND p.organisation = ANY ((SELECT klappa.my_organisations())::uuid[])));
CREATE POLICY call_tally_member_read ON klappa.call_tally FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.call c WHERE c.id = call_tally.call));
CREATE POLICY question_member_read ON klappa.question FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.call c WHERE c.id = question.call));
CREATE POLICY question_member ON klappa.question TO klappa_member
USING (call = ANY ((SELECT klappa.my_calls())::uuid[]));

GRANT SELECT ON klappa.call TO klappa_member;
GRANT INSERT (id, programme, unlisted, title_sv, title_en, guidelines_sv, guidelines_en, opens_at, closes_at, places,
    accepted_sv, accepted_en, waiting_sv, waiting_en, declined_sv, declined_en) ON klappa.call TO klappa_member;
GRANT UPDATE (state, unlisted, title_sv, title_en, guidelines_sv, guidelines_en, opens_at, closes_at, places,
    accepted_sv, accepted_en, waiting_sv, waiting_en, declined_sv, declined_en) ON klappa.call TO klappa_member;
GRANT SELECT, INSERT, DELETE ON klappa.question TO klappa_member;
GRANT UPDATE (place, kind, label_sv, label_en, help_sv, help_en, required, longest, least, most, choices)
ON klappa.question TO klappa_member;
GRANT SELECT ON klappa.call_tally TO klappa_member, klappa_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.call, klappa.question TO klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.my_calls(), klappa.is_choices(jsonb) TO klappa_member, klappa_worker;

RESET ROLE;
