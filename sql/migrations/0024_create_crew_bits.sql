-- Creates the turned bits from which facets are counted: a row per day and per value, one bit per person.
-- Counting is then AND and popcount over a few megabytes; unnesting arrays for the same took twenty times as long.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

-- 15,360 bits make rows of 2 kB, four to a page and never toasted; a changed person touches one chunk only.
CREATE TABLE klappa.crew_bits (
    kind text NOT NULL,
    value text NOT NULL,
    grade text NOT NULL DEFAULT '',
    chunk integer NOT NULL,
    bits bit(15360) NOT NULL,
    CONSTRAINT crew_bits_pkey PRIMARY KEY (kind, value, grade, chunk)
);
CREATE INDEX crew_bits_chunk ON klappa.crew_bits (chunk);
ALTER TABLE klappa.crew_bits ALTER COLUMN bits SET STORAGE PLAIN, ALTER COLUMN bits SET STATISTICS 0;
COMMENT ON TABLE klappa.crew_bits IS
    'Projection: who has a value. Bit i of chunk c stands for the person whose no is 15360 c + i; the kind "live" is everybody published.';

CREATE TABLE klappa.crew_day_bits (
    day smallint NOT NULL,
    chunk integer NOT NULL,
    bits bit(15360) NOT NULL,
    CONSTRAINT crew_day_bits_pkey PRIMARY KEY (day, chunk)
);
ALTER TABLE klappa.crew_day_bits ALTER COLUMN bits SET STORAGE PLAIN, ALTER COLUMN bits SET STATISTICS 0;
COMMENT ON TABLE klappa.crew_day_bits IS
    'Projection: who is free on a day of the window (0 to 1095), as they show it to anyone; a missing row is nobody.';

CREATE TABLE klappa.crew_day_bits_approved (LIKE klappa.crew_day_bits INCLUDING STORAGE);
ALTER TABLE klappa.crew_day_bits_approved
    ADD CONSTRAINT crew_day_bits_approved_pkey PRIMARY KEY (day, chunk),
    ALTER COLUMN bits SET STATISTICS 0;
COMMENT ON TABLE klappa.crew_day_bits_approved IS 'Projection: as crew_day_bits, for approved searchers.';

SELECT klappa.protect('klappa.crew_day_bits_approved');
CREATE POLICY crew_day_bits_approved_searcher ON klappa.crew_day_bits_approved FOR SELECT TO klappa_member
USING ((SELECT klappa.is_searcher()));

GRANT SELECT ON klappa.crew_bits, klappa.crew_day_bits TO klappa_public, klappa_member;
GRANT SELECT ON klappa.crew_day_bits_approved TO klappa_member;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.crew_bits, klappa.crew_day_bits, klappa.crew_day_bits_approved
TO klappa_worker;

RESET ROLE;
