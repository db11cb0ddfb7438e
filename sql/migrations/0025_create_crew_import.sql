-- Creates the staging table of crew imports, and people as the columns of the exchange file.
-- A file is compared with the registry in its own words, so that export, import and export again agree by nature.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE UNLOGGED TABLE klappa.crew_import (
    line bigint NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    region text NOT NULL,
    municipality text,
    roles text NOT NULL,
    languages text,
    email text,
    phone text,
    headline_sv text,
    headline_en text,
    known_from date,
    known_to date,
    busy datemultirange NOT NULL,
    availability_visibility text NOT NULL,
    email_visibility text NOT NULL,
    phone_visibility text NOT NULL,
    consent_date date,
    consent_source text,
    person uuid,
    changes text[],
    CONSTRAINT crew_import_pkey PRIMARY KEY (line)
);
ALTER TABLE klappa.crew_import
    ALTER COLUMN name SET STATISTICS 0,
    ALTER COLUMN email SET STATISTICS 0,
    ALTER COLUMN phone SET STATISTICS 0,
    ALTER COLUMN headline_sv SET STATISTICS 0,
    ALTER COLUMN headline_en SET STATISTICS 0,
    ALTER COLUMN busy SET STATISTICS 0,
    ALTER COLUMN consent_source SET STATISTICS 0;
COMMENT ON TABLE klappa.crew_import IS
    'Bookkeeping: the rows of the file that is being imported, empty outside that transaction. Emptying it takes the lock that keeps imports one after the other.';
COMMENT ON COLUMN klappa.crew_import.line IS 'The line of the file on which the row begins.';
COMMENT ON COLUMN klappa.crew_import.id IS 'The key of the person, if a new one is made.';
COMMENT ON COLUMN klappa.crew_import.roles IS 'Codes, the primary one first, as crew_exchange has them.';
COMMENT ON COLUMN klappa.crew_import.person IS 'The person of the registry whom the row speaks of; NULL for a new one.';
COMMENT ON COLUMN klappa.crew_import.changes IS 'The columns that would change; NULL for a new person.';
CREATE INDEX crew_import_person ON klappa.crew_import (person) WHERE person IS NOT NULL;

CREATE FUNCTION klappa.lock_crew_import() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    PERFORM FROM klappa.subject s
    WHERE s.id IN (SELECT i.person FROM klappa.crew_import i WHERE i.person IS NOT NULL)
    ORDER BY s.id FOR NO KEY UPDATE;
END
$$;
COMMENT ON FUNCTION klappa.lock_crew_import() IS
    'Locks the calendars of everybody whom the staged rows speak of, in the order of their ids.';

CREATE FUNCTION klappa.days_text(datemultirange) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT string_agg(
        CASE WHEN upper(d) - lower(d) = 1 THEN to_char(lower(d), 'YYYY-MM-DD')
            ELSE to_char(lower(d), 'YYYY-MM-DD') || '/' || to_char(upper(d) - 1, 'YYYY-MM-DD') END,
        ';' ORDER BY lower(d))
    FROM unnest($1) AS d
$$;
COMMENT ON FUNCTION klappa.days_text(datemultirange) IS
    'Bounded days as people write them: single days and intervals with both ends included, ";" between them; NULL for none.';

CREATE VIEW klappa.crew_exchange WITH (security_invoker = true) AS
SELECT p.id, p.name, r.code AS region, p.municipality,
    (SELECT string_agg(o.code || CASE WHEN o.grade = 'professional' THEN '' ELSE ':' || o.grade END,
            ';' ORDER BY o."primary" DESC, o.sort_order, o.role)
        FROM (
            SELECT x.role, x.grade, x."primary", v.code, v.sort_order
            FROM klappa.person_role x
            JOIN klappa.role v ON v.no = x.role
            WHERE x.person = p.id) AS o) AS roles,
    (SELECT string_agg(l.language || CASE WHEN l.proficiency = 'working' THEN '' ELSE ':' || l.proficiency END,
            ';' ORDER BY v.sort_order, v.code)
        FROM klappa.person_language l
        JOIN klappa.language v ON v.code = l.language
        WHERE l.person = p.id) AS languages,
    email.value AS email, phone.value AS phone, p.headline_sv, p.headline_en, c.known_from, c.known_to, busy.days AS busy,
    busy.taken, p.availability_visibility, coalesce(email.visibility, 'office') AS email_visibility,
    coalesce(phone.visibility, 'office') AS phone_visibility, consent.given_on AS consent_date,
    consent.source AS consent_source, p.state
FROM klappa.person p
JOIN klappa.region r ON r.no = p.home_region
LEFT JOIN klappa.calendar c ON c.subject = p.id
LEFT JOIN LATERAL (
    SELECT f.value, f.visibility FROM klappa.contact_field f
    WHERE f.subject = p.id AND f.kind = 'email' ORDER BY f.sort_order, f.value LIMIT 1) AS email ON true
LEFT JOIN LATERAL (
    SELECT f.value, f.visibility FROM klappa.contact_field f
    WHERE f.subject = p.id AND f.kind = 'phone' ORDER BY f.sort_order, f.value LIMIT 1) AS phone ON true
LEFT JOIN klappa.consent consent
    ON consent.subject = p.id AND consent.purpose = 'publication' AND consent.withdrawn_at IS NULL
LEFT JOIN LATERAL (
    SELECT range_agg(x.days) AS days, range_agg(x.days) FILTER (WHERE x.taken) AS taken
    FROM (
        SELECT b.days, b.kind = 'feed' AS taken FROM klappa.block b WHERE b.subject = p.id
        UNION ALL
        SELECT b.days, true FROM klappa.booking b WHERE b.subject = p.id AND b.state = 'confirmed') AS x) AS busy ON true
WHERE p.state <> 'erased';
COMMENT ON VIEW klappa.crew_exchange IS
    'Base: people as the columns of the exchange file: of several fields of a kind the first; busy is blocked, booked and from feeds together, taken the latter two. Reads with the reader''s own rights.';

GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON klappa.crew_import TO klappa_worker;
GRANT SELECT ON klappa.crew_exchange TO klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.days_text(datemultirange) TO klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.lock_crew_import() TO klappa_worker;

RESET ROLE;
