-- Creates inquiries: what a production asks of the regions, with its phases, contacts and needs, and its case number.
-- A case is seen by the offices it belongs to or was handed to and by nobody else; the producer comes through a link.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.inquiry_transition (
    from_status text NOT NULL,
    to_status text NOT NULL,
    by_producer boolean NOT NULL,
    CONSTRAINT inquiry_transition_pkey PRIMARY KEY (from_status, to_status),
    CONSTRAINT inquiry_transition_goes_somewhere CHECK (from_status <> to_status),
    CONSTRAINT inquiry_transition_from_fkey FOREIGN KEY (from_status) REFERENCES klappa.inquiry_status (code),
    CONSTRAINT inquiry_transition_to_fkey FOREIGN KEY (to_status) REFERENCES klappa.inquiry_status (code)
);
COMMENT ON TABLE klappa.inquiry_transition IS 'Vocabulary: every step that an inquiry may take from one status to another; there are no others.';
COMMENT ON COLUMN klappa.inquiry_transition.by_producer IS 'Whether the producer may take it too, through the private link.';

CREATE TABLE klappa.inquiry_counter (
    year smallint NOT NULL,
    last integer NOT NULL,
    CONSTRAINT inquiry_counter_pkey PRIMARY KEY (year),
    CONSTRAINT inquiry_counter_last_positive CHECK (last > 0)
);
COMMENT ON TABLE klappa.inquiry_counter IS
    'Bookkeeping: the last case number of each year. An insert locks the row, so numbers come in order and without gaps.';
ALTER TABLE klappa.inquiry_counter ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY inquiry_counter_owner ON klappa.inquiry_counter TO klappa_owner USING (true) WITH CHECK (true);

