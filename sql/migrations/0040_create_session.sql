-- Creates requests to sign in by mail and the sessions that come of them; both know their secrets only as SHA-256.
-- They are looked up before the reader is known, hence through functions; a key tells the scope of its right from now on.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.sign_in_request (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    email text NOT NULL,
    name text,
    token_hash bytea NOT NULL,
    browser_hash bytea NOT NULL,
    then_path text NOT NULL,
    language text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '15 minutes',
    used_at timestamptz,
    CONSTRAINT sign_in_request_pkey PRIMARY KEY (id),
    CONSTRAINT sign_in_request_token_hash_unique UNIQUE (token_hash),
    CONSTRAINT sign_in_request_email_form CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(email) <= 254),
    CONSTRAINT sign_in_request_language_known CHECK (language IN ('sv', 'en')),
    CONSTRAINT sign_in_request_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT sign_in_request_hashes_sha256 CHECK (octet_length(token_hash) = 32 AND octet_length(browser_hash) = 32),
    CONSTRAINT sign_in_request_then_path_local CHECK (then_path ~ '^/([^/\\[:cntrl:]][^\\[:cntrl:]]*)?$'
        AND char_length(then_path) <= 1000)
);
CREATE INDEX sign_in_request_email ON klappa.sign_in_request (lower(email), created_at);
CREATE INDEX sign_in_request_created_at ON klappa.sign_in_request (created_at);
ALTER TABLE klappa.sign_in_request ALTER COLUMN email SET STATISTICS 0, ALTER COLUMN name SET STATISTICS 0,
    ALTER COLUMN token_hash SET STATISTICS 0, ALTER COLUMN browser_hash SET STATISTICS 0;
COMMENT ON TABLE klappa.sign_in_request IS 'Base: links to sign in that were asked for; each works once, for 15 minutes, in the browser that asked.';
COMMENT ON COLUMN klappa.sign_in_request.name IS 'With which name an account is opened if the address has none; NULL when none shall be.';
COMMENT ON COLUMN klappa.sign_in_request.browser_hash IS 'SHA-256 of the cookie of the browser that asked.';
COMMENT ON COLUMN klappa.sign_in_request.then_path IS 'Where to go afterwards, an address of our own.';

CREATE TABLE klappa.session (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    account uuid NOT NULL,
    hash bytea NOT NULL,
    previous_hash bytea,
    previous_until timestamptz,
    form_key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    rotated_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '30 days',
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_hash_unique UNIQUE (hash),
    CONSTRAINT session_previous_hash_unique UNIQUE (previous_hash),
    CONSTRAINT session_hashes_sha256 CHECK (octet_length(hash) = 32 AND octet_length(previous_hash) = 32),
    CONSTRAINT session_form_key_length CHECK (octet_length(form_key) = 32),
    CONSTRAINT session_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE CASCADE
);
CREATE INDEX session_account ON klappa.session (account);
ALTER TABLE klappa.session ALTER COLUMN hash SET STATISTICS 0, ALTER COLUMN previous_hash SET STATISTICS 0,
    ALTER COLUMN form_key SET STATISTICS 0;
COMMENT ON TABLE klappa.session IS 'Base: browsers that are signed in. Ends when signed out, after 7 days without use and after 30 days in any case.';
COMMENT ON COLUMN klappa.session.hash IS 'SHA-256 of the cookie, which is exchanged every hour.';
COMMENT ON COLUMN klappa.session.previous_hash IS 'The cookie before: requests that were under way when it was exchanged still bear it.';
COMMENT ON COLUMN klappa.session.previous_until IS 'NULL until the new cookie was seen for the first time; a minute after that.';
COMMENT ON COLUMN klappa.session.form_key IS 'What the tokens of this session''s forms prove to know; the same for the life of the session.';

