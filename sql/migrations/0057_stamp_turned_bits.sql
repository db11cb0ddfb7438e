-- Stamps chunks of turned bits and of locations: a stamp is another one after every change of the chunk's rows. A service
-- keeps what it has read in memory and counts from there; the stamps come with the question, from its snapshot, so that
-- a count is never one of yesterday's rows.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.crew_bits_stamp (
    chunk integer NOT NULL,
    stamp uuid NOT NULL,
    CONSTRAINT crew_bits_stamp_pkey PRIMARY KEY (chunk)
);
COMMENT ON TABLE klappa.crew_bits_stamp IS
    'Projection: a stamp for each chunk of crew_bits, another one after every change.';

CREATE TABLE klappa.location_stamp (
    chunk integer NOT NULL,
    stamp uuid NOT NULL,
    CONSTRAINT location_stamp_pkey PRIMARY KEY (chunk)
);
COMMENT ON TABLE klappa.location_stamp IS
    'Projection: a stamp for the rows of location_public and location_day whose location has a no of 2048 chunk to 2048 chunk + 2047, another one after every change.';

CREATE FUNCTION klappa.stamp_crew_bits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        UPDATE klappa.crew_bits_stamp s SET stamp = gen_random_uuid();
        RETURN NULL;
    END IF;
    INSERT INTO klappa.crew_bits_stamp AS s (chunk, stamp)
    SELECT c.chunk, gen_random_uuid() FROM (SELECT DISTINCT t.chunk FROM touched t) AS c ORDER BY c.chunk
    ON CONFLICT (chunk) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.stamp_crew_bits() IS 'Stamps the chunks of crew_bits that a statement touched.';

CREATE FUNCTION klappa.stamp_locations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        UPDATE klappa.location_stamp s SET stamp = gen_random_uuid();
        RETURN NULL;
    END IF;
    -- In order, so that two writers wait for each other and never both.
    INSERT INTO klappa.location_stamp AS s (chunk, stamp)
    SELECT c.chunk, gen_random_uuid() FROM (SELECT DISTINCT t.no / 2048 AS chunk FROM touched t) AS c ORDER BY c.chunk
    ON CONFLICT (chunk) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.stamp_locations() IS 'Stamps the chunks of the locations that a statement touched in location_public.';

CREATE FUNCTION klappa.stamp_location_days() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        UPDATE klappa.location_stamp s SET stamp = gen_random_uuid();
        RETURN NULL;
    END IF;
    -- A location that is in location_public no more, or not yet, is stamped there.
    INSERT INTO klappa.location_stamp AS s (chunk, stamp)
    SELECT c.chunk, gen_random_uuid()
    FROM (
        SELECT DISTINCT p.no / 2048 AS chunk FROM touched t JOIN klappa.location_public p ON p.id = t.id) AS c
    ORDER BY c.chunk
    ON CONFLICT (chunk) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.stamp_location_days() IS 'Stamps the chunks of the locations that a statement touched in location_day.';

CREATE TRIGGER crew_bits_stamp_insert AFTER INSERT ON klappa.crew_bits REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_crew_bits();
CREATE TRIGGER crew_bits_stamp_update AFTER UPDATE ON klappa.crew_bits REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_crew_bits();
CREATE TRIGGER crew_bits_stamp_update_old AFTER UPDATE ON klappa.crew_bits REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_crew_bits();
CREATE TRIGGER crew_bits_stamp_delete AFTER DELETE ON klappa.crew_bits REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_crew_bits();
CREATE TRIGGER crew_bits_stamp_truncate AFTER TRUNCATE ON klappa.crew_bits
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_crew_bits();

CREATE TRIGGER location_public_stamp_insert AFTER INSERT ON klappa.location_public REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_locations();
CREATE TRIGGER location_public_stamp_update AFTER UPDATE ON klappa.location_public REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_locations();
CREATE TRIGGER location_public_stamp_update_old AFTER UPDATE ON klappa.location_public REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_locations();
CREATE TRIGGER location_public_stamp_delete AFTER DELETE ON klappa.location_public REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_locations();
CREATE TRIGGER location_public_stamp_truncate AFTER TRUNCATE ON klappa.location_public
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_locations();

CREATE TRIGGER location_day_stamp_insert AFTER INSERT ON klappa.location_day REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_location_days();
CREATE TRIGGER location_day_stamp_update AFTER UPDATE ON klappa.location_day REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_location_days();
CREATE TRIGGER location_day_stamp_delete AFTER DELETE ON klappa.location_day REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_location_days();
CREATE TRIGGER location_day_stamp_truncate AFTER TRUNCATE ON klappa.location_day
FOR EACH STATEMENT EXECUTE FUNCTION klappa.stamp_location_days();

INSERT INTO klappa.crew_bits_stamp (chunk, stamp)
SELECT c.chunk, gen_random_uuid() FROM (SELECT DISTINCT b.chunk FROM klappa.crew_bits b) AS c;
INSERT INTO klappa.location_stamp (chunk, stamp)
SELECT c.chunk, gen_random_uuid() FROM (SELECT DISTINCT p.no / 2048 AS chunk FROM klappa.location_public p) AS c;

GRANT SELECT ON klappa.crew_bits_stamp, klappa.location_stamp TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
