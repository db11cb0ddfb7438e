-- Lets producers ask to become approved searchers, and offices of the regions say yes or no; the right ends after a year.
-- A request is seen by who asks and by every office; the number of the organisation proves its form only.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE FUNCTION klappa.is_organisation_number(text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT $1 ~ '^[0-9]{2}[2-9][0-9]{7}$' AND (
        SELECT sum(d / 10 + d % 10) % 10 = 0
        FROM (
            SELECT substr($1, i, 1)::integer * CASE WHEN i % 2 = 1 THEN 2 ELSE 1 END AS d
            FROM generate_series(1, 10) AS i
            WHERE $1 ~ '^[0-9]{10}$') AS digits)
$$;
COMMENT ON FUNCTION klappa.is_organisation_number(text) IS
    'Whether ten digits can be the number of a Swedish legal person: the third at least 2, the last the check digit (Luhn). Never true for a personal identity number.';
GRANT EXECUTE ON FUNCTION klappa.is_organisation_number(text) TO klappa_public, klappa_member, klappa_worker;

CREATE TABLE klappa.searcher_request (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    account uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    language text NOT NULL,
    company text NOT NULL,
    organisation_number text NOT NULL,
    message text NOT NULL,
    region smallint,
    state text NOT NULL DEFAULT 'waiting',
    reason text,
    decided_by uuid,
    decided_at timestamptz,
    granted_until timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT searcher_request_pkey PRIMARY KEY (id),
    CONSTRAINT searcher_request_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT searcher_request_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT searcher_request_email_length CHECK (char_length(email) BETWEEN 3 AND 254),
    CONSTRAINT searcher_request_language_known CHECK (language IN ('sv', 'en')),
    CONSTRAINT searcher_request_company_length CHECK (char_length(company) BETWEEN 1 AND 200),
    CONSTRAINT searcher_request_number CHECK (klappa.is_organisation_number(organisation_number)),
    CONSTRAINT searcher_request_message_length CHECK (char_length(message) BETWEEN 1 AND 4000),
    CONSTRAINT searcher_request_reason_length CHECK (char_length(reason) BETWEEN 1 AND 2000),
    CONSTRAINT searcher_request_state_known CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn')),
    CONSTRAINT searcher_request_refused_with_reason CHECK (state <> 'refused' OR reason IS NOT NULL),
    CONSTRAINT searcher_request_decided CHECK ((state IN ('approved', 'refused')) = (decided_at IS NOT NULL)),
    CONSTRAINT searcher_request_granted CHECK ((state = 'approved') = (granted_until IS NOT NULL)),
    CONSTRAINT searcher_request_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE CASCADE,
    CONSTRAINT searcher_request_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES klappa.account (id) ON DELETE SET NULL,
    CONSTRAINT searcher_request_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no)
);
CREATE UNIQUE INDEX searcher_request_one_waiting ON klappa.searcher_request (account) WHERE state = 'waiting';
CREATE INDEX searcher_request_state ON klappa.searcher_request (state, created_at);
CREATE INDEX searcher_request_account ON klappa.searcher_request (account);
ALTER TABLE klappa.searcher_request ALTER COLUMN name SET STATISTICS 0, ALTER COLUMN email SET STATISTICS 0,
    ALTER COLUMN company SET STATISTICS 0, ALTER COLUMN organisation_number SET STATISTICS 0,
    ALTER COLUMN message SET STATISTICS 0, ALTER COLUMN reason SET STATISTICS 0;
COMMENT ON TABLE klappa.searcher_request IS 'Base: requests to become an approved searcher.';
COMMENT ON COLUMN klappa.searcher_request.name IS 'As they called themselves when they asked.';
COMMENT ON COLUMN klappa.searcher_request.region IS 'The region in whose office they hope for an answer; NULL for any.';

SELECT klappa.protect('klappa.searcher_request'), klappa.count_versions('klappa.searcher_request'),
    klappa.record_changes('klappa.searcher_request', 'id', '{name,email}');

CREATE POLICY searcher_request_own_read ON klappa.searcher_request FOR SELECT TO klappa_member
USING (account = (SELECT klappa.reader()));
CREATE POLICY searcher_request_office_read ON klappa.searcher_request FOR SELECT TO klappa_member
USING ((SELECT klappa.has_right('commissioner', 'region_administrator', 'administrator')));
CREATE POLICY searcher_request_ask ON klappa.searcher_request FOR INSERT TO klappa_member
WITH CHECK (account = (SELECT klappa.reader()) AND state = 'waiting');
CREATE POLICY change_searcher_request_read ON klappa.change FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.searcher_request r WHERE r.id = change.subject));

