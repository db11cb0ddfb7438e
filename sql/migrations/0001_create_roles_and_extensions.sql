-- Creates the four database roles, their settings, the extensions and the schema.
-- Each audience gets its own login role that owns nothing, so that a forgotten WHERE meets a refusal of the database.

SET LOCAL lock_timeout = '5s';

-- Roles belong to the whole server, so another database of it may have made them already (or be making them now).
DO $$
DECLARE
    wanted record;
    present text[];
BEGIN
    FOR wanted IN
        SELECT role, settings
        FROM (VALUES
            ('klappa_owner', '{search_path=klappa\, public,jit=off}'::text[]),
            ('klappa_public', ARRAY['search_path=klappa, public', 'jit=off', 'statement_timeout=5s',
                'lock_timeout=2s', 'idle_in_transaction_session_timeout=10s', 'default_transaction_read_only=on']),
            ('klappa_member', ARRAY['search_path=klappa, public', 'jit=off', 'statement_timeout=15s',
                'lock_timeout=5s', 'idle_in_transaction_session_timeout=30s']),
            ('klappa_worker', ARRAY['search_path=klappa, public', 'jit=off', 'statement_timeout=10min',
                'lock_timeout=10s', 'idle_in_transaction_session_timeout=10min'])
        ) AS role (role, settings)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.role) THEN
            BEGIN
                EXECUTE format(
                    'CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT',
                    wanted.role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- a twin was quicker
            END;
        END IF;
        SELECT s.setconfig INTO present
        FROM pg_db_role_setting s
        JOIN pg_roles r ON r.oid = s.setrole
        WHERE r.rolname = wanted.role AND s.setdatabase = 0;
        DECLARE
            pair text;
        BEGIN
            FOREACH pair IN ARRAY wanted.settings LOOP
                CONTINUE WHEN pair = ANY (coalesce(present, '{}'));
                -- search_path is a list: each part is an identifier of its own.
                EXECUTE format('ALTER ROLE %I SET %s = %s', wanted.role, split_part(pair, '=', 1),
                    CASE split_part(pair, '=', 1)
                        WHEN 'search_path' THEN 'klappa, public'
                        ELSE quote_literal(split_part(pair, '=', 2))
                    END);
            END LOOP;
        END;
    END LOOP;
END
$$;

CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;

CREATE SCHEMA IF NOT EXISTS klappa AUTHORIZATION klappa_owner;

DO $$
BEGIN
    IF (SELECT nspowner FROM pg_namespace WHERE nspname = 'klappa') <> 'klappa_owner'::regrole THEN
        ALTER SCHEMA klappa OWNER TO klappa_owner;
    END IF;
    -- Temporary objects could shadow ours in a search path; nobody needs them.
    EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA klappa FROM PUBLIC;
GRANT USAGE ON SCHEMA klappa TO klappa_public, klappa_member, klappa_worker;

COMMENT ON SCHEMA klappa IS
    'The registry of crew, companies, programmes, locations and inquiries of the six regions of Southern Sweden.';

-- PostgreSQL lets everyone run a new function; here a right is given by name.
ALTER DEFAULT PRIVILEGES FOR ROLE klappa_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
