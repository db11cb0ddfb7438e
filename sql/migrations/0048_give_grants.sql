-- Lets administrators give and take rights everywhere, and region administrators in their region; row security decides.
-- Nobody gives or takes a right of their own: the first administrator is invited from the command line.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE FUNCTION klappa.may_give("right" text, region smallint, organisation uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT klappa.is_administrator()
        OR may_give."right" <> 'administrator' AND may_give.organisation IS NULL
            AND coalesce(may_give.region = ANY (klappa.my_regions('region_administrator')), false)
$$;
COMMENT ON FUNCTION klappa.may_give(text, smallint, uuid) IS
    'Whether the reader may give and take a right in a scope: administrators everywhere, region administrators in their region.';

CREATE POLICY grants_member_give ON klappa.grants FOR INSERT TO klappa_member
WITH CHECK (given_by = (SELECT klappa.reader()) AND account <> (SELECT klappa.reader())
    AND klappa.may_give("right", region, organisation));
CREATE POLICY grants_member_take ON klappa.grants FOR DELETE TO klappa_member
USING (account <> (SELECT klappa.reader()) AND klappa.may_give("right", region, organisation));

GRANT INSERT (id, account, "right", region, organisation, given_by), DELETE ON klappa.grants TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.may_give(text, smallint, uuid) TO klappa_member;

CREATE FUNCTION klappa.holders_in(regions smallint[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$ SELECT coalesce(array_agg(DISTINCT g.account), '{}') FROM klappa.grants g WHERE g.region = ANY (regions) $$;
COMMENT ON FUNCTION klappa.holders_in(smallint[]) IS 'The accounts that hold a right in one of the regions.';

-- Who keeps the rights of a region sees who holds them.
CREATE POLICY account_region_read ON klappa.account FOR SELECT TO klappa_member
USING (id = ANY ((SELECT klappa.holders_in(klappa.my_regions('region_administrator')))::uuid[]));
GRANT EXECUTE ON FUNCTION klappa.holders_in(smallint[]) TO klappa_member;

CREATE FUNCTION klappa.open_account(
    email text, name text, language text, invented boolean DEFAULT false,
    OUT account uuid, OUT letters_in text, OUT is_new boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO klappa.account (name, email, language, invented)
    VALUES (coalesce(open_account.name, split_part(open_account.email, '@', 1)), open_account.email,
        open_account.language, open_account.invented)
    ON CONFLICT (lower(email)) DO NOTHING
    RETURNING id, language INTO account, letters_in;
    is_new := account IS NOT NULL;
    IF NOT is_new THEN
        SELECT a.id, a.language INTO account, letters_in FROM klappa.account a
        WHERE lower(a.email) = lower(open_account.email) AND a.state = 'active' AND a.kind = 'human';
    END IF;
END
$$;
COMMENT ON FUNCTION klappa.open_account(text, text, text, boolean) IS
    'The account of an address, opened when there is none; NULL when it is closed. For the command line.';

CREATE FUNCTION klappa.invite_account(email text, name text, language text, OUT account uuid, OUT letters_in text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    IF NOT klappa.has_right('administrator', 'region_administrator') THEN
        RAISE EXCEPTION 'only who may give rights opens accounts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT o.account, o.letters_in INTO account, letters_in
    FROM klappa.open_account(invite_account.email, invite_account.name, invite_account.language) AS o;
END
$$;
COMMENT ON FUNCTION klappa.invite_account(text, text, text) IS 'The same for members who may give rights; refused to others.';

CREATE FUNCTION klappa.grant_right(account uuid, "right" text, region smallint, organisation uuid) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    WITH given AS (
        INSERT INTO klappa.grants (account, "right", region, organisation)
        VALUES (grant_right.account, grant_right."right", grant_right.region, grant_right.organisation)
        ON CONFLICT DO NOTHING
        RETURNING id)
    SELECT EXISTS (SELECT FROM given)
$$;
COMMENT ON FUNCTION klappa.grant_right(uuid, text, smallint, uuid) IS
    'Gives a right on behalf of the command line; false when it was held already.';

CREATE FUNCTION klappa.account_names(accounts uuid[]) RETURNS TABLE (account uuid, name text)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$ SELECT a.id, a.name FROM klappa.account a WHERE a.id = ANY (accounts) AND klappa.reader() IS NOT NULL $$;
COMMENT ON FUNCTION klappa.account_names(uuid[]) IS
    'How those are called who wrote what the reader sees in the log. Ids cannot be guessed and stand only in what one may see.';

GRANT EXECUTE ON FUNCTION klappa.invite_account(text, text, text), klappa.account_names(uuid[]) TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.open_account(text, text, text, boolean),
    klappa.grant_right(uuid, text, smallint, uuid)
TO klappa_worker;

-- The log of rows that belong to no subject is read by their kind.
CREATE INDEX change_kind ON klappa.change (kind, transaction) WHERE subject IS NULL;

-- Who sees a case sees who changed it.
CREATE POLICY change_inquiry_read ON klappa.change FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.inquiry i WHERE i.id = change.subject));

RESET ROLE;