GRANT SELECT ON klappa.searcher_request TO klappa_member;
GRANT SELECT, INSERT ON klappa.searcher_request TO klappa_worker;
GRANT INSERT (id, account, name, email, language, company, organisation_number, message, region)
ON klappa.searcher_request TO klappa_member;

CREATE FUNCTION klappa.decide_searcher_request(
    request uuid, version bigint, verdict text, reason text, OUT outcome text, OUT granted_until timestamptz
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    asked klappa.searcher_request%ROWTYPE;
BEGIN
    IF NOT klappa.has_right('commissioner', 'region_administrator', 'administrator') THEN
        RAISE EXCEPTION 'only offices decide' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO asked FROM klappa.searcher_request r WHERE r.id = decide_searcher_request.request FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'gone';
        RETURN;
    END IF;
    IF asked.account = klappa.reader() THEN
        RAISE EXCEPTION 'nobody decides their own request' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF asked.state <> 'waiting' OR asked.version <> decide_searcher_request.version THEN
        outcome := 'stale';
        RETURN;
    END IF;
    IF verdict NOT IN ('approved', 'refused') THEN
        RAISE EXCEPTION 'there is no verdict %', verdict USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF verdict = 'approved' THEN
        INSERT INTO klappa.grants AS g (account, "right", given_by, expires_at)
        VALUES (asked.account, 'searcher', klappa.reader(), now() + interval '1 year')
        -- One that has no end, or a later one, stays.
        ON CONFLICT ON CONSTRAINT grants_once DO UPDATE SET expires_at = greatest(g.expires_at, excluded.expires_at)
        WHERE g.expires_at IS NOT NULL;
        granted_until := now() + interval '1 year';
    END IF;
    UPDATE klappa.searcher_request r
    SET state = verdict, reason = decide_searcher_request.reason, decided_by = klappa.reader(), decided_at = now(),
        granted_until = decide_searcher_request.granted_until
    WHERE r.id = asked.id;
    outcome := 'decided';
END
$$;
COMMENT ON FUNCTION klappa.decide_searcher_request(uuid, bigint, text, text) IS
    'An office''s yes, which gives the right for a year, or no, which needs a reason. Outcome: decided, stale (decided or changed meanwhile) or gone.';

CREATE FUNCTION klappa.withdraw_searcher_request(request uuid) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    WITH withdrawn AS (
        UPDATE klappa.searcher_request r SET state = 'withdrawn'
        WHERE r.id = withdraw_searcher_request.request AND r.account = klappa.reader() AND r.state = 'waiting'
        RETURNING r.id)
    SELECT EXISTS (SELECT FROM withdrawn)
$$;
COMMENT ON FUNCTION klappa.withdraw_searcher_request(uuid) IS 'Takes the reader''s own request back; false when none waits.';

CREATE FUNCTION klappa.tell_offices_of_searcher(request uuid, origin text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    asked klappa.searcher_request;
    written integer;
BEGIN
    SELECT r.* INTO STRICT asked FROM klappa.searcher_request r
    WHERE r.id = tell_offices_of_searcher.request AND r.account = klappa.reader();
    INSERT INTO klappa.outbox (kind, payload)
    SELECT 'letter', jsonb_build_object('to', a.email, 'template', 'searcher-asked', 'language', a.language,
        'values', jsonb_build_object('company', asked.company, 'name', asked.name,
            'link', tell_offices_of_searcher.origin || '/' || a.language || '/searchers/' || asked.id))
    FROM klappa.account a
    WHERE a.state = 'active' AND a.kind = 'human' AND a.email IS NOT NULL AND a.id <> asked.account
        AND EXISTS (
            SELECT FROM klappa.grants g
            WHERE g.account = a.id AND g.organisation IS NULL AND g."right" IN ('commissioner', 'region_administrator')
                AND (g.region = asked.region OR asked.region IS NULL AND g.region IS NOT NULL));
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END
$$;
COMMENT ON FUNCTION klappa.tell_offices_of_searcher(uuid, text) IS
    'Writes to the office that the reader''s own request is for, to all when it is for any; gives how many letters.';

GRANT EXECUTE ON FUNCTION klappa.decide_searcher_request(uuid, bigint, text, text),
    klappa.withdraw_searcher_request(uuid), klappa.tell_offices_of_searcher(uuid, text)
TO klappa_member;

RESET ROLE;
