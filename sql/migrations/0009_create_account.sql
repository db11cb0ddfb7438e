-- Creates accounts and grants, and the functions by which policies ask what the reader may do.
-- A grant is (account, right, scope); policies read it once per statement, never once per row.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.account (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    kind text NOT NULL DEFAULT 'human',
    name text NOT NULL,
    email text,
    language text NOT NULL DEFAULT 'sv',
    state text NOT NULL DEFAULT 'active',
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT account_pkey PRIMARY KEY (id),
    CONSTRAINT account_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT account_kind_known CHECK (kind IN ('human', 'machine')),
    CONSTRAINT account_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT account_email_form CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(email) <= 254),
    CONSTRAINT account_language_known CHECK (language IN ('sv', 'en')),
    CONSTRAINT account_state_known CHECK (state IN ('active', 'closed'))
);
CREATE UNIQUE INDEX account_email_unique ON klappa.account (lower(email));
ALTER TABLE klappa.account ALTER COLUMN name SET STATISTICS 0, ALTER COLUMN email SET STATISTICS 0;
COMMENT ON TABLE klappa.account IS 'Base: who can sign in, people and machines.';
COMMENT ON COLUMN klappa.account.language IS 'The language in which letters are written.';

CREATE TABLE klappa.grants (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    account uuid NOT NULL,
    "right" text NOT NULL,
    region smallint,
    organisation uuid,
    given_by uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT grants_pkey PRIMARY KEY (id),
    CONSTRAINT grants_once UNIQUE NULLS NOT DISTINCT (account, "right", region, organisation),
    CONSTRAINT grants_right_known CHECK ("right" IN ('searcher', 'commissioner', 'region_administrator',
        'programme_manager', 'reviewer', 'administrator')),
    CONSTRAINT grants_one_scope CHECK (num_nonnulls(region, organisation) <= 1),
    CONSTRAINT grants_administrator_everywhere CHECK ("right" <> 'administrator' OR num_nonnulls(region, organisation) = 0),
    CONSTRAINT grants_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE CASCADE,
    CONSTRAINT grants_given_by_fkey FOREIGN KEY (given_by) REFERENCES klappa.account (id) ON DELETE SET NULL,
    CONSTRAINT grants_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no)
);
COMMENT ON TABLE klappa.grants IS 'Base: rights of accounts. Without region and organisation the scope is everything.';

CREATE FUNCTION klappa.has_right(VARIADIC rights text[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM klappa.grants g
        JOIN klappa.account a ON a.id = g.account
        WHERE g.account = klappa.reader() AND a.state = 'active' AND g."right" = ANY (rights))
$$;
COMMENT ON FUNCTION klappa.has_right(text[]) IS 'Whether the reader holds one of the rights, in any scope.';

CREATE FUNCTION klappa.is_administrator() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT klappa.has_right('administrator') $$;
COMMENT ON FUNCTION klappa.is_administrator() IS 'Whether the reader is an administrator.';

CREATE FUNCTION klappa.is_searcher() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT klappa.has_right('searcher', 'commissioner', 'region_administrator', 'administrator') $$;
COMMENT ON FUNCTION klappa.is_searcher() IS
    'Whether the reader sees what is shared with approved searchers: searchers, and the offices that search for them.';

CREATE FUNCTION klappa.my_regions(r text) RETURNS smallint[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(array_agg(DISTINCT x.no), '{}')
    FROM klappa.grants g
    JOIN klappa.account a ON a.id = g.account
    JOIN klappa.region x ON x.no = g.region OR g.region IS NULL
    WHERE g.account = klappa.reader() AND a.state = 'active' AND g."right" = r AND g.organisation IS NULL
$$;
COMMENT ON FUNCTION klappa.my_regions(text) IS
    'The regions in which the reader holds a right; all of them when its scope is everything; empty without it.';

CREATE FUNCTION klappa.my_offices() RETURNS smallint[]
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(array_agg(DISTINCT x.no), '{}')
    FROM klappa.grants g
    JOIN klappa.account a ON a.id = g.account
    JOIN klappa.region x ON x.no = g.region OR g.region IS NULL
    WHERE g.account = klappa.reader() AND a.state = 'active' AND g.organisation IS NULL
        AND g."right" IN ('commissioner', 'region_administrator', 'administrator')
$$;
COMMENT ON FUNCTION klappa.my_offices() IS
    'The regions in whose office the reader works: as commissioner, region administrator or administrator.';

SELECT klappa.protect('klappa.account'), klappa.protect('klappa.grants'),
    klappa.count_versions('klappa.account'), klappa.count_versions('klappa.grants');

CREATE POLICY account_member_read ON klappa.account FOR SELECT TO klappa_member
USING (id = (SELECT klappa.reader()) OR (SELECT klappa.is_administrator()));
CREATE POLICY account_member_change ON klappa.account FOR UPDATE TO klappa_member
USING (id = (SELECT klappa.reader()) OR (SELECT klappa.is_administrator()));
CREATE POLICY grants_member_read ON klappa.grants FOR SELECT TO klappa_member
USING (account = (SELECT klappa.reader()) OR (SELECT klappa.is_administrator())
    OR region = ANY ((SELECT klappa.my_regions('region_administrator'))::smallint[]));

GRANT SELECT ON klappa.account, klappa.grants TO klappa_member, klappa_worker;
GRANT UPDATE (name, language) ON klappa.account TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.has_right(text[]), klappa.is_administrator(), klappa.is_searcher(),
    klappa.my_regions(text), klappa.my_offices()
TO klappa_member, klappa_worker;

RESET ROLE;