CREATE FUNCTION klappa.first_answer_due(received timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT (CASE extract(isodow FROM start.at)
            WHEN 5 THEN start.at + interval '3 days'
            ELSE start.at + interval '1 day'
        END) AT TIME ZONE 'Europe/Stockholm'
    FROM (
        SELECT CASE extract(isodow FROM t.local)
            WHEN 6 THEN date_trunc('day', t.local) + interval '2 days 8 hours'
            WHEN 7 THEN date_trunc('day', t.local) + interval '1 day 8 hours'
            ELSE t.local
        END AS at
        FROM (SELECT received AT TIME ZONE 'Europe/Stockholm' AS local) AS t) AS start
$$;
COMMENT ON FUNCTION klappa.first_answer_due(timestamptz) IS
    'When the first answer is due: the same time on the next weekday; what comes on a weekend counts as Monday at 8.';

CREATE FUNCTION klappa.intake_region() RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT 12::smallint $$;
COMMENT ON FUNCTION klappa.intake_region() IS
    'The region whose office receives inquiries that name none: Skåne, where Southern Sweden Film Commission sits.';

CREATE TABLE klappa.inquiry (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    number text NOT NULL,
    source text NOT NULL,
    status text NOT NULL DEFAULT 'new',
    outcome text NOT NULL DEFAULT 'open',
    final boolean NOT NULL DEFAULT false,
    title text COLLATE "sv-x-icu" NOT NULL,
    production_type text,
    scale text,
    company text COLLATE "sv-x-icu",
    summary text,
    crew_needs text,
    location_needs text,
    budget numeric(14, 2),
    spend_per_day numeric(14, 2),
    currency text NOT NULL DEFAULT 'SEK',
    script_on_file boolean NOT NULL DEFAULT false,
    breakdown_received boolean NOT NULL DEFAULT false,
    lead_region smallint NOT NULL,
    officer uuid,
    offices smallint[] NOT NULL,
    language text NOT NULL DEFAULT 'sv',
    received_at timestamptz NOT NULL DEFAULT now(),
    answer_due timestamptz NOT NULL,
    answered_at timestamptz,
    waiting_since timestamptz,
    next_action text,
    next_action_on date,
    closed_at timestamptz,
    lost_reason text,
    winner text,
    winning_place text,
    spend_forgone numeric(14, 2),
    spend_forgone_unknown boolean NOT NULL DEFAULT false,
    knowable_on date,
    knowable_unknown boolean NOT NULL DEFAULT false,
    due timestamptz GENERATED ALWAYS AS (CASE WHEN final THEN NULL ELSE least(
        CASE WHEN answered_at IS NULL THEN answer_due END,
        klappa.first_answer_due(waiting_since),
        ((next_action_on + 1)::timestamp AT TIME ZONE 'Europe/Stockholm')) END) STORED,
    words text GENERATED ALWAYS AS (klappa.fold(number || ' ' || title || ' ' || coalesce(company, ''))) STORED,
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT inquiry_pkey PRIMARY KEY (id),
    CONSTRAINT inquiry_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT inquiry_number_unique UNIQUE (number),
    CONSTRAINT inquiry_number_form CHECK (number ~ '^SYD-[0-9]{4}-[0-9]{4,}$'),
    CONSTRAINT inquiry_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT inquiry_scale_known CHECK (scale IN ('small', 'medium', 'large')),
    CONSTRAINT inquiry_company_length CHECK (char_length(company) BETWEEN 1 AND 200),
    CONSTRAINT inquiry_summary_length CHECK (char_length(summary) BETWEEN 1 AND 10000),
    CONSTRAINT inquiry_crew_needs_length CHECK (char_length(crew_needs) BETWEEN 1 AND 10000),
    CONSTRAINT inquiry_location_needs_length CHECK (char_length(location_needs) BETWEEN 1 AND 10000),
    CONSTRAINT inquiry_budget_positive CHECK (budget >= 0),
    CONSTRAINT inquiry_spend_per_day_positive CHECK (spend_per_day >= 0),
    CONSTRAINT inquiry_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT inquiry_language_known CHECK (language IN ('sv', 'en')),
    CONSTRAINT inquiry_next_action_length CHECK (char_length(next_action) BETWEEN 1 AND 500),
    CONSTRAINT inquiry_next_action_range CHECK (next_action_on BETWEEN date '2000-01-01' AND date '2199-12-31'),
    CONSTRAINT inquiry_next_action_dated CHECK (next_action_on IS NULL OR next_action IS NOT NULL),
    CONSTRAINT inquiry_answered_after_receipt CHECK (answered_at >= received_at),
    CONSTRAINT inquiry_closed_with_outcome CHECK ((closed_at IS NOT NULL) = (outcome <> 'open')),
    CONSTRAINT inquiry_winner_known CHECK (winner IN ('place', 'none', 'unknown')),
    CONSTRAINT inquiry_winning_place_length CHECK (char_length(winning_place) BETWEEN 1 AND 200),
    CONSTRAINT inquiry_winning_place_named CHECK ((winning_place IS NOT NULL) = (winner IS NOT NULL AND winner = 'place')),
    CONSTRAINT inquiry_spend_forgone_positive CHECK (spend_forgone >= 0),
    CONSTRAINT inquiry_lost_with_reason CHECK (CASE WHEN outcome = 'lost'
        THEN lost_reason IS NOT NULL AND winner IS NOT NULL AND (spend_forgone IS NULL) = spend_forgone_unknown
            AND (knowable_on IS NULL) = knowable_unknown
        ELSE lost_reason IS NULL AND winner IS NULL AND spend_forgone IS NULL AND NOT spend_forgone_unknown
            AND knowable_on IS NULL AND NOT knowable_unknown END),
    CONSTRAINT inquiry_offices_hold_lead CHECK (lead_region = ANY (offices)),
    CONSTRAINT inquiry_source_fkey FOREIGN KEY (source) REFERENCES klappa.lead_source (code),
    CONSTRAINT inquiry_status_fkey FOREIGN KEY (status) REFERENCES klappa.inquiry_status (code),
    CONSTRAINT inquiry_production_type_fkey FOREIGN KEY (production_type) REFERENCES klappa.production_type (code),
    CONSTRAINT inquiry_lead_region_fkey FOREIGN KEY (lead_region) REFERENCES klappa.region (no),
    CONSTRAINT inquiry_officer_fkey FOREIGN KEY (officer) REFERENCES klappa.account (id) ON DELETE SET NULL,
    CONSTRAINT inquiry_lost_reason_fkey FOREIGN KEY (lost_reason) REFERENCES klappa.lost_reason (code)
);
CREATE INDEX inquiry_active_due ON klappa.inquiry (due, number) WHERE NOT final;
CREATE INDEX inquiry_region_due ON klappa.inquiry (lead_region, due, number) WHERE NOT final;
CREATE INDEX inquiry_region_received ON klappa.inquiry (lead_region, received_at);
CREATE INDEX inquiry_received ON klappa.inquiry (received_at DESC, number);
CREATE INDEX inquiry_officer ON klappa.inquiry (officer) WHERE officer IS NOT NULL;
ALTER TABLE klappa.inquiry
    ALTER COLUMN title SET STATISTICS 0,
    ALTER COLUMN company SET STATISTICS 0,
    ALTER COLUMN summary SET STATISTICS 0,
    ALTER COLUMN crew_needs SET STATISTICS 0,
    ALTER COLUMN location_needs SET STATISTICS 0,
    ALTER COLUMN next_action SET STATISTICS 0,
    ALTER COLUMN winning_place SET STATISTICS 0,
    ALTER COLUMN words SET STATISTICS 0;
COMMENT ON TABLE klappa.inquiry IS 'Base: cases, what productions ask of the regions and what came of it.';
COMMENT ON COLUMN klappa.inquiry.number IS 'SYD-2026-0318: the year of receipt and a number without gaps in it; set by the database.';
COMMENT ON COLUMN klappa.inquiry.outcome IS 'The outcome that the status means, and final whether nothing more is expected; set by the database.';
COMMENT ON COLUMN klappa.inquiry.scale IS 'What the form asked: small (a day or a few), medium, large (weeks, many people).';
COMMENT ON COLUMN klappa.inquiry.spend_per_day IS 'What a day of shooting is thought to leave in the region.';
COMMENT ON COLUMN klappa.inquiry.offices IS
    'The regions whose offices see the case: the lead, those that led it before, the one it is offered to; set by the database.';
COMMENT ON COLUMN klappa.inquiry.language IS 'The language in which the producer is written to.';
COMMENT ON COLUMN klappa.inquiry.answer_due IS 'When the first answer is due, counted from receipt.';
COMMENT ON COLUMN klappa.inquiry.answered_at IS 'The first answer, set by the entry that is one.';
COMMENT ON COLUMN klappa.inquiry.waiting_since IS 'Since when the producer waits for an answer to a message; NULL when nothing waits.';
COMMENT ON COLUMN klappa.inquiry.due IS 'What comes first: the first answer, the answer to a message, the end of the day of the next action.';
COMMENT ON COLUMN klappa.inquiry.winner IS 'Of a lost case: a place (named in winning_place), none (not made), unknown.';
COMMENT ON COLUMN klappa.inquiry.spend_forgone IS 'Of a lost case: what would have been spent here; or it is marked as unknown.';
COMMENT ON COLUMN klappa.inquiry.knowable_on IS 'Of a lost case: the earliest day on which the loss could have been known; or it is marked as unknown.';
COMMENT ON COLUMN klappa.inquiry.words IS 'What the search of the inbox looks in, folded.';

CREATE TABLE klappa.inquiry_phase (
    inquiry uuid NOT NULL,
    kind text NOT NULL,
    days datemultirange NOT NULL,
    day_count numeric(5, 1),
    CONSTRAINT inquiry_phase_pkey PRIMARY KEY (inquiry, kind),
    CONSTRAINT inquiry_phase_kind_known CHECK (kind IN ('prep', 'shoot', 'wrap', 'post')),
    CONSTRAINT inquiry_phase_days_bounded CHECK (klappa.is_days(days)),
    CONSTRAINT inquiry_phase_day_count_range CHECK (day_count > 0 AND day_count <= 3000),
    CONSTRAINT inquiry_phase_inquiry_fkey FOREIGN KEY (inquiry) REFERENCES klappa.inquiry (id) ON DELETE CASCADE
);
COMMENT ON TABLE klappa.inquiry_phase IS 'Base: the days of each phase of an inquiry; a set of days may have gaps.';
COMMENT ON COLUMN klappa.inquiry_phase.day_count IS 'Working days as typed by hand, for free weekends and part days; NULL counts the days.';

CREATE TABLE klappa.inquiry_contact (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    inquiry uuid NOT NULL,
    name text NOT NULL,
    title text,
    email text,
    phone text,
    main boolean NOT NULL DEFAULT false,
    locked boolean NOT NULL DEFAULT false,
    sort_order integer NOT NULL DEFAULT 0,
    CONSTRAINT inquiry_contact_pkey PRIMARY KEY (id),
    CONSTRAINT inquiry_contact_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT inquiry_contact_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT inquiry_contact_email_form CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(email) <= 254),
    CONSTRAINT inquiry_contact_phone_form CHECK (phone ~ '^\+?[0-9][0-9 ()./-]{3,30}$'),
    CONSTRAINT inquiry_contact_inquiry_fkey FOREIGN KEY (inquiry) REFERENCES klappa.inquiry (id) ON DELETE CASCADE
);
CREATE INDEX inquiry_contact_inquiry ON klappa.inquiry_contact (inquiry);
CREATE UNIQUE INDEX inquiry_contact_one_main ON klappa.inquiry_contact (inquiry) WHERE main;
ALTER TABLE klappa.inquiry_contact
    ALTER COLUMN name SET STATISTICS 0,
    ALTER COLUMN title SET STATISTICS 0,
    ALTER COLUMN email SET STATISTICS 0,
    ALTER COLUMN phone SET STATISTICS 0;
