-- Lets people make API keys themselves: for a right that they hold, where they hold it, for a time, ended at once.
-- A key stays an account of its own; what its maker loses it loses in the same transaction.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

ALTER TABLE klappa.api_key
    ADD COLUMN made_by uuid,
    ADD CONSTRAINT api_key_made_by_fkey FOREIGN KEY (made_by) REFERENCES klappa.account (id) ON DELETE CASCADE,
    ADD CONSTRAINT api_key_ends CHECK (made_by IS NULL OR expires_at IS NOT NULL),
    DROP CONSTRAINT api_key_right_known,
    ADD CONSTRAINT api_key_right_known CHECK ("right" IN ('searcher', 'commissioner', 'region_administrator',
        'programme_manager', 'administrator'));
CREATE INDEX api_key_made_by ON klappa.api_key (made_by) WHERE made_by IS NOT NULL;
COMMENT ON COLUMN klappa.api_key.made_by IS 'Who made it on a page; NULL for one from the command line.';
SELECT klappa.record_changes('klappa.api_key', '', '{hash,last_used_at}');
GRANT SELECT (made_by) ON klappa.api_key TO klappa_member, klappa_worker;

CREATE FUNCTION klappa.covers(account uuid, "right" text, region smallint, organisation uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM klappa.grants g
        WHERE g.account = covers.account
            AND (g."right" = covers."right"
                OR g."right" = 'administrator' AND covers."right" IN ('searcher', 'commissioner', 'region_administrator')
                OR g."right" = 'region_administrator' AND covers."right" IN ('searcher', 'commissioner')
                OR g."right" = 'commissioner' AND covers."right" = 'searcher')
            AND (num_nonnulls(g.region, g.organisation) = 0
                OR g.region = covers.region OR g.organisation = covers.organisation))
$$;
COMMENT ON FUNCTION klappa.covers(uuid, text, smallint, uuid) IS
    'Whether what an account holds includes a right in a scope: the same or a greater right, there or everywhere. For other functions.';

