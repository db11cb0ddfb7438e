-- Creates API keys: bearer tokens for machines, of which the database keeps only a SHA-256.
-- A key carries one right; it is looked up before the reader is known, hence through a function.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.api_key (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    account uuid NOT NULL,
    name text NOT NULL,
    "right" text NOT NULL,
    hash bytea NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT api_key_pkey PRIMARY KEY (id),
    CONSTRAINT api_key_hash_unique UNIQUE (hash),
    CONSTRAINT api_key_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT api_key_hash_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT api_key_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT api_key_right_known CHECK ("right" IN ('searcher', 'commissioner', 'administrator')),
    CONSTRAINT api_key_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE CASCADE
);
CREATE INDEX api_key_account ON klappa.api_key (account);
ALTER TABLE klappa.api_key ALTER COLUMN hash SET STATISTICS 0;
COMMENT ON TABLE klappa.api_key IS 'Base: keys of machines. The key itself is shown once and kept nowhere.';
COMMENT ON COLUMN klappa.api_key.hash IS 'SHA-256 of the whole key; its 256 random bits need no salt.';

CREATE FUNCTION klappa.key_holder(hash bytea)
RETURNS TABLE (account uuid, "right" text, expires_at timestamptz, key uuid)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT k.account, k."right", k.expires_at, k.id
    FROM klappa.api_key k
    JOIN klappa.account a ON a.id = k.account
    WHERE k.hash = key_holder.hash AND k.revoked_at IS NULL AND a.state = 'active'
        AND (k.expires_at IS NULL OR k.expires_at > now())
        AND EXISTS (SELECT FROM klappa.grants g WHERE g.account = k.account AND g."right" = k."right")
$$;
COMMENT ON FUNCTION klappa.key_holder(bytea) IS
    'Who holds the key with this SHA-256: one row, or none when it is unknown, expired, revoked or without its right.';

CREATE FUNCTION klappa.key_used(key uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    UPDATE klappa.api_key SET last_used_at = now()
    WHERE id = key AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
$$;
COMMENT ON FUNCTION klappa.key_used(uuid) IS 'Notes that a key was used, at most once a minute.';

CREATE FUNCTION klappa.issue_key(
    key uuid, account uuid, name text, "right" text, region smallint, hash bytea, expires_at timestamptz
) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    holder uuid := issue_key.account;
BEGIN
    INSERT INTO klappa.account AS a (id, kind, name) VALUES (holder, 'machine', issue_key.name);
    INSERT INTO klappa.grants AS g (account, "right", region) VALUES (holder, issue_key."right", issue_key.region);
    INSERT INTO klappa.api_key AS k (id, account, name, "right", hash, expires_at)
    VALUES (issue_key.key, holder, issue_key.name, issue_key."right", issue_key.hash, issue_key.expires_at);
    RETURN issue_key.key;
END
$$;
COMMENT ON FUNCTION klappa.issue_key(uuid, uuid, text, text, smallint, bytea, timestamptz) IS
    'Makes a machine''s account with one grant (everywhere, or in one region) and its key; gives the key''s id.';

CREATE FUNCTION klappa.revoke_key(key uuid) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    WITH revoked AS (
        UPDATE klappa.api_key SET revoked_at = now() WHERE id = key AND revoked_at IS NULL RETURNING id)
    SELECT EXISTS (SELECT FROM revoked)
$$;
COMMENT ON FUNCTION klappa.revoke_key(uuid) IS 'Ends a key at once; false when there is no such living key.';

SELECT klappa.protect('klappa.api_key');

-- Use is not an edit: it leaves the version alone.
CREATE TRIGGER api_key_touch BEFORE UPDATE ON klappa.api_key FOR EACH ROW
WHEN (old.last_used_at IS NOT DISTINCT FROM new.last_used_at) EXECUTE FUNCTION klappa.touch();

CREATE POLICY api_key_member_read ON klappa.api_key FOR SELECT TO klappa_member
USING (account = (SELECT klappa.reader()) OR (SELECT klappa.is_administrator()));

-- The hash is for the look-up only: nobody lists it.
GRANT SELECT (id, account, name, "right", expires_at, last_used_at, revoked_at, version, created_at, changed_at)
ON klappa.api_key TO klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.key_holder(bytea) TO klappa_public, klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.key_used(uuid) TO klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.issue_key(uuid, uuid, text, text, smallint, bytea, timestamptz),
    klappa.revoke_key(uuid)
TO klappa_worker;

RESET ROLE;