COMMENT ON TABLE klappa.inquiry_contact IS 'Base: who asks. The main contact is written to.';
COMMENT ON COLUMN klappa.inquiry_contact.locked IS 'Shown to the leading office only, not to others that see the case.';

CREATE TABLE klappa.inquiry_crew (
    inquiry uuid NOT NULL,
    role smallint NOT NULL,
    count smallint NOT NULL,
    CONSTRAINT inquiry_crew_pkey PRIMARY KEY (inquiry, role),
    CONSTRAINT inquiry_crew_count_range CHECK (count BETWEEN 1 AND 50),
    CONSTRAINT inquiry_crew_inquiry_fkey FOREIGN KEY (inquiry) REFERENCES klappa.inquiry (id) ON DELETE CASCADE,
    CONSTRAINT inquiry_crew_role_fkey FOREIGN KEY (role) REFERENCES klappa.role (no)
);
CREATE INDEX inquiry_crew_role ON klappa.inquiry_crew (role);
COMMENT ON TABLE klappa.inquiry_crew IS 'Base: crew that an inquiry needs, role by role.';

CREATE TABLE klappa.inquiry_location_type (
    inquiry uuid NOT NULL,
    location_type text NOT NULL,
    CONSTRAINT inquiry_location_type_pkey PRIMARY KEY (inquiry, location_type),
    CONSTRAINT inquiry_location_type_inquiry_fkey FOREIGN KEY (inquiry) REFERENCES klappa.inquiry (id) ON DELETE CASCADE,
    CONSTRAINT inquiry_location_type_type_fkey FOREIGN KEY (location_type) REFERENCES klappa.location_type (code)
);
CREATE INDEX inquiry_location_type_type ON klappa.inquiry_location_type (location_type);
COMMENT ON TABLE klappa.inquiry_location_type IS 'Base: kinds of places that an inquiry needs.';