CREATE FUNCTION klappa.ask_to_sign_in(
    email text, name text, token_hash bytea, browser_hash bytea, then_path text, language text, link text, ask_again text
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    address text := lower(ask_to_sign_in.email);
    is_known boolean := EXISTS (
        SELECT FROM klappa.account a WHERE lower(a.email) = address AND a.kind = 'human' AND a.state = 'active');
    -- An address that nobody here has gets one letter a day, others five links an hour.
    recent bigint := (
        SELECT count(*) FROM klappa.sign_in_request r
        WHERE lower(r.email) = address AND r.created_at > now() - CASE
            WHEN is_known OR ask_to_sign_in.name IS NOT NULL THEN interval '1 hour' ELSE interval '1 day' END);
BEGIN
    INSERT INTO klappa.sign_in_request (email, name, token_hash, browser_hash, then_path, language)
    VALUES (ask_to_sign_in.email, ask_to_sign_in.name, ask_to_sign_in.token_hash, ask_to_sign_in.browser_hash,
        ask_to_sign_in.then_path, ask_to_sign_in.language);
    -- The same work whatever is known of the address: one row and one letter.
    INSERT INTO klappa.outbox (kind, payload)
    SELECT 'letter', jsonb_build_object('to', ask_to_sign_in.email, 'language', ask_to_sign_in.language,
        'template', CASE
            WHEN is_known THEN 'sign-in' WHEN ask_to_sign_in.name IS NOT NULL THEN 'welcome' ELSE 'sign-in-unknown' END,
        'values', jsonb_build_object('link', CASE
            WHEN is_known OR ask_to_sign_in.name IS NOT NULL THEN ask_to_sign_in.link ELSE ask_to_sign_in.ask_again END))
    WHERE recent < CASE WHEN is_known OR ask_to_sign_in.name IS NOT NULL THEN 5 ELSE 1 END;
END
$$;
COMMENT ON FUNCTION klappa.ask_to_sign_in(text, text, bytea, bytea, text, text, text, text) IS
    'Keeps a request to sign in and writes its letter; the answer is the same whether the address is known or not.';

CREATE FUNCTION klappa.sign_in_address(token_hash bytea, browser_hash bytea)
RETURNS TABLE (outcome text, email text)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT CASE
            WHEN r.used_at IS NOT NULL OR r.expires_at <= now() THEN 'gone'
            WHEN r.browser_hash IS DISTINCT FROM sign_in_address.browser_hash THEN 'elsewhere'
            ELSE 'ready' END,
        CASE WHEN r.browser_hash = sign_in_address.browser_hash THEN r.email END
    FROM klappa.sign_in_request r
    WHERE r.token_hash = sign_in_address.token_hash
$$;
COMMENT ON FUNCTION klappa.sign_in_address(bytea, bytea) IS
    'Whether a link would sign in this browser: ready, gone (used or too old) or elsewhere (another browser asked); none when unknown.';

CREATE FUNCTION klappa.sign_in(token_hash bytea, browser_hash bytea, session_hash bytea, form_key bytea)
RETURNS TABLE (outcome text, then_path text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    asked klappa.sign_in_request%ROWTYPE;
    holder klappa.account%ROWTYPE;
BEGIN
    -- The lock makes a second use wait, and find it used.
    SELECT * INTO asked FROM klappa.sign_in_request r WHERE r.token_hash = sign_in.token_hash FOR UPDATE;
    IF NOT FOUND OR asked.used_at IS NOT NULL OR asked.expires_at <= now() THEN
        RETURN QUERY SELECT 'gone'::text, NULL::text;
        RETURN;
    END IF;
    IF asked.browser_hash <> sign_in.browser_hash THEN
        RETURN QUERY SELECT 'elsewhere'::text, NULL::text;
        RETURN;
    END IF;
    IF asked.name IS NOT NULL THEN
        -- A twin may open it at the same time.
        INSERT INTO klappa.account (name, email, language)
        SELECT asked.name, asked.email, asked.language
        WHERE NOT EXISTS (SELECT FROM klappa.account a WHERE lower(a.email) = lower(asked.email))
        ON CONFLICT (lower(email)) DO NOTHING;
    END IF;
    SELECT * INTO holder FROM klappa.account a
    WHERE lower(a.email) = lower(asked.email) AND a.kind = 'human' AND a.state = 'active';
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'gone'::text, NULL::text;
        RETURN;
    END IF;
    UPDATE klappa.sign_in_request SET used_at = now() WHERE id = asked.id;
    INSERT INTO klappa.session (account, hash, form_key) VALUES (holder.id, sign_in.session_hash, sign_in.form_key);
    RETURN QUERY SELECT 'signed-in'::text, asked.then_path;
END
$$;
COMMENT ON FUNCTION klappa.sign_in(bytea, bytea, bytea, bytea) IS
    'Uses a link up and begins a session; opens the account when the request says so. Outcome: signed-in, gone or elsewhere.';

CREATE FUNCTION klappa.scopes_of(account uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('right', g."right", 'region', r.code, 'organisation', g.organisation)
        ORDER BY g."right", r.sort_order, g.id), '[]')
    FROM klappa.grants g
    LEFT JOIN klappa.region r ON r.no = g.region
    WHERE g.account = scopes_of.account
$$;
COMMENT ON FUNCTION klappa.scopes_of(uuid) IS 'The grants of an account with their scopes. For other functions: no service may call it.';

CREATE FUNCTION klappa.session_holder(hash bytea)
RETURNS TABLE (
    session uuid, account uuid, name text, email text, language text, form_key bytea, grants jsonb, is_due boolean
)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT s.id, a.id, a.name, a.email, a.language, s.form_key, klappa.scopes_of(a.id),
        s.seen_at < now() - interval '1 minute' OR s.rotated_at < now() - interval '1 hour'
            OR s.previous_hash IS NOT NULL AND s.previous_until IS NULL
                AND (s.hash = session_holder.hash OR s.rotated_at < now() - interval '30 seconds')
    FROM klappa.session s
    JOIN klappa.account a ON a.id = s.account
    WHERE (s.hash = session_holder.hash
            OR s.previous_hash = session_holder.hash AND (s.previous_until IS NULL OR s.previous_until > now()))
        AND s.expires_at > now() AND s.seen_at > now() - interval '7 days' AND a.state = 'active'
$$;
COMMENT ON FUNCTION klappa.session_holder(bytea) IS
    'Who is signed in with the cookie of this SHA-256: one row, or none when it is unknown, ended, idle for too long or too old. is_due asks for klappa.use_session.';

CREATE FUNCTION klappa.use_session(hash bytea, next_hash bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    used klappa.session%ROWTYPE;
    is_exchanged boolean := false;
BEGIN
    SELECT * INTO used FROM klappa.session s
    WHERE (s.hash = use_session.hash
            OR s.previous_hash = use_session.hash AND (s.previous_until IS NULL OR s.previous_until > now()))
        AND s.expires_at > now() AND s.seen_at > now() - interval '7 days'
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF used.hash = use_session.hash THEN
        IF used.rotated_at < now() - interval '1 hour' THEN
            used.previous_hash := used.hash;
            used.previous_until := NULL;
            is_exchanged := true;
        ELSIF used.previous_hash IS NOT NULL AND used.previous_until IS NULL THEN
            used.previous_until := now() + interval '1 minute';
        END IF;
    ELSIF used.previous_until IS NULL AND used.rotated_at < now() - interval '30 seconds' THEN
        -- The answer with the new cookie never arrived: its hash is replaced by another.
        is_exchanged := true;
    END IF;
    UPDATE klappa.session
    SET seen_at = now(), previous_hash = used.previous_hash, previous_until = used.previous_until,
        hash = CASE WHEN is_exchanged THEN use_session.next_hash ELSE used.hash END,
        rotated_at = CASE WHEN is_exchanged THEN now() ELSE used.rotated_at END
    WHERE id = used.id;
    RETURN is_exchanged;
END
$$;
COMMENT ON FUNCTION klappa.use_session(bytea, bytea) IS
    'Notes that a session was used; true when its cookie was exchanged for the one of next_hash, which must then be sent.';

CREATE FUNCTION klappa.sign_out(hash bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$ DELETE FROM klappa.session s WHERE s.hash = sign_out.hash OR s.previous_hash = sign_out.hash $$;
COMMENT ON FUNCTION klappa.sign_out(bytea) IS 'Ends the session of a cookie at once.';

CREATE FUNCTION klappa.forget_sign_ins() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    DELETE FROM klappa.sign_in_request WHERE created_at < now() - interval '2 days';
    DELETE FROM klappa.session WHERE expires_at <= now() OR seen_at <= now() - interval '7 days';
    DELETE FROM klappa.idempotency WHERE expires_at <= now();
$$;
COMMENT ON FUNCTION klappa.forget_sign_ins() IS 'Deletes requests, sessions and kept answers whose time is over. For the worker.';

-- Names a new column, which CREATE OR REPLACE may not.
DROP FUNCTION klappa.key_holder(bytea);
CREATE FUNCTION klappa.key_holder(hash bytea)
RETURNS TABLE (account uuid, "right" text, expires_at timestamptz, key uuid, grants jsonb)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT k.account, k."right", k.expires_at, k.id, klappa.scopes_of(k.account)
    FROM klappa.api_key k
    JOIN klappa.account a ON a.id = k.account
    WHERE k.hash = key_holder.hash AND k.revoked_at IS NULL AND a.state = 'active'
        AND (k.expires_at IS NULL OR k.expires_at > now())
        AND EXISTS (SELECT FROM klappa.grants g WHERE g.account = k.account AND g."right" = k."right")
$$;
COMMENT ON FUNCTION klappa.key_holder(bytea) IS
    'Who holds the key with this SHA-256: one row, or none when it is unknown, expired, revoked or without its right.';

CREATE FUNCTION klappa.claim_key(
    operation text, key text, request_hash bytea,
    OUT claimed bigint, OUT same boolean, OUT status smallint, OUT header jsonb, OUT body bytea
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    stored klappa.idempotency%ROWTYPE;
BEGIN
    -- A key lives for a day by the clock, not until somebody tidies up.
    DELETE FROM klappa.idempotency i
    WHERE i.account IS NOT DISTINCT FROM klappa.reader() AND i.operation = claim_key.operation AND i.key = claim_key.key
        AND i.expires_at <= now();
    -- Waits for a twin that is still being answered.
    INSERT INTO klappa.idempotency (account, operation, key, request_hash)
    VALUES (klappa.reader(), claim_key.operation, claim_key.key, claim_key.request_hash)
    ON CONFLICT DO NOTHING
    RETURNING id INTO claimed;
    IF claimed IS NULL THEN
        SELECT * INTO STRICT stored FROM klappa.idempotency i
        WHERE i.account IS NOT DISTINCT FROM klappa.reader() AND i.operation = claim_key.operation
            AND i.key = claim_key.key;
        same := stored.request_hash = claim_key.request_hash;
        status := stored.status;
        IF same THEN
            header := stored.header;
            body := stored.body;
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION klappa.claim_key(text, text, bytea) IS
    'Claims an idempotency key for the reader; or, when it was claimed before, tells whether for the same request and what was answered.';

SELECT klappa.protect('klappa.sign_in_request'), klappa.protect('klappa.session');

CREATE POLICY session_member_read ON klappa.session FOR SELECT TO klappa_member
USING (account = (SELECT klappa.reader()));
CREATE POLICY session_member_end ON klappa.session FOR DELETE TO klappa_member
USING (account = (SELECT klappa.reader()));

GRANT SELECT (id, account, created_at, seen_at, expires_at), DELETE ON klappa.session TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.ask_to_sign_in(text, text, bytea, bytea, text, text, text, text),
    klappa.sign_in(bytea, bytea, bytea, bytea), klappa.use_session(bytea, bytea), klappa.sign_out(bytea),
    klappa.claim_key(text, text, bytea)
TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.sign_in_address(bytea, bytea), klappa.session_holder(bytea) TO klappa_public;
GRANT EXECUTE ON FUNCTION klappa.key_holder(bytea) TO klappa_public, klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.forget_sign_ins() TO klappa_worker;

RESET ROLE;
