-- Creates film bodies, the six regions and their 77 municipalities, with outlines.
-- Everything in the registry belongs to a region; its number is the key that searches and policies compare.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.film_body (
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    url text NOT NULL,
    note_sv text NOT NULL,
    note_en text NOT NULL,
    sort_order integer NOT NULL DEFAULT 0,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT film_body_pkey PRIMARY KEY (code),
    CONSTRAINT film_body_code_slug CHECK (klappa.is_slug(code)),
    CONSTRAINT film_body_url_http CHECK (url ~ '^https?://'),
    CONSTRAINT film_body_kind_known CHECK (kind IN ('resource_and_production_centre', 'resource_centre', 'studio',
        'film_commission', 'regional_cooperation'))
);
COMMENT ON TABLE klappa.film_body IS 'Vocabulary: the film bodies of the six regions and what they do.';

CREATE TABLE klappa.region (
    no smallint NOT NULL,
    code text NOT NULL,
    county_code text NOT NULL,
    county_letter text NOT NULL,
    nuts3 text NOT NULL,
    iso_3166_2 text NOT NULL,
    name text COLLATE "sv-x-icu" NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    body_sv text NOT NULL,
    body_en text NOT NULL,
    body_seat text NOT NULL,
    centre geography(Point, 4326) NOT NULL,
    box geometry(Polygon, 4326) NOT NULL,
    outline geometry(MultiPolygon, 4326),
    contact_body text,
    liaison text,
    contact_email text,
    contact_phone text,
    contact_url text,
    contact_sv text,
    contact_en text,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT region_pkey PRIMARY KEY (no),
    CONSTRAINT region_code_unique UNIQUE (code),
    CONSTRAINT region_county_code_unique UNIQUE (county_code),
    CONSTRAINT region_code_slug CHECK (klappa.is_slug(code)),
    CONSTRAINT region_no_is_county CHECK (no = county_code::smallint),
    CONSTRAINT region_contact_url_http CHECK (contact_url ~ '^https?://'),
    CONSTRAINT region_contact_body_fkey FOREIGN KEY (contact_body) REFERENCES klappa.film_body (code)
);
COMMENT ON TABLE klappa.region IS 'Vocabulary: the six regions (counties).';
COMMENT ON COLUMN klappa.region.no IS 'The county code as a number: the key used by searches and policies.';
COMMENT ON COLUMN klappa.region.code IS 'The region''s name in addresses and in the API, such as skane.';
COMMENT ON COLUMN klappa.region.county_code IS 'County code of Statistics Sweden, two digits.';
COMMENT ON COLUMN klappa.region.name IS 'The short name that people say, the same in both languages: Skåne.';
COMMENT ON COLUMN klappa.region.outline IS 'Generalised, for display only: coast-clipped, a shoreline may be off by kilometres.';
COMMENT ON COLUMN klappa.region.contact_body IS 'The film body through which people without public contact fields are reached.';
COMMENT ON COLUMN klappa.region.liaison IS 'The named person that producers turn to, when the region has named one.';
COMMENT ON COLUMN klappa.region.contact_sv IS 'Postal or visiting address, or a sentence on how to reach the body, in Swedish.';

CREATE TABLE klappa.region_film_body (
    region smallint NOT NULL,
    film_body text NOT NULL,
    sort_order integer NOT NULL,
    CONSTRAINT region_film_body_pkey PRIMARY KEY (region, film_body),
    CONSTRAINT region_film_body_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no),
    CONSTRAINT region_film_body_film_body_fkey FOREIGN KEY (film_body) REFERENCES klappa.film_body (code)
);
COMMENT ON TABLE klappa.region_film_body IS 'Vocabulary: which film bodies serve which region, nearest first.';

CREATE TABLE klappa.municipality (
    code text NOT NULL,
    no smallint GENERATED ALWAYS AS (code::smallint) STORED NOT NULL,
    region smallint NOT NULL,
    name text COLLATE "sv-x-icu" NOT NULL,
    name_official text COLLATE "sv-x-icu" NOT NULL,
    seat text NOT NULL,
    seat_point geography(Point, 4326) NOT NULL,
    seat_geonames_id integer,
    outline geometry(MultiPolygon, 4326),
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT municipality_pkey PRIMARY KEY (code),
    CONSTRAINT municipality_no_unique UNIQUE (no),
    CONSTRAINT municipality_code_region_unique UNIQUE (code, region),
    CONSTRAINT municipality_code_digits CHECK (code ~ '^[0-9]{4}$'),
    CONSTRAINT municipality_region_matches_code CHECK (region = left(code, 2)::smallint),
    CONSTRAINT municipality_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no)
);
CREATE INDEX municipality_region ON klappa.municipality (region);
COMMENT ON TABLE klappa.municipality IS 'Vocabulary: the 77 municipalities of the six regions.';
COMMENT ON COLUMN klappa.municipality.code IS 'Municipality code of Statistics Sweden, four digits, the first two being the county.';
COMMENT ON COLUMN klappa.municipality.no IS 'The code as a number, for compact postings.';
COMMENT ON COLUMN klappa.municipality.name IS 'As in "Malmö"; name_official is "Malmö stad" or "Lunds kommun".';
COMMENT ON COLUMN klappa.municipality.outline IS 'Generalised, for display and for a first proposal only; a person confirms the municipality.';

SELECT klappa.count_versions('klappa.film_body'), klappa.count_versions('klappa.region'),
    klappa.count_versions('klappa.municipality');

GRANT SELECT ON klappa.film_body, klappa.region, klappa.region_film_body, klappa.municipality
TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
