-- Lets staff sign in through OpenID Connect: sign-ins under way, who is tied to whom there, rights that claims give.
-- Sessions tell by which way and with what they were begun; rights may end by themselves, which the worker sees to.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.openid_attempt (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    issuer text NOT NULL,
    state_hash bytea NOT NULL,
    browser_hash bytea NOT NULL,
    then_path text NOT NULL,
    language text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '10 minutes',
    used_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT openid_attempt_pkey PRIMARY KEY (id),
    CONSTRAINT openid_attempt_state_hash_unique UNIQUE (state_hash),
    CONSTRAINT openid_attempt_issuer_length CHECK (char_length(issuer) BETWEEN 1 AND 2000),
    CONSTRAINT openid_attempt_language_known CHECK (language IN ('sv', 'en')),
    CONSTRAINT openid_attempt_hashes_sha256 CHECK (octet_length(state_hash) = 32 AND octet_length(browser_hash) = 32),
    CONSTRAINT openid_attempt_finished_once CHECK (finished_at IS NULL OR used_at IS NOT NULL),
    CONSTRAINT openid_attempt_then_path_local CHECK (then_path ~ '^/([^/\\[:cntrl:]][^\\[:cntrl:]]*)?$'
        AND char_length(then_path) <= 1000)
);
CREATE INDEX openid_attempt_created_at ON klappa.openid_attempt (created_at);
ALTER TABLE klappa.openid_attempt ALTER COLUMN state_hash SET STATISTICS 0, ALTER COLUMN browser_hash SET STATISTICS 0;
COMMENT ON TABLE klappa.openid_attempt IS 'Base: sign-ins through a provider that are under way; each comes back once, within 10 minutes, to the browser that began.';
COMMENT ON COLUMN klappa.openid_attempt.state_hash IS 'SHA-256 of what goes to the provider and back. Nonce and PKCE verifier follow from it and the browser''s secret, and are kept nowhere.';
COMMENT ON COLUMN klappa.openid_attempt.browser_hash IS 'SHA-256 of the cookie of the browser that began.';

CREATE TABLE klappa.openid_identity (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    account uuid NOT NULL,
    issuer text NOT NULL,
    subject_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT openid_identity_pkey PRIMARY KEY (id),
    CONSTRAINT openid_identity_one_account UNIQUE (issuer, subject_hash),
    CONSTRAINT openid_identity_one_person UNIQUE (account, issuer),
    CONSTRAINT openid_identity_issuer_length CHECK (char_length(issuer) BETWEEN 1 AND 2000),
    CONSTRAINT openid_identity_subject_sha256 CHECK (octet_length(subject_hash) = 32),
    CONSTRAINT openid_identity_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE CASCADE
);
ALTER TABLE klappa.openid_identity ALTER COLUMN subject_hash SET STATISTICS 0, ALTER COLUMN issuer SET STATISTICS 0;
COMMENT ON TABLE klappa.openid_identity IS 'Base: which account somebody at a provider has.';
COMMENT ON COLUMN klappa.openid_identity.subject_hash IS 'Of issuer and subject, 32 bytes; the subject itself is kept nowhere.';

ALTER TABLE klappa.session
    ADD COLUMN issuer text,
    ADD COLUMN device text,
    ADD CONSTRAINT session_device_length CHECK (char_length(device) BETWEEN 1 AND 60);
ALTER TABLE klappa.session ALTER COLUMN issuer SET STATISTICS 0, ALTER COLUMN device SET STATISTICS 0;
COMMENT ON COLUMN klappa.session.issuer IS 'The provider that vouched for who signed in; NULL for a mailed link.';
COMMENT ON COLUMN klappa.session.device IS 'Browser and system by their names, such as Firefox, Linux; no version, no address.';

ALTER TABLE klappa.grants
    ADD COLUMN given_through text,
    ADD COLUMN expires_at timestamptz;
ALTER TABLE klappa.grants ALTER COLUMN given_through SET STATISTICS 0;
CREATE INDEX grants_expires_at ON klappa.grants (expires_at) WHERE expires_at IS NOT NULL;
COMMENT ON COLUMN klappa.grants.given_through IS 'The provider whose claims give the right, and whose next sign-in without them takes it; NULL for one that a person gave.';
COMMENT ON COLUMN klappa.grants.expires_at IS 'When the worker takes the right away; NULL for never.';

SELECT klappa.protect('klappa.openid_attempt'), klappa.protect('klappa.openid_identity'),
    klappa.record_changes('klappa.openid_identity', '', '{subject_hash,seen_at}'),
    klappa.record_changes('klappa.grants', '', '{given_through}');

