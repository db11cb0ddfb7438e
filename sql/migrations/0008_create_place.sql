-- Creates the places of interest: real places that could be looked at, with a point and a source.
-- They are facts about the regions, kept apart from locations, which somebody offers.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.place (
    code text NOT NULL,
    name text COLLATE "sv-x-icu" NOT NULL,
    type text NOT NULL,
    municipality text NOT NULL,
    point geography(Point, 4326) NOT NULL,
    precision_m integer NOT NULL,
    source text NOT NULL,
    source_ref text NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT place_pkey PRIMARY KEY (code),
    CONSTRAINT place_source_unique UNIQUE (source, source_ref),
    CONSTRAINT place_code_slug CHECK (klappa.is_slug(code)),
    CONSTRAINT place_precision_positive CHECK (precision_m > 0),
    CONSTRAINT place_type_fkey FOREIGN KEY (type) REFERENCES klappa.location_type (code),
    CONSTRAINT place_municipality_fkey FOREIGN KEY (municipality) REFERENCES klappa.municipality (code)
);
CREATE INDEX place_point ON klappa.place USING gist (point);
CREATE INDEX place_municipality ON klappa.place (municipality);
CREATE INDEX place_type ON klappa.place (type);
COMMENT ON TABLE klappa.place IS
    'Vocabulary: places of interest. Being listed says nothing of ownership, access or permission to film.';
COMMENT ON COLUMN klappa.place.precision_m IS 'Rough error of the point in metres, our estimate.';
COMMENT ON COLUMN klappa.place.source IS 'geonames, wikidata, airportsdata, unlocode or mediaevolution; source_ref is the id there.';

SELECT klappa.count_versions('klappa.place');

GRANT SELECT ON klappa.place TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
