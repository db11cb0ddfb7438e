-- Creates the vocabularies of what a person can: languages and certificates.
-- Typed codes can be required by a search; free text cannot.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.language (
    code text NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    "group" text NOT NULL,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT language_pkey PRIMARY KEY (code),
    CONSTRAINT language_code_tag CHECK (code ~ '^[a-z]{2,3}(-[A-Za-z0-9]+)*$')
);
COMMENT ON TABLE klappa.language IS 'Vocabulary: languages by BCP 47 tag.';
COMMENT ON COLUMN klappa.language."group" IS 'national, minority (of Sweden), nordic, foreign or sign.';

CREATE TABLE klappa.certificate (
    code text NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    category text NOT NULL,
    expires boolean NOT NULL,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT certificate_pkey PRIMARY KEY (code)
);
COMMENT ON TABLE klappa.certificate IS 'Vocabulary: licences and certificates. Criminal record extracts are left out on purpose (GDPR, article 10).';
COMMENT ON COLUMN klappa.certificate.expires IS 'Whether such a certificate has a last day.';

SELECT klappa.count_versions('klappa.language'), klappa.count_versions('klappa.certificate');

GRANT SELECT ON klappa.language, klappa.certificate TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