CREATE FUNCTION klappa.number_inquiry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    received_in smallint := extract(year FROM new.received_at AT TIME ZONE 'Europe/Stockholm');
    serial integer;
BEGIN
    IF new.received_at > clock_timestamp() + interval '5 minutes' THEN
        RAISE EXCEPTION 'an inquiry cannot be received later than now' USING ERRCODE = 'check_violation',
            SCHEMA = 'klappa', TABLE = 'inquiry', COLUMN = 'received_at', CONSTRAINT = 'inquiry_received_before_now';
    END IF;
    -- The row stays locked until the end of the transaction: a number that is rolled back goes to the next.
    INSERT INTO klappa.inquiry_counter AS c (year, last) VALUES (received_in, 1)
    ON CONFLICT (year) DO UPDATE SET last = c.last + 1
    RETURNING c.last INTO serial;
    new.number := 'SYD-' || received_in || '-' || lpad(serial::text, greatest(4, length(serial::text)), '0');
    new.answer_due := klappa.first_answer_due(new.received_at);
    new.offices := ARRAY[new.lead_region];
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.number_inquiry() IS
    'Gives an inquiry its case number, its deadline and its first office, whatever the writer put there.';

CREATE FUNCTION klappa.guard_inquiry() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    meaning klappa.inquiry_status;
BEGIN
    -- The worker brings whole histories in; everyone else goes step by step.
    IF current_user <> 'klappa_worker' AND NOT EXISTS (
        SELECT FROM klappa.inquiry_transition t
        WHERE t.from_status = CASE TG_OP WHEN 'INSERT' THEN 'new' ELSE old.status END AND t.to_status = new.status)
        AND NOT (TG_OP = 'INSERT' AND new.status = 'new')
    THEN
        RAISE EXCEPTION 'an inquiry that is % cannot become %', CASE TG_OP WHEN 'INSERT' THEN 'new' ELSE old.status END,
            new.status
            USING ERRCODE = 'check_violation', SCHEMA = 'klappa', TABLE = 'inquiry', COLUMN = 'status',
                CONSTRAINT = 'inquiry_status_step';
    END IF;
    SELECT * INTO meaning FROM klappa.inquiry_status s WHERE s.code = new.status;
    new.final := coalesce(meaning.final, false);
    new.outcome := coalesce(meaning.outcome, 'open');
    IF new.outcome = 'open' THEN
        new.closed_at := NULL;
    ELSIF TG_OP = 'INSERT' THEN
        new.closed_at := coalesce(new.closed_at, now());
    ELSIF old.outcome <> new.outcome THEN
        new.closed_at := now();
    END IF;
    IF new.outcome <> 'lost' THEN
        new.lost_reason := NULL;
        new.winner := NULL;
        new.winning_place := NULL;
        new.spend_forgone := NULL;
        new.spend_forgone_unknown := false;
        new.knowable_on := NULL;
        new.knowable_unknown := false;
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.guard_inquiry() IS
    'Lets a status take only the steps of inquiry_transition, and sets what it means; a case that is not lost keeps no loss.';