CREATE FUNCTION klappa.make_key(
    key uuid, account uuid, name text, "right" text, regions text[], organisation uuid, hash bytea, days integer
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    maker uuid := klappa.reader();
    holder uuid := make_key.account;
BEGIN
    -- One key at a time for each maker, so that the count below holds.
    PERFORM FROM klappa.account a WHERE a.id = maker AND a.kind = 'human' AND a.state = 'active' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only people make keys' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF days NOT BETWEEN 1 AND 366 THEN
        RAISE EXCEPTION 'a key holds for a year at most' USING ERRCODE = 'check_violation', CONSTRAINT = 'api_key_ends';
    END IF;
    IF (SELECT count(*) FROM klappa.api_key k WHERE k.made_by = maker AND k.revoked_at IS NULL AND k.expires_at > now()) >= 20 THEN
        RAISE EXCEPTION 'twenty keys are enough' USING ERRCODE = 'check_violation', CONSTRAINT = 'api_key_few';
    END IF;
    INSERT INTO klappa.account AS a (id, kind, name) VALUES (holder, 'machine', make_key.name);
    INSERT INTO klappa.grants AS g (account, "right", region, organisation, given_by)
    SELECT holder, make_key."right", r.no, make_key.organisation, maker
    FROM unnest(CASE WHEN cardinality(regions) = 0 THEN ARRAY[NULL::text] ELSE regions END) AS w (code)
    LEFT JOIN klappa.region r ON r.code = w.code
    WHERE (w.code IS NULL OR r.no IS NOT NULL) AND klappa.covers(maker, make_key."right", r.no, make_key.organisation);
    IF (SELECT count(*) FROM klappa.grants g WHERE g.account = holder) <> greatest(cardinality(regions), 1) THEN
        RAISE EXCEPTION 'a key may do no more than its maker' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO klappa.api_key AS k (id, account, name, "right", hash, expires_at, made_by)
    VALUES (make_key.key, holder, make_key.name, make_key."right", make_key.hash, now() + make_key.days * interval '1 day',
        maker);
END
$$;
COMMENT ON FUNCTION klappa.make_key(uuid, uuid, text, text, text[], uuid, bytea, integer) IS
    'Makes a key of the reader''s own, with one right in some regions, an organisation or everywhere, none of which they lack themselves.';

CREATE FUNCTION klappa.keep_keys_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    -- Taking from keys brings us here again, also when there was nothing to take; keys make no keys, so that is the end.
    IF NOT EXISTS (SELECT FROM old_grants o JOIN klappa.api_key k ON k.made_by = o.account) THEN
        RETURN NULL;
    END IF;
    DELETE FROM klappa.grants g
    USING klappa.api_key k
    WHERE k.account = g.account AND k.made_by IN (SELECT o.account FROM old_grants o)
        AND NOT klappa.covers(k.made_by, g."right", g.region, g.organisation);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.keep_keys_within() IS 'Takes from keys what their makers no longer hold.';
CREATE TRIGGER grants_keep_keys_within AFTER DELETE ON klappa.grants
REFERENCING OLD TABLE AS old_grants FOR EACH STATEMENT EXECUTE FUNCTION klappa.keep_keys_within();

CREATE OR REPLACE FUNCTION klappa.key_holder(hash bytea)
RETURNS TABLE (account uuid, "right" text, expires_at timestamptz, key uuid, grants jsonb)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT k.account, k."right", k.expires_at, k.id, klappa.scopes_of(k.account)
    FROM klappa.api_key k
    JOIN klappa.account a ON a.id = k.account
    LEFT JOIN klappa.account m ON m.id = k.made_by
    WHERE k.hash = key_holder.hash AND k.revoked_at IS NULL AND a.state = 'active'
        AND (k.made_by IS NULL OR m.state = 'active')
        AND (k.expires_at IS NULL OR k.expires_at > now())
        AND EXISTS (SELECT FROM klappa.grants g WHERE g.account = k.account AND g."right" = k."right")
$$;

CREATE FUNCTION klappa.may_end_key(key uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM klappa.api_key k
        WHERE k.id = may_end_key.key AND (k.made_by = klappa.reader() OR klappa.is_administrator()
            OR EXISTS (SELECT FROM klappa.grants g WHERE g.account = k.account)
                AND NOT EXISTS (
                    SELECT FROM klappa.grants g
                    WHERE g.account = k.account
                        AND NOT coalesce(g.region = ANY (klappa.my_regions('region_administrator')), false))))
$$;
COMMENT ON FUNCTION klappa.may_end_key(uuid) IS
    'Whether the reader may end a key: whoever made it, administrators, and region administrators when it holds in their regions only.';

CREATE FUNCTION klappa.end_key(key uuid) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    WITH ended AS (
        UPDATE klappa.api_key k SET revoked_at = now()
        WHERE k.id = end_key.key AND k.revoked_at IS NULL AND klappa.may_end_key(k.id) RETURNING k.id)
    SELECT EXISTS (SELECT FROM ended)
$$;
COMMENT ON FUNCTION klappa.end_key(uuid) IS 'Ends a key at once; false when there is no living one that the reader may end.';

CREATE FUNCTION klappa.keys_in(regions smallint[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(array_agg(DISTINCT k.account), '{}')
    FROM klappa.api_key k
    JOIN klappa.grants g ON g.account = k.account
    WHERE g.region = ANY (regions)
$$;
COMMENT ON FUNCTION klappa.keys_in(smallint[]) IS 'The accounts of keys that hold in one of the regions.';

CREATE FUNCTION klappa.my_keys() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$ SELECT coalesce(array_agg(k.account), '{}') FROM klappa.api_key k WHERE k.made_by = klappa.reader() $$;
COMMENT ON FUNCTION klappa.my_keys() IS 'The accounts of the keys that the reader made.';

CREATE POLICY api_key_maker_read ON klappa.api_key FOR SELECT TO klappa_member
USING (made_by = (SELECT klappa.reader()));
CREATE POLICY api_key_region_read ON klappa.api_key FOR SELECT TO klappa_member
USING (account = ANY ((SELECT klappa.keys_in(klappa.my_regions('region_administrator')))::uuid[]));
CREATE POLICY grants_maker_read ON klappa.grants FOR SELECT TO klappa_member
USING (account = ANY ((SELECT klappa.my_keys())::uuid[]));

GRANT EXECUTE ON FUNCTION klappa.make_key(uuid, uuid, text, text, text[], uuid, bytea, integer), klappa.end_key(uuid),
    klappa.may_end_key(uuid), klappa.keys_in(smallint[]), klappa.my_keys()
TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.account_names(uuid[]) TO klappa_worker;

RESET ROLE;
