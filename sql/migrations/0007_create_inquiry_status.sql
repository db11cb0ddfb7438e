-- Creates the vocabularies of productions, programmes and inquiries.
-- They come with the first version, although inquiries come later, because credits and needs point to them.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.production_type (
    code text NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    category text NOT NULL,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT production_type_pkey PRIMARY KEY (code)
);
COMMENT ON TABLE klappa.production_type IS 'Vocabulary: kinds of productions.';

CREATE TABLE klappa.programme_type (
    code text NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    category text NOT NULL,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT programme_type_pkey PRIMARY KEY (code)
);
COMMENT ON TABLE klappa.programme_type IS 'Vocabulary: kinds of talent programmes.';

CREATE TABLE klappa.inquiry_status (
    code text NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    outcome text NOT NULL,
    final boolean NOT NULL,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT inquiry_status_pkey PRIMARY KEY (code),
    CONSTRAINT inquiry_status_outcome_known CHECK (outcome IN ('open', 'landed', 'lost', 'postponed', 'not_pursued',
        'duplicate', 'spam'))
);
COMMENT ON TABLE klappa.inquiry_status IS 'Vocabulary: the statuses of an inquiry and the outcome that each means.';
COMMENT ON COLUMN klappa.inquiry_status.final IS 'Whether nothing more is expected to happen.';

CREATE TABLE klappa.lead_source (
    code text NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    channel text NOT NULL,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT lead_source_pkey PRIMARY KEY (code)
);
COMMENT ON TABLE klappa.lead_source IS 'Vocabulary: how an inquiry reached us.';

CREATE TABLE klappa.lost_reason (
    code text NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT lost_reason_pkey PRIMARY KEY (code)
);
COMMENT ON TABLE klappa.lost_reason IS 'Vocabulary: why a production went elsewhere.';

SELECT klappa.count_versions('klappa.production_type'), klappa.count_versions('klappa.programme_type'),
    klappa.count_versions('klappa.inquiry_status'), klappa.count_versions('klappa.lead_source'),
    klappa.count_versions('klappa.lost_reason');

GRANT SELECT ON klappa.production_type, klappa.programme_type, klappa.inquiry_status, klappa.lead_source,
    klappa.lost_reason
TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