CREATE POLICY openid_identity_member_read ON klappa.openid_identity FOR SELECT TO klappa_member
USING (account = (SELECT klappa.reader()));
CREATE POLICY openid_identity_member_untie ON klappa.openid_identity FOR DELETE TO klappa_member
USING (account = (SELECT klappa.reader()));
GRANT SELECT (id, account, issuer, created_at, seen_at), DELETE ON klappa.openid_identity TO klappa_member;
GRANT SELECT (issuer, device) ON klappa.session TO klappa_member;

CREATE FUNCTION klappa.describe_session(hash bytea, device text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$ UPDATE klappa.session s SET device = describe_session.device WHERE s.hash = describe_session.hash $$;
COMMENT ON FUNCTION klappa.describe_session(bytea, text) IS 'Says with what a session was begun, to whoever has its cookie.';

CREATE FUNCTION klappa.begin_openid(issuer text, state_hash bytea, browser_hash bytea, then_path text, language text)
RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    INSERT INTO klappa.openid_attempt AS a (issuer, state_hash, browser_hash, then_path, language)
    VALUES (begin_openid.issuer, begin_openid.state_hash, begin_openid.browser_hash, begin_openid.then_path,
        begin_openid.language)
$$;
COMMENT ON FUNCTION klappa.begin_openid(text, bytea, bytea, text, text) IS 'Keeps that a browser sets out to a provider.';

CREATE FUNCTION klappa.claim_openid(
    issuer text, state_hash bytea, browser_hash bytea,
    OUT outcome text, OUT attempt uuid, OUT then_path text, OUT language text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    begun klappa.openid_attempt%ROWTYPE;
BEGIN
    -- The lock makes a second return wait, and find it used.
    SELECT * INTO begun FROM klappa.openid_attempt a
    WHERE a.state_hash = claim_openid.state_hash AND a.issuer = claim_openid.issuer
    FOR UPDATE;
    IF NOT FOUND OR begun.used_at IS NOT NULL OR begun.expires_at <= now() THEN
        outcome := 'gone';
    ELSIF begun.browser_hash <> claim_openid.browser_hash THEN
        outcome := 'elsewhere';
    ELSE
        UPDATE klappa.openid_attempt a SET used_at = now() WHERE a.id = begun.id;
        outcome := 'claimed';
        attempt := begun.id;
        then_path := begun.then_path;
        language := begun.language;
    END IF;
END
$$;
COMMENT ON FUNCTION klappa.claim_openid(text, bytea, bytea) IS
    'Uses the way back from a provider up: claimed, gone (unknown, used or too old) or elsewhere (another browser began).';

CREATE FUNCTION klappa.set_claimed_grants(account uuid, issuer text, claimed jsonb) RETURNS text[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    holder uuid := set_claimed_grants.account;
    provider text := set_claimed_grants.issuer;
BEGIN
    DELETE FROM klappa.grants g
    WHERE g.account = holder AND g.given_through = provider AND NOT EXISTS (
        SELECT FROM jsonb_to_recordset(claimed) AS c ("right" text, scope text)
        LEFT JOIN klappa.region r ON r.code = c.scope
        LEFT JOIN klappa.organisation o ON o.slug = c.scope AND r.no IS NULL
        WHERE c."right" = g."right" AND r.no IS NOT DISTINCT FROM g.region AND o.id IS NOT DISTINCT FROM g.organisation
            AND (c.scope IS NULL OR r.no IS NOT NULL OR o.id IS NOT NULL));
    INSERT INTO klappa.grants AS g (account, "right", region, organisation, given_through, expires_at)
    SELECT DISTINCT holder, c."right", r.no, o.id, provider, now() + interval '30 days'
    FROM jsonb_to_recordset(claimed) AS c ("right" text, scope text)
    LEFT JOIN klappa.region r ON r.code = c.scope
    LEFT JOIN klappa.organisation o ON o.slug = c.scope AND r.no IS NULL
    WHERE c.scope IS NULL OR r.no IS NOT NULL OR o.id IS NOT NULL
    ON CONFLICT ON CONSTRAINT grants_once DO UPDATE SET expires_at = excluded.expires_at
    WHERE g.given_through = provider;
    RETURN array(
        SELECT DISTINCT c.scope FROM jsonb_to_recordset(claimed) AS c (scope text)
        WHERE c.scope IS NOT NULL
            AND NOT EXISTS (SELECT FROM klappa.region r WHERE r.code = c.scope)
            AND NOT EXISTS (SELECT FROM klappa.organisation o WHERE o.slug = c.scope)
        ORDER BY c.scope);
END
$$;
COMMENT ON FUNCTION klappa.set_claimed_grants(uuid, text, jsonb) IS
    'Gives an account the rights of a provider''s claims for 30 days and takes those that are no longer claimed; rights that people gave stay. Gives the scopes that do not exist. For other functions.';

CREATE FUNCTION klappa.finish_openid(
    attempt uuid, issuer text, subject_hash bytea, email text, name text, claimed jsonb, session_hash bytea,
    form_key bytea, device text, OUT outcome text, OUT unknown_scopes text[]
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    begun klappa.openid_attempt%ROWTYPE;
    holder klappa.account%ROWTYPE;
    is_tied boolean;
BEGIN
    unknown_scopes := '{}';
    UPDATE klappa.openid_attempt a SET finished_at = now()
    WHERE a.id = finish_openid.attempt AND a.issuer = finish_openid.issuer AND a.finished_at IS NULL
        AND a.used_at > now() - interval '2 minutes'
    RETURNING * INTO begun;
    IF NOT FOUND THEN
        outcome := 'gone';
        RETURN;
    END IF;
    SELECT a.* INTO holder
    FROM klappa.openid_identity i
    JOIN klappa.account a ON a.id = i.account
    WHERE i.issuer = finish_openid.issuer AND i.subject_hash = finish_openid.subject_hash
    FOR UPDATE OF a;
    is_tied := FOUND;
    IF NOT is_tied THEN
        IF finish_openid.email IS NULL THEN
            outcome := 'unverified';
            RETURN;
        END IF;
        IF jsonb_array_length(coalesce(claimed, '[]')) > 0 THEN
            -- A twin may open it at the same time.
            INSERT INTO klappa.account AS a (name, email, language)
            VALUES (coalesce(finish_openid.name, split_part(finish_openid.email, '@', 1)), finish_openid.email,
                begun.language)
            ON CONFLICT (lower(email)) DO NOTHING;
        END IF;
        SELECT a.* INTO holder FROM klappa.account a
        WHERE lower(a.email) = lower(finish_openid.email) AND a.kind = 'human'
        FOR UPDATE;
        IF NOT FOUND THEN
            outcome := 'unknown';
            RETURN;
        END IF;
        IF EXISTS (
            SELECT FROM klappa.openid_identity i WHERE i.issuer = finish_openid.issuer AND i.account = holder.id
        ) THEN
            outcome := 'taken';
            RETURN;
        END IF;
    END IF;
    IF holder.state <> 'active' THEN
        outcome := 'closed';
        RETURN;
    END IF;
    IF is_tied THEN
        UPDATE klappa.openid_identity i SET seen_at = now()
        WHERE i.issuer = finish_openid.issuer AND i.subject_hash = finish_openid.subject_hash;
    ELSE
        INSERT INTO klappa.openid_identity AS i (account, issuer, subject_hash)
        VALUES (holder.id, finish_openid.issuer, finish_openid.subject_hash);
    END IF;
    unknown_scopes := klappa.set_claimed_grants(holder.id, finish_openid.issuer, coalesce(claimed, '[]'));
    INSERT INTO klappa.session AS s (account, hash, form_key, issuer, device, expires_at)
    VALUES (holder.id, finish_openid.session_hash, finish_openid.form_key, finish_openid.issuer,
        finish_openid.device, now() + interval '12 hours');
    outcome := 'signed-in';
END
$$;
COMMENT ON FUNCTION klappa.finish_openid(uuid, text, bytea, text, text, jsonb, bytea, bytea, text) IS
    'Signs in whom a provider vouches for: finds the account by who they are there, else by the verified address; opens one only for claimed rights. Outcome: signed-in, unverified, unknown, closed, taken or gone. For the worker, which acts on the provider''s word.';

CREATE FUNCTION klappa.lapse_grants() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    DELETE FROM klappa.openid_attempt WHERE created_at < now() - interval '1 hour';
    WITH lapsed AS (DELETE FROM klappa.grants WHERE expires_at <= now() RETURNING id)
    SELECT count(*) FROM lapsed
$$;
COMMENT ON FUNCTION klappa.lapse_grants() IS
    'Takes away rights whose time is over and forgets sign-ins that never came back. Gives how many rights lapsed. For the worker.';

GRANT EXECUTE ON FUNCTION klappa.describe_session(bytea, text), klappa.begin_openid(text, bytea, bytea, text, text),
    klappa.claim_openid(text, bytea, bytea)
TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.finish_openid(uuid, text, bytea, text, text, jsonb, bytea, bytea, text),
    klappa.lapse_grants()
TO klappa_worker;

RESET ROLE;
