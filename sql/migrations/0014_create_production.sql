-- Creates productions and credits: who worked on what, when, in which role.
-- A production is one record shared by all who worked on it; a false credit is struck, not lost.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.production (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    slug text NOT NULL,
    title text COLLATE "sv-x-icu" NOT NULL,
    production_type text NOT NULL,
    company text,
    year smallint,
    url text,
    public boolean NOT NULL DEFAULT true,
    invented boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT production_pkey PRIMARY KEY (id),
    CONSTRAINT production_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT production_slug_unique UNIQUE (slug),
    CONSTRAINT production_slug_form CHECK (klappa.is_slug(slug)),
    CONSTRAINT production_title_length CHECK (char_length(title) BETWEEN 1 AND 300),
    CONSTRAINT production_company_length CHECK (char_length(company) BETWEEN 1 AND 200),
    CONSTRAINT production_year_range CHECK (year BETWEEN 1890 AND 2200),
    CONSTRAINT production_url_http CHECK (url ~ '^https?://' AND char_length(url) <= 2000),
    CONSTRAINT production_type_fkey FOREIGN KEY (production_type) REFERENCES klappa.production_type (code)
);
CREATE INDEX production_folded_title ON klappa.production (klappa.fold(title));
COMMENT ON TABLE klappa.production IS 'Base: films, series and other works, shared by the credits of all who made them.';
COMMENT ON COLUMN klappa.production.year IS 'Year of first release or, before that, of the shoot.';
COMMENT ON COLUMN klappa.production.public IS 'Whether the title may be known; an embargoed one shows in no credit.';

CREATE FUNCTION klappa.prepare_production() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    new.slug := coalesce(new.slug, trim(BOTH '-' FROM klappa.slug(new.title) || '-' || right(new.id::text, 8)));
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.prepare_production() IS 'Fills in a missing slug from title and id.';

CREATE TRIGGER production_prepare BEFORE INSERT ON klappa.production
FOR EACH ROW EXECUTE FUNCTION klappa.prepare_production();

CREATE TABLE klappa.credit (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    person uuid NOT NULL,
    production uuid NOT NULL,
    role smallint NOT NULL,
    credited_as text,
    started_on date,
    ended_on date,
    struck_at timestamptz,
    struck_by uuid,
    struck_reason text,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT credit_pkey PRIMARY KEY (id),
    CONSTRAINT credit_once UNIQUE (person, production, role),
    CONSTRAINT credit_credited_as_length CHECK (char_length(credited_as) BETWEEN 1 AND 200),
    CONSTRAINT credit_dates_ordered CHECK (started_on <= ended_on),
    CONSTRAINT credit_dates_range CHECK (started_on >= date '1890-01-01' AND ended_on <= date '2200-01-01'),
    CONSTRAINT credit_struck_with_reason CHECK ((struck_at IS NULL AND struck_reason IS NULL AND struck_by IS NULL)
        OR (struck_at IS NOT NULL AND struck_reason <> '')),
    CONSTRAINT credit_person_fkey FOREIGN KEY (person) REFERENCES klappa.person (id) ON DELETE CASCADE,
    CONSTRAINT credit_production_fkey FOREIGN KEY (production) REFERENCES klappa.production (id),
    CONSTRAINT credit_role_fkey FOREIGN KEY (role) REFERENCES klappa.role (no),
    CONSTRAINT credit_struck_by_fkey FOREIGN KEY (struck_by) REFERENCES klappa.account (id) ON DELETE SET NULL
);
CREATE INDEX credit_production ON klappa.credit (production);
CREATE INDEX credit_role ON klappa.credit (role);
ALTER TABLE klappa.credit ALTER COLUMN credited_as SET STATISTICS 0, ALTER COLUMN struck_reason SET STATISTICS 0;
COMMENT ON TABLE klappa.credit IS 'Base: one person''s work on one production in one role. The public sees those that are not struck.';
COMMENT ON COLUMN klappa.credit.credited_as IS 'The title on the screen, when it differs from the role.';
COMMENT ON COLUMN klappa.credit.struck_at IS 'When the credit was found to be false.';

SELECT klappa.protect('klappa.production'), klappa.protect('klappa.credit'),
    klappa.count_versions('klappa.production'), klappa.count_versions('klappa.credit'),
    klappa.versions_person('klappa.credit', 'person');

CREATE POLICY production_member_read ON klappa.production FOR SELECT TO klappa_member
USING (public OR (SELECT klappa.is_administrator()));
CREATE POLICY production_member_write ON klappa.production TO klappa_member
USING (cardinality((SELECT klappa.my_offices())) > 0);
CREATE POLICY credit_member ON klappa.credit TO klappa_member
USING (EXISTS (SELECT FROM klappa.person p WHERE p.id = credit.person));

GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.production, klappa.credit TO klappa_member, klappa_worker;

RESET ROLE;
