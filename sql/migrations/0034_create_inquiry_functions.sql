-- Creates how inquiries are written from documents, and what a producer may do with a private link.
-- The link's functions run with the owner's rights, because the producer has no account: they show nothing else.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE FUNCTION klappa.instant(timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;
COMMENT ON FUNCTION klappa.instant(timestamptz) IS 'An instant in UTC as the API writes it: 2027-03-01T12:30:00Z.';

CREATE FUNCTION klappa.days_of(periods jsonb) RETURNS datemultirange
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT range_agg(daterange(least(p."from", p."to"), greatest(p."from", p."to"), '[]'))
    FROM jsonb_to_recordset(periods) AS p ("from" date, "to" date)
$$;
COMMENT ON FUNCTION klappa.days_of(jsonb) IS 'A set of days from [{"from", "to"}], both ends included.';

CREATE FUNCTION klappa.periods_of(days datemultirange) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT jsonb_agg(jsonb_build_object('from', lower(r), 'to', upper(r) - 1) ORDER BY lower(r))
    FROM unnest(days) AS r
$$;
COMMENT ON FUNCTION klappa.periods_of(datemultirange) IS 'A set of days as [{"from", "to"}], both ends included, in order.';

CREATE FUNCTION klappa.day_count(days datemultirange) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT sum(upper(r) - lower(r))::integer FROM unnest(days) AS r $$;
COMMENT ON FUNCTION klappa.day_count(datemultirange) IS 'How many days a set of days has.';

CREATE FUNCTION klappa.write_inquiry_parts(inquiry uuid, document jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF document ? 'phases' THEN
        DELETE FROM klappa.inquiry_phase p WHERE p.inquiry = write_inquiry_parts.inquiry;
        INSERT INTO klappa.inquiry_phase (inquiry, kind, days, day_count)
        SELECT write_inquiry_parts.inquiry, p.kind, klappa.days_of(p.days), p."dayCount"
        FROM jsonb_to_recordset(document -> 'phases') AS p (kind text, days jsonb, "dayCount" numeric);
    END IF;
    IF document ? 'contacts' THEN
        DELETE FROM klappa.inquiry_contact c WHERE c.inquiry = write_inquiry_parts.inquiry;
        -- The first is the main contact unless another says that it is.
        INSERT INTO klappa.inquiry_contact (inquiry, name, title, email, phone, main, locked, sort_order)
        SELECT write_inquiry_parts.inquiry, c.name, nullif(c.title, ''), nullif(c.email, ''), nullif(c.phone, ''),
            row_number() OVER (ORDER BY coalesce(c.main, false) DESC, c.place) = 1, coalesce(c.locked, false), c.place
        FROM ROWS FROM (jsonb_to_recordset(document -> 'contacts') AS (name text, title text, email text, phone text,
            main boolean, locked boolean)) WITH ORDINALITY AS c (name, title, email, phone, main, locked, place);
    END IF;
    IF document ? 'crew' THEN
        DELETE FROM klappa.inquiry_crew c WHERE c.inquiry = write_inquiry_parts.inquiry;
        INSERT INTO klappa.inquiry_crew (inquiry, role, count)
        SELECT write_inquiry_parts.inquiry, r.no, least(sum(c.count), 50)
        FROM jsonb_to_recordset(document -> 'crew') AS c (role text, count integer)
        LEFT JOIN klappa.role r ON r.code = c.role
        GROUP BY r.no;
    END IF;
    IF document ? 'locationTypes' THEN
        DELETE FROM klappa.inquiry_location_type t WHERE t.inquiry = write_inquiry_parts.inquiry;
        INSERT INTO klappa.inquiry_location_type (inquiry, location_type)
        SELECT DISTINCT write_inquiry_parts.inquiry, t.code
        FROM jsonb_array_elements_text(document -> 'locationTypes') AS t (code);
    END IF;
END
$$;
COMMENT ON FUNCTION klappa.write_inquiry_parts(uuid, jsonb) IS
    'Replaces those of phases, contacts, crew and locationTypes that the document has. With the writer''s rights.';

CREATE FUNCTION klappa.add_inquiry(document jsonb) RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    added uuid := klappa.uuid7();
BEGIN
    INSERT INTO klappa.inquiry (id, source, status, title, production_type, scale, company, summary, crew_needs,
        location_needs, budget, spend_per_day, currency, script_on_file, breakdown_received, lead_region, officer,
        language, received_at, next_action, next_action_on)
    VALUES (added, document ->> 'source', coalesce(document ->> 'status', 'new'), document ->> 'title',
        document ->> 'productionType', document ->> 'scale', document ->> 'company', document ->> 'summary',
        document ->> 'crewNeeds', document ->> 'locationNeeds', (document ->> 'budget')::numeric,
        (document ->> 'spendPerDay')::numeric, coalesce(document ->> 'currency', 'SEK'),
        coalesce((document ->> 'scriptOnFile')::boolean, false),
        coalesce((document ->> 'breakdownReceived')::boolean, false),
        CASE WHEN document ->> 'region' IS NULL THEN klappa.intake_region()
            ELSE (SELECT r.no FROM klappa.region r WHERE r.code = document ->> 'region') END,
        (document ->> 'officer')::uuid, coalesce(document ->> 'language', 'sv'),
        coalesce((document ->> 'receivedAt')::timestamptz, now()), document ->> 'nextAction',
        (document ->> 'nextActionOn')::date);
    PERFORM klappa.write_inquiry_parts(added, document);
    RETURN added;
END
$$;
COMMENT ON FUNCTION klappa.add_inquiry(jsonb) IS 'Adds an inquiry with its parts from a document; gives its id. With the writer''s rights.';

CREATE FUNCTION klappa.change_inquiry(inquiry uuid, document jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    d jsonb := document;
BEGIN
    UPDATE klappa.inquiry i
    SET source = CASE WHEN d ? 'source' THEN d ->> 'source' ELSE i.source END,
        status = CASE WHEN d ? 'status' THEN d ->> 'status' ELSE i.status END,
        title = CASE WHEN d ? 'title' THEN d ->> 'title' ELSE i.title END,
        production_type = CASE WHEN d ? 'productionType' THEN d ->> 'productionType' ELSE i.production_type END,
        scale = CASE WHEN d ? 'scale' THEN d ->> 'scale' ELSE i.scale END,
        company = CASE WHEN d ? 'company' THEN d ->> 'company' ELSE i.company END,
        summary = CASE WHEN d ? 'summary' THEN d ->> 'summary' ELSE i.summary END,
        crew_needs = CASE WHEN d ? 'crewNeeds' THEN d ->> 'crewNeeds' ELSE i.crew_needs END,
        location_needs = CASE WHEN d ? 'locationNeeds' THEN d ->> 'locationNeeds' ELSE i.location_needs END,
        budget = CASE WHEN d ? 'budget' THEN (d ->> 'budget')::numeric ELSE i.budget END,
        spend_per_day = CASE WHEN d ? 'spendPerDay' THEN (d ->> 'spendPerDay')::numeric ELSE i.spend_per_day END,
        currency = CASE WHEN d ? 'currency' THEN d ->> 'currency' ELSE i.currency END,
        script_on_file = CASE WHEN d ? 'scriptOnFile' THEN (d ->> 'scriptOnFile')::boolean ELSE i.script_on_file END,
        breakdown_received = CASE WHEN d ? 'breakdownReceived' THEN (d ->> 'breakdownReceived')::boolean
            ELSE i.breakdown_received END,
        officer = CASE WHEN d ? 'officer' THEN (d ->> 'officer')::uuid ELSE i.officer END,
        language = CASE WHEN d ? 'language' THEN d ->> 'language' ELSE i.language END,
        next_action = CASE WHEN d ? 'nextAction' THEN d ->> 'nextAction' ELSE i.next_action END,
        next_action_on = CASE WHEN d ? 'nextActionOn' THEN (d ->> 'nextActionOn')::date ELSE i.next_action_on END,
        lost_reason = CASE WHEN d ? 'lostReason' THEN d ->> 'lostReason' ELSE i.lost_reason END,
        winner = CASE WHEN d ? 'winner' THEN d ->> 'winner' ELSE i.winner END,
        winning_place = CASE WHEN d ? 'winner' THEN d ->> 'winningPlace' ELSE i.winning_place END,
        spend_forgone = CASE WHEN d ? 'winner' THEN (d ->> 'spendForgone')::numeric ELSE i.spend_forgone END,
        spend_forgone_unknown = CASE WHEN d ? 'winner' THEN d ->> 'spendForgone' IS NULL
            ELSE i.spend_forgone_unknown END,
        knowable_on = CASE WHEN d ? 'winner' THEN (d ->> 'knowableOn')::date ELSE i.knowable_on END,
        knowable_unknown = CASE WHEN d ? 'winner' THEN d ->> 'knowableOn' IS NULL ELSE i.knowable_unknown END
    WHERE i.id = change_inquiry.inquiry;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM klappa.write_inquiry_parts(change_inquiry.inquiry, d);
    RETURN true;
END
$$;
COMMENT ON FUNCTION klappa.change_inquiry(uuid, jsonb) IS
    'Changes what the document has, null empties; false when the reader may not change the case. With the writer''s rights.';

CREATE FUNCTION klappa.file_inquiry(document jsonb, link bytea)
RETURNS TABLE (id uuid, number text, answer_due timestamptz, region text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    added uuid;
BEGIN
    -- What an office decides is not the producer's to say.
    added := klappa.add_inquiry(document - '{status,officer,receivedAt,nextAction,nextActionOn,spendPerDay,scriptOnFile,breakdownReceived}'::text[]
        || '{"source": "website"}');
    INSERT INTO klappa.inquiry_link (hash, inquiry) VALUES (link, added);
    RETURN QUERY
    SELECT i.id, i.number, i.answer_due, r.code
    FROM klappa.inquiry i
    JOIN klappa.region r ON r.no = i.lead_region
    WHERE i.id = added;
END
$$;
COMMENT ON FUNCTION klappa.file_inquiry(jsonb, bytea) IS
    'Takes an inquiry from the public form, with the SHA-256 of its private link.';

CREATE FUNCTION klappa.followed_inquiry(link bytea) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
    SELECT jsonb_build_object(
        'number', i.number, 'title', i.title, 'status', CASE i.status WHEN 'spam' THEN 'not_pursued' ELSE i.status END,
        'outcome', CASE i.outcome WHEN 'spam' THEN 'not_pursued' ELSE i.outcome END, 'region', r.code,
        'productionType', i.production_type, 'scale', i.scale, 'company', i.company, 'summary', i.summary,
        'crewNeeds', i.crew_needs, 'locationNeeds', i.location_needs, 'budget', trim_scale(i.budget), 'currency', i.currency,
        'language', i.language, 'invented', i.invented,
        'receivedAt', klappa.instant(i.received_at), 'answerDue', klappa.instant(i.answer_due),
        'answeredAt', klappa.instant(i.answered_at),
        'phases', coalesce((
            SELECT jsonb_agg(jsonb_build_object('kind', p.kind, 'days', klappa.periods_of(p.days),
                'dayCount', coalesce(p.day_count, klappa.day_count(p.days))) ORDER BY lower(p.days))
            FROM klappa.inquiry_phase p WHERE p.inquiry = i.id), '[]'),
        'contacts', coalesce((
            SELECT jsonb_agg(jsonb_build_object('name', c.name, 'title', c.title, 'email', c.email, 'phone', c.phone)
                ORDER BY c.sort_order)
            FROM klappa.inquiry_contact c WHERE c.inquiry = i.id), '[]'),
        'crew', coalesce((
            SELECT jsonb_agg(jsonb_build_object('role', o.code, 'count', c.count) ORDER BY o.no)
            FROM klappa.inquiry_crew c JOIN klappa.role o ON o.no = c.role WHERE c.inquiry = i.id), '[]'),
        'locationTypes', coalesce((
            SELECT jsonb_agg(t.location_type ORDER BY l.sort_order)
            FROM klappa.inquiry_location_type t JOIN klappa.location_type l ON l.code = t.location_type
            WHERE t.inquiry = i.id), '[]'),
        'entries', coalesce((
            SELECT jsonb_agg(jsonb_build_object('id', e.id, 'kind', e.kind, 'at', klappa.instant(e.at),
                'name', CASE e.kind WHEN 'answer' THEN e.author_name END,
                'region', CASE e.kind WHEN 'answer' THEN (SELECT x.code FROM klappa.region x WHERE x.no = e.region) END,
                'body', e.body, 'status', e.to_status) ORDER BY e.at, e.id)
            FROM klappa.inquiry_entry e
            WHERE e.inquiry = i.id AND (e.kind IN ('answer', 'message')
                OR e.kind = 'status' AND e.to_status NOT IN ('spam', 'duplicate'))), '[]'),
        'mayWithdraw', EXISTS (
            SELECT FROM klappa.inquiry_transition t
            WHERE t.from_status = i.status AND t.to_status = 'withdrawn' AND t.by_producer))
    FROM klappa.inquiry_link k
    JOIN klappa.inquiry i ON i.id = k.inquiry
    JOIN klappa.region r ON r.no = i.lead_region
    WHERE k.hash = link
$$;
COMMENT ON FUNCTION klappa.followed_inquiry(bytea) IS
    'What a producer sees through a private link: the inquiry as filed, where it stands, answers and own messages; NULL without such a link.';

CREATE FUNCTION klappa.answer_from_producer(link bytea, body text, withdrawn boolean) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    followed klappa.inquiry;
    next_status text;
BEGIN
    SELECT i.* INTO followed FROM klappa.inquiry_link k JOIN klappa.inquiry i ON i.id = k.inquiry
    WHERE k.hash = link FOR UPDATE OF i;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF body IS NOT NULL THEN
        INSERT INTO klappa.inquiry_entry (inquiry, kind, at, body) VALUES (followed.id, 'message', clock_timestamp(), body);
    END IF;
    next_status := CASE WHEN withdrawn THEN 'withdrawn' WHEN followed.status = 'more_info_needed' THEN 'qualifying' END;
    IF withdrawn AND NOT EXISTS (
        SELECT FROM klappa.inquiry_transition t
        WHERE t.from_status = followed.status AND t.to_status = next_status AND t.by_producer)
    THEN
        RAISE EXCEPTION 'the producer cannot withdraw an inquiry that is %', followed.status
            USING ERRCODE = 'check_violation', SCHEMA = 'klappa', TABLE = 'inquiry', COLUMN = 'status',
                CONSTRAINT = 'inquiry_status_step';
    END IF;
    IF next_status IS NOT NULL THEN
        UPDATE klappa.inquiry SET status = next_status WHERE id = followed.id;
    END IF;
    RETURN followed.id;
END
$$;
COMMENT ON FUNCTION klappa.answer_from_producer(bytea, text, boolean) IS
    'Adds a producer''s message, and withdraws the inquiry if so wanted; an inquiry that waited for it is worked on again. NULL without such a link.';

CREATE FUNCTION klappa.add_inquiry_link(inquiry uuid, link bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM klappa.inquiry i WHERE i.id = add_inquiry_link.inquiry AND i.lead_region = ANY (klappa.my_offices()))
    THEN
        RETURN false;
    END IF;
    INSERT INTO klappa.inquiry_link (hash, inquiry) VALUES (link, add_inquiry_link.inquiry);
    RETURN true;
END
$$;
COMMENT ON FUNCTION klappa.add_inquiry_link(uuid, bytea) IS
    'Another private link for the producer, made by the leading office; false when the reader does not work there.';

GRANT EXECUTE ON FUNCTION klappa.instant(timestamptz), klappa.days_of(jsonb), klappa.periods_of(datemultirange), klappa.day_count(datemultirange),
    klappa.write_inquiry_parts(uuid, jsonb), klappa.add_inquiry(jsonb), klappa.change_inquiry(uuid, jsonb),
    klappa.file_inquiry(jsonb, bytea), klappa.followed_inquiry(bytea),
    klappa.answer_from_producer(bytea, text, boolean), klappa.add_inquiry_link(uuid, bytea)
TO klappa_member, klappa_worker;

RESET ROLE;