CREATE FUNCTION klappa.is_officer(account uuid, region smallint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM klappa.grants g
        JOIN klappa.account a ON a.id = g.account
        WHERE g.account = is_officer.account AND a.state = 'active' AND g.organisation IS NULL
            AND (g.region = is_officer.region OR g.region IS NULL)
            AND g."right" IN ('commissioner', 'region_administrator', 'administrator'))
$$;
COMMENT ON FUNCTION klappa.is_officer(uuid, smallint) IS 'Whether an account works in a region''s office.';

CREATE FUNCTION klappa.guard_inquiry_officer() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF NOT klappa.is_officer(new.officer, new.lead_region) THEN
        RAISE EXCEPTION 'the officer does not work in the leading office' USING ERRCODE = 'check_violation',
            SCHEMA = 'klappa', TABLE = 'inquiry', COLUMN = 'officer', CONSTRAINT = 'inquiry_officer_in_office';
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.guard_inquiry_officer() IS 'Only someone of the leading office is responsible for a case.';

CREATE TRIGGER inquiry_number BEFORE INSERT ON klappa.inquiry
FOR EACH ROW EXECUTE FUNCTION klappa.number_inquiry();
CREATE TRIGGER inquiry_prepare_insert BEFORE INSERT ON klappa.inquiry
FOR EACH ROW EXECUTE FUNCTION klappa.guard_inquiry();
CREATE TRIGGER inquiry_prepare_status BEFORE UPDATE OF status ON klappa.inquiry
FOR EACH ROW WHEN (old.status <> new.status) EXECUTE FUNCTION klappa.guard_inquiry();
CREATE TRIGGER inquiry_officer_insert BEFORE INSERT ON klappa.inquiry
FOR EACH ROW WHEN (new.officer IS NOT NULL) EXECUTE FUNCTION klappa.guard_inquiry_officer();
CREATE TRIGGER inquiry_officer_update BEFORE UPDATE OF officer ON klappa.inquiry
FOR EACH ROW WHEN (new.officer IS NOT NULL AND new.officer IS DISTINCT FROM old.officer)
EXECUTE FUNCTION klappa.guard_inquiry_officer();
-- Answers, messages and who sees a case are no edits: they leave the version alone.
CREATE TRIGGER inquiry_touch BEFORE UPDATE ON klappa.inquiry FOR EACH ROW
WHEN (old.lead_region <> new.lead_region
    OR (old.answered_at, old.waiting_since, old.offices) IS NOT DISTINCT FROM
        (new.answered_at, new.waiting_since, new.offices))
