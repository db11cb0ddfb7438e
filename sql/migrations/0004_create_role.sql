-- Creates departments, crew roles and the other names by which roles are known.
-- A role is one code with a title in each language, so that "platschef" and "location manager" find the same people.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.department (
    no smallint NOT NULL,
    code text NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT department_pkey PRIMARY KEY (no),
    CONSTRAINT department_code_unique UNIQUE (code)
);
COMMENT ON TABLE klappa.department IS 'Vocabulary: the departments of a production.';

CREATE TABLE klappa.role (
    no smallint NOT NULL,
    code text NOT NULL,
    department smallint NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    head_of_department boolean NOT NULL DEFAULT false,
    sort_order integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT role_pkey PRIMARY KEY (no),
    CONSTRAINT role_code_unique UNIQUE (code),
    CONSTRAINT role_department_fkey FOREIGN KEY (department) REFERENCES klappa.department (no)
);
CREATE UNIQUE INDEX role_name_sv_unique ON klappa.role (klappa.fold(name_sv));
CREATE UNIQUE INDEX role_name_en_unique ON klappa.role (klappa.fold(name_en));
CREATE INDEX role_department ON klappa.role (department);
COMMENT ON TABLE klappa.role IS 'Vocabulary: crew roles, that is jobs on a production. A code once used is never reused.';
COMMENT ON COLUMN klappa.role.no IS 'A small dense number, the key used by searches; given once, in the order of the list.';
COMMENT ON COLUMN klappa.role.head_of_department IS 'Whether this is the role that usually leads the department.';

CREATE TABLE klappa.role_alias (
    role smallint NOT NULL,
    alias text NOT NULL,
    folded text GENERATED ALWAYS AS (klappa.fold(alias)) STORED NOT NULL,
    CONSTRAINT role_alias_pkey PRIMARY KEY (role, alias),
    CONSTRAINT role_alias_one_role UNIQUE (folded),
    CONSTRAINT role_alias_filled CHECK (alias <> ''),
    CONSTRAINT role_alias_role_fkey FOREIGN KEY (role) REFERENCES klappa.role (no)
);
COMMENT ON TABLE klappa.role_alias IS 'Vocabulary: other names of a role, in any language; none belongs to two roles.';

SELECT klappa.count_versions('klappa.department'), klappa.count_versions('klappa.role');

GRANT SELECT ON klappa.department, klappa.role, klappa.role_alias TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
