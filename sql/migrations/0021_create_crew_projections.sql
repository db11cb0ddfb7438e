-- Creates the projections of crew that searches read: who is published, as postings, as ready texts, and their days.
-- They hold nothing but what their audience may see: anyone, or (…_approved) searchers who have been approved.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.crew_public (
    id uuid NOT NULL,
    no integer NOT NULL,
    name text COLLATE "sv-x-icu" NOT NULL,
    renewed_on date NOT NULL,
    home_region smallint NOT NULL,
    regions integer NOT NULL,
    travel integer NOT NULL,
    municipality smallint,
    languages text[] NOT NULL,
    certificates text[] NOT NULL,
    point geography(Point, 4326),
    names tsvector NOT NULL,
    about tsvector NOT NULL,
    CONSTRAINT crew_public_pkey PRIMARY KEY (id),
    CONSTRAINT crew_public_no_unique UNIQUE (no)
);
CREATE INDEX crew_public_names ON klappa.crew_public USING gin (names);
CREATE INDEX crew_public_about ON klappa.crew_public USING gin (about);
CREATE INDEX crew_public_point ON klappa.crew_public USING gist (point);
CREATE INDEX crew_public_municipality ON klappa.crew_public (municipality);
COMMENT ON TABLE klappa.crew_public IS 'Projection: what anyone may filter published people by.';
COMMENT ON COLUMN klappa.crew_public.regions IS 'Bit n is set for home region n and each region n in which the person counts as local.';
COMMENT ON COLUMN klappa.crew_public.travel IS 'As regions, and each region that the travel radius reaches.';
COMMENT ON COLUMN klappa.crew_public.names IS 'Folded words of all names, of the home municipality and of the home region, without positions.';
COMMENT ON COLUMN klappa.crew_public.about IS 'Folded, then stemmed words of the headlines.';

CREATE TABLE klappa.crew_doc (
    id uuid NOT NULL,
    body text NOT NULL,
    CONSTRAINT crew_doc_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE klappa.crew_doc IS 'Projection: a published person as an item of a list, the JSON text as it is sent.';

CREATE TABLE klappa.crew_record (
    id uuid NOT NULL,
    slug text NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    CONSTRAINT crew_record_pkey PRIMARY KEY (id),
    CONSTRAINT crew_record_slug_unique UNIQUE (slug)
);
COMMENT ON TABLE klappa.crew_record IS 'Projection: a published person in full, the JSON text as it is sent.';

CREATE TABLE klappa.crew_post (
    id uuid NOT NULL,
    role smallint NOT NULL,
    region smallint NOT NULL,
    home boolean NOT NULL,
    regions integer NOT NULL,
    travel integer NOT NULL,
    grades smallint NOT NULL,
    renewed_on date NOT NULL,
    name text COLLATE "sv-x-icu" NOT NULL,
    free bit(1096),
    CONSTRAINT crew_post_pkey PRIMARY KEY (id, role, region)
);
-- The whole row lies in the index: a search reads neighbouring index pages and nothing else before it has its page.
CREATE INDEX crew_post_rank ON klappa.crew_post (role, region, renewed_on DESC)
INCLUDE (id, home, regions, travel, grades, name, free);
COMMENT ON TABLE klappa.crew_post IS
    'Projection: a row per held role (and role 0 for any) and region in which the person lives or counts as local, with the free days of those who show them to anyone.';
COMMENT ON COLUMN klappa.crew_post.home IS 'Whether region is the home region: exactly one row per person and role.';
COMMENT ON COLUMN klappa.crew_post.grades IS 'Bits 0 to 3 for trainee, assistant, professional, head of department; of role 0 all that are held.';
COMMENT ON COLUMN klappa.crew_post.free IS 'Days known to be free; NULL when this audience may not see the calendar.';

CREATE TABLE klappa.crew_day (
    id uuid NOT NULL,
    free bit(1096) NOT NULL,
    held bit(1096) NOT NULL,
    busy bit(1096) NOT NULL,
    CONSTRAINT crew_day_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE klappa.crew_day IS
    'Projection: days of published people who show them to anyone; no day has two bits, a day without any is unknown.';

CREATE TABLE klappa.crew_post_approved (LIKE klappa.crew_post INCLUDING COMMENTS);
ALTER TABLE klappa.crew_post_approved
    ADD CONSTRAINT crew_post_approved_pkey PRIMARY KEY (id, role, region);
CREATE INDEX crew_post_approved_rank ON klappa.crew_post_approved (role, region, renewed_on DESC)
INCLUDE (id, home, regions, travel, grades, name, free);
COMMENT ON TABLE klappa.crew_post_approved IS 'Projection: as crew_post, for approved searchers.';

CREATE TABLE klappa.crew_day_approved (LIKE klappa.crew_day);
ALTER TABLE klappa.crew_day_approved ADD CONSTRAINT crew_day_approved_pkey PRIMARY KEY (id);
COMMENT ON TABLE klappa.crew_day_approved IS 'Projection: as crew_day, for approved searchers.';

CREATE TABLE klappa.crew_word (
    word text NOT NULL
);
CREATE INDEX crew_word_word ON klappa.crew_word (word);
COMMENT ON TABLE klappa.crew_word IS
    'Projection: the words of crew_public.names, to find what a mistyped word may have meant. Not unique, so that writers never wait for each other; words nobody has any more are swept by the worker.';

-- The planner keeps no samples of personal columns, where erased words would live on.
ALTER TABLE klappa.crew_public
    ALTER COLUMN name SET STATISTICS 0,
    ALTER COLUMN point SET STATISTICS 0,
    ALTER COLUMN names SET STATISTICS 0,
    ALTER COLUMN about SET STATISTICS 0;
ALTER TABLE klappa.crew_doc ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE klappa.crew_record ALTER COLUMN slug SET STATISTICS 0, ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE klappa.crew_post ALTER COLUMN name SET STATISTICS 0, ALTER COLUMN free SET STATISTICS 0;
ALTER TABLE klappa.crew_post_approved ALTER COLUMN name SET STATISTICS 0, ALTER COLUMN free SET STATISTICS 0;
ALTER TABLE klappa.crew_day
    ALTER COLUMN free SET STATISTICS 0, ALTER COLUMN held SET STATISTICS 0, ALTER COLUMN busy SET STATISTICS 0;
ALTER TABLE klappa.crew_day_approved
    ALTER COLUMN free SET STATISTICS 0, ALTER COLUMN held SET STATISTICS 0, ALTER COLUMN busy SET STATISTICS 0;
ALTER TABLE klappa.crew_word ALTER COLUMN word SET STATISTICS 0;

-- One constant condition, asked once per statement, leaves the index-only scans as they are.
SELECT klappa.protect('klappa.crew_post_approved'), klappa.protect('klappa.crew_day_approved');
CREATE POLICY crew_post_approved_searcher ON klappa.crew_post_approved FOR SELECT TO klappa_member
USING ((SELECT klappa.is_searcher()));
CREATE POLICY crew_day_approved_searcher ON klappa.crew_day_approved FOR SELECT TO klappa_member
USING ((SELECT klappa.is_searcher()));

GRANT SELECT ON klappa.crew_public, klappa.crew_doc, klappa.crew_record, klappa.crew_post, klappa.crew_day,
    klappa.crew_word
TO klappa_public, klappa_member, klappa_worker;
GRANT SELECT ON klappa.crew_post_approved, klappa.crew_day_approved TO klappa_member, klappa_worker;
GRANT DELETE ON klappa.crew_word TO klappa_worker;

RESET ROLE;