EXECUTE FUNCTION klappa.touch();

SELECT klappa.protect(part::regclass), klappa.record_changes(part::regclass, 'inquiry')
FROM unnest(ARRAY['klappa.inquiry_phase', 'klappa.inquiry_contact', 'klappa.inquiry_crew',
    'klappa.inquiry_location_type']) AS part;
SELECT klappa.protect('klappa.inquiry'), klappa.record_changes('klappa.inquiry', 'id', '{words,due}');

CREATE POLICY inquiry_member_read ON klappa.inquiry FOR SELECT TO klappa_member
USING (offices && (SELECT klappa.my_offices())::smallint[]);
CREATE POLICY inquiry_member_add ON klappa.inquiry FOR INSERT TO klappa_member
WITH CHECK (lead_region = ANY ((SELECT klappa.my_offices())::smallint[]));
CREATE POLICY inquiry_member_change ON klappa.inquiry FOR UPDATE TO klappa_member
USING (lead_region = ANY ((SELECT klappa.my_offices())::smallint[]));

CREATE FUNCTION klappa.leads_inquiry(inquiry uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM klappa.inquiry i
        WHERE i.id = inquiry AND i.lead_region = ANY ((SELECT klappa.my_offices())::smallint[]))
$$;
COMMENT ON FUNCTION klappa.leads_inquiry(uuid) IS 'Whether the reader works in the office that leads a case.';

DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['inquiry_phase', 'inquiry_crew', 'inquiry_location_type'] LOOP
        EXECUTE format('CREATE POLICY %I ON klappa.%I FOR SELECT TO klappa_member USING (EXISTS (SELECT FROM klappa.inquiry i WHERE i.id = %I.inquiry))',
            part || '_member_read', part, part);
        EXECUTE format('CREATE POLICY %I ON klappa.%I TO klappa_member USING (klappa.leads_inquiry(inquiry))',
            part || '_member_write', part);
    END LOOP;
END
$$;
CREATE POLICY inquiry_contact_member_read ON klappa.inquiry_contact FOR SELECT TO klappa_member
USING (NOT locked AND EXISTS (SELECT FROM klappa.inquiry i WHERE i.id = inquiry_contact.inquiry));
CREATE POLICY inquiry_contact_member_write ON klappa.inquiry_contact TO klappa_member
USING (klappa.leads_inquiry(inquiry));

GRANT SELECT ON klappa.inquiry_transition TO klappa_public, klappa_member, klappa_worker;
GRANT SELECT ON klappa.inquiry TO klappa_member, klappa_worker;
GRANT INSERT (id, source, status, title, production_type, scale, company, summary, crew_needs, location_needs, budget,
    spend_per_day, currency, script_on_file, breakdown_received, lead_region, officer, language, received_at,
    next_action, next_action_on)
ON klappa.inquiry TO klappa_member;
GRANT UPDATE (source, status, title, production_type, scale, company, summary, crew_needs, location_needs, budget,
    spend_per_day, currency, script_on_file, breakdown_received, officer, language, next_action, next_action_on,
    lost_reason, winner, winning_place, spend_forgone, spend_forgone_unknown, knowable_on, knowable_unknown)
ON klappa.inquiry TO klappa_member;
GRANT INSERT, UPDATE, DELETE ON klappa.inquiry TO klappa_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.inquiry_phase, klappa.inquiry_contact, klappa.inquiry_crew,
    klappa.inquiry_location_type
TO klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.leads_inquiry(uuid), klappa.is_officer(uuid, smallint),
    klappa.first_answer_due(timestamptz), klappa.intake_region()
TO klappa_member, klappa_worker;

RESET ROLE;
