-- Creates the vocabularies of locations: types in two levels, typed features and the values of those that are lists.
-- A feature with a data type and a unit can be searched by range; a paragraph cannot.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.location_type (
    code text NOT NULL,
    parent text,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT location_type_pkey PRIMARY KEY (code),
    CONSTRAINT location_type_parent_fkey FOREIGN KEY (parent) REFERENCES klappa.location_type (code)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX location_type_parent ON klappa.location_type (parent);
COMMENT ON TABLE klappa.location_type IS 'Vocabulary: kinds of places, in two levels.';
COMMENT ON COLUMN klappa.location_type.parent IS 'The group; NULL for a group itself.';

CREATE TABLE klappa.location_feature (
    code text NOT NULL,
    "group" text NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    data_type text NOT NULL,
    unit text,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT location_feature_pkey PRIMARY KEY (code),
    CONSTRAINT location_feature_data_type_known CHECK (data_type IN ('boolean', 'integer', 'decimal', 'enum'))
);
COMMENT ON TABLE klappa.location_feature IS 'Vocabulary: production facts that a location can state.';
COMMENT ON COLUMN klappa.location_feature.unit IS 'Unit of numbers: A, m, m2, kg, st (pieces), …; NULL when there is none.';

CREATE TABLE klappa.location_feature_value (
    feature text NOT NULL,
    code text NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT location_feature_value_pkey PRIMARY KEY (feature, code),
    CONSTRAINT location_feature_value_feature_fkey FOREIGN KEY (feature) REFERENCES klappa.location_feature (code)
);
COMMENT ON TABLE klappa.location_feature_value IS 'Vocabulary: the values of features whose data type is enum.';

SELECT klappa.count_versions('klappa.location_type'), klappa.count_versions('klappa.location_feature'),
    klappa.count_versions('klappa.location_feature_value');

GRANT SELECT ON klappa.location_type, klappa.location_feature, klappa.location_feature_value
TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
