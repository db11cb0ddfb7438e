-- Creates the small functions on which the tables stand: folding, slugs, keys, today, the reader, row versions.
-- They are named once here so that constraints, policies and triggers read as sentences.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE FUNCTION klappa.fold(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, normalize($1, NFC))) $$;
COMMENT ON FUNCTION klappa.fold(text) IS
    'Lower case without accents: how words are compared. Fold before stemming, on both sides.';

CREATE FUNCTION klappa.slug(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT trim(BOTH '-' FROM left(trim(BOTH '-' FROM regexp_replace(klappa.fold($1), '[^a-z0-9]+', '-', 'g')), 60)) $$;
COMMENT ON FUNCTION klappa.slug(text) IS
    'A title as it stands in an address: lower case a-z, 0-9 and single hyphens, at most 60 characters, possibly empty.';

CREATE FUNCTION klappa.is_slug(text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT $1 ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length($1) <= 80
    AND $1 !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' $$;
COMMENT ON FUNCTION klappa.is_slug(text) IS
    'Whether a text may stand in an address for a row; never true for a text that could be read as an id.';

CREATE FUNCTION klappa.is_uuid7(uuid) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT substr($1::text, 15, 1) = '7' AND substr($1::text, 20, 1) IN ('8', '9', 'a', 'b') $$;
COMMENT ON FUNCTION klappa.is_uuid7(uuid) IS 'Whether a key is a UUID version 7 (RFC 9562, section 5.7).';

CREATE FUNCTION klappa.uuid7(at timestamptz DEFAULT clock_timestamp()) RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$
    SELECT encode(
        set_byte(
            set_byte(
                overlay(
                    uuid_send(gen_random_uuid())
                    PLACING substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3)
                    FROM 1 FOR 6),
                6, 112 | (get_byte(uuid_send(gen_random_uuid()), 6) & 15)),
            8, 128 | (get_byte(uuid_send(gen_random_uuid()), 8) & 63)),
        'hex')::uuid
$$;
COMMENT ON FUNCTION klappa.uuid7(timestamptz) IS
    'A new key for seeds and for rows that the database makes itself; the service makes its own.';

CREATE FUNCTION klappa.today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT (now() AT TIME ZONE 'Europe/Stockholm')::date $$;
COMMENT ON FUNCTION klappa.today() IS 'Today as the registry counts days. Never used in a policy or an index predicate.';

CREATE FUNCTION klappa.is_days(datemultirange) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT NOT isempty($1) AND NOT lower_inf($1) AND NOT upper_inf($1)
    AND coalesce(lower($1) >= date '1900-01-01', false) AND coalesce(upper($1) <= date '2200-01-01', false) $$;
COMMENT ON FUNCTION klappa.is_days(datemultirange) IS
    'Whether days are a real set of days: not empty, not unbounded, between 1900 and 2199.';

CREATE FUNCTION klappa.reader() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('klappa.account', true), '')::uuid $$;
COMMENT ON FUNCTION klappa.reader() IS
    'The account on whose behalf the transaction reads and writes, from the local setting klappa.account; NULL without one.';

CREATE FUNCTION klappa.touch() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    new.version := old.version + 1;
    new.created_at := old.created_at;
    new.changed_at := now();
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.touch() IS 'Counts a row''s versions, whatever the writer put there.';

CREATE FUNCTION klappa.protect(base regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    name text := (SELECT relname FROM pg_class WHERE oid = base);
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', base);
    EXECUTE format('CREATE POLICY %I ON %s TO klappa_owner USING (true) WITH CHECK (true)', name || '_owner', base);
    EXECUTE format('CREATE POLICY %I ON %s TO klappa_worker USING (true) WITH CHECK (true)', name || '_worker', base);
END
$$;
COMMENT ON FUNCTION klappa.protect(regclass) IS
    'For migrations: forces row security on a base table; lets in the owner (definer functions, migrations) and, as far as it is granted, the worker. What members may do is a policy beside each table.';

CREATE FUNCTION klappa.count_versions(versioned regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION klappa.touch()',
        (SELECT relname FROM pg_class WHERE oid = versioned) || '_touch', versioned);
END
$$;
COMMENT ON FUNCTION klappa.count_versions(regclass) IS 'For migrations: hangs klappa.touch() on a table.';

GRANT EXECUTE ON FUNCTION klappa.fold(text), klappa.slug(text), klappa.is_slug(text), klappa.is_uuid7(uuid),
    klappa.uuid7(timestamptz), klappa.today(), klappa.is_days(datemultirange), klappa.reader()
TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
