-- Lets a producer change what was asked for, through the private link, and counts the inbox from an index alone.
-- Until now a producer could only write about a change, and the office had to type it.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

-- The tabs of the inbox count every active case: with these columns no row of the table is read for it.
CREATE INDEX inquiry_active ON klappa.inquiry (due, number) INCLUDE (officer, offices) WHERE NOT final;
DROP INDEX klappa.inquiry_active_due;
-- The same for who looks at all cases, closed ones too.
CREATE INDEX inquiry_due ON klappa.inquiry (due, number) INCLUDE (offices);

CREATE OR REPLACE FUNCTION klappa.followed_inquiry(link bytea) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
    SELECT jsonb_build_object(
        'number', i.number, 'title', i.title, 'status', CASE i.status WHEN 'spam' THEN 'not_pursued' ELSE i.status END,
        'outcome', CASE i.outcome WHEN 'spam' THEN 'not_pursued' ELSE i.outcome END, 'region', r.code,
        'productionType', i.production_type, 'scale', i.scale, 'company', i.company, 'summary', i.summary,
        'crewNeeds', i.crew_needs, 'locationNeeds', i.location_needs, 'budget', trim_scale(i.budget), 'currency', i.currency,
        'language', i.language, 'invented', i.invented, 'version', i.version, 'mayChange', i.outcome = 'open',
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

CREATE FUNCTION klappa.change_from_producer(link bytea, version bigint, document jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    followed klappa.inquiry;
    -- What an office decides is not the producer's to say.
    asked jsonb := document - '{status,officer,source,region,scale,language,receivedAt,nextAction,nextActionOn,spendPerDay,scriptOnFile,breakdownReceived,lostReason,winner,winningPlace,spendForgone,knowableOn}'::text[];
BEGIN
    SELECT i.* INTO followed FROM klappa.inquiry_link k JOIN klappa.inquiry i ON i.id = k.inquiry
    WHERE k.hash = link FOR UPDATE OF i;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF followed.version <> change_from_producer.version OR followed.outcome <> 'open' THEN
        RETURN false;
    END IF;
    -- The form has the main contact; the others stay, and what is locked stays so.
    IF asked ? 'contacts' THEN
        asked := jsonb_set(asked, '{contacts}', (
            SELECT coalesce(jsonb_agg(n.contact || jsonb_build_object('main', true, 'locked', coalesce(
                (SELECT c.locked FROM klappa.inquiry_contact c WHERE c.inquiry = followed.id AND c.main), false))), '[]')
            FROM (SELECT asked -> 'contacts' -> 0 AS contact) AS n
            WHERE n.contact IS NOT NULL) || (
            SELECT coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'title', c.title, 'email', c.email,
                'phone', c.phone, 'main', false, 'locked', c.locked) ORDER BY c.sort_order), '[]')
            FROM klappa.inquiry_contact c WHERE c.inquiry = followed.id AND NOT c.main));
    END IF;
    RETURN klappa.change_inquiry(followed.id, asked);
END
$$;
COMMENT ON FUNCTION klappa.change_from_producer(bytea, bigint, jsonb) IS
    'Changes what a producer asked for while the case is open and of that version; false when it is not, NULL without such a link.';

GRANT EXECUTE ON FUNCTION klappa.change_from_producer(bytea, bigint, jsonb) TO klappa_member, klappa_worker;

RESET ROLE;
