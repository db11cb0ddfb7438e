-- Creates contact fields, each with its own visibility, and links to reels and sites.
-- Contact data are rows, so that each can be locked by itself (CD-03); without a choice it stays in the office.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.contact_field (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    subject uuid NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    visibility text NOT NULL DEFAULT 'office',
    sort_order integer NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT contact_field_pkey PRIMARY KEY (id),
    CONSTRAINT contact_field_once UNIQUE (subject, kind, value),
    CONSTRAINT contact_field_kind_known CHECK (kind IN ('email', 'phone', 'address')),
    CONSTRAINT contact_field_visibility_known CHECK (visibility IN ('anyone', 'approved', 'request', 'office')),
    CONSTRAINT contact_field_value_length CHECK (char_length(value) BETWEEN 1 AND 500),
    CONSTRAINT contact_field_email_form CHECK (kind <> 'email'
        OR (value ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(value) <= 254)),
    CONSTRAINT contact_field_phone_form CHECK (kind <> 'phone' OR value ~ '^\+?[0-9][0-9 ()./-]{3,30}$'),
    CONSTRAINT contact_field_subject_fkey FOREIGN KEY (subject) REFERENCES klappa.subject (id) ON DELETE CASCADE
);
ALTER TABLE klappa.contact_field ALTER COLUMN value SET STATISTICS 0;
COMMENT ON TABLE klappa.contact_field IS 'Base: how a subject is reached.';
COMMENT ON COLUMN klappa.contact_field.visibility IS
    'anyone; approved searchers; request (released on asking); office (never leaves the region''s office).';

CREATE TABLE klappa.link (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    subject uuid NOT NULL,
    kind text NOT NULL,
    url text NOT NULL,
    title text,
    sort_order integer NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT link_pkey PRIMARY KEY (id),
    CONSTRAINT link_once UNIQUE (subject, url),
    CONSTRAINT link_kind_known CHECK (kind IN ('reel', 'site', 'profile')),
    CONSTRAINT link_url_http CHECK (url ~ '^https?://[^[:space:]<>"]+$' AND char_length(url) <= 2000),
    CONSTRAINT link_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT link_subject_fkey FOREIGN KEY (subject) REFERENCES klappa.subject (id) ON DELETE CASCADE
);
ALTER TABLE klappa.link ALTER COLUMN url SET STATISTICS 0, ALTER COLUMN title SET STATISTICS 0;
COMMENT ON TABLE klappa.link IS 'Base: reels, sites and profiles elsewhere; as public as the listing itself.';

SELECT klappa.protect('klappa.contact_field'), klappa.protect('klappa.link'),
    klappa.count_versions('klappa.contact_field'), klappa.count_versions('klappa.link'),
    klappa.versions_person('klappa.contact_field', 'subject'), klappa.versions_person('klappa.link', 'subject');

CREATE POLICY contact_field_member ON klappa.contact_field TO klappa_member
USING (EXISTS (SELECT FROM klappa.subject s WHERE s.id = contact_field.subject));
CREATE POLICY link_member ON klappa.link TO klappa_member
USING (EXISTS (SELECT FROM klappa.subject s WHERE s.id = link.subject));

GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.contact_field, klappa.link TO klappa_member, klappa_worker;

RESET ROLE;
