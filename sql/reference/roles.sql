-- Loads departments, crew roles and their other names from roles.csv ($1: its rows as an array of objects).
-- Numbers are given once, in the order of the list, and kept: searches and calendars of bits are built on them.
WITH source AS (
    SELECT r.department_code, r.department_sv, r.department_en, r.role_code, r.role_sv, r.role_en, r.aliases,
        r.head_of_department, r.sort_order
    FROM jsonb_to_recordset($1::jsonb) AS r (
        department_code text, department_sv text, department_en text, role_code text, role_sv text, role_en text,
        aliases text, head_of_department boolean, sort_order integer)
),
departments AS (
    SELECT coalesce(d.no, (SELECT coalesce(max(no), 0) FROM klappa.department)
            + row_number() OVER (PARTITION BY d.no IS NULL ORDER BY s.sort_order))::smallint AS no,
        s.code, s.name_sv, s.name_en, s.sort_order
    FROM (
        SELECT department_code AS code, min(department_sv) AS name_sv, min(department_en) AS name_en,
            min(sort_order) / 100 * 100 AS sort_order
        FROM source
        GROUP BY department_code) AS s
    LEFT JOIN klappa.department d ON d.code = s.code
),
loaded_departments AS (
    INSERT INTO klappa.department AS t (no, code, name_sv, name_en, sort_order)
    SELECT no, code, name_sv, name_en, sort_order FROM departments
    ON CONFLICT (no) DO UPDATE
    SET name_sv = excluded.name_sv,
        name_en = excluded.name_en,
        sort_order = excluded.sort_order
    WHERE (t.name_sv, t.name_en, t.sort_order) IS DISTINCT FROM (excluded.name_sv, excluded.name_en, excluded.sort_order)
),
roles AS (
    SELECT coalesce(r.no, (SELECT coalesce(max(no), 0) FROM klappa.role)
            + row_number() OVER (PARTITION BY r.no IS NULL ORDER BY s.sort_order))::smallint AS no,
        s.role_code AS code, d.no AS department, s.role_sv AS name_sv, s.role_en AS name_en, s.head_of_department,
        s.sort_order, string_to_array(nullif(s.aliases, ''), ';') AS aliases
    FROM source s
    JOIN departments d ON d.code = s.department_code
    LEFT JOIN klappa.role r ON r.code = s.role_code
),
loaded_roles AS (
    INSERT INTO klappa.role AS t (no, code, department, name_sv, name_en, head_of_department, sort_order)
    SELECT no, code, department, name_sv, name_en, head_of_department, sort_order FROM roles
    ON CONFLICT (no) DO UPDATE
    SET department = excluded.department,
        name_sv = excluded.name_sv,
        name_en = excluded.name_en,
        head_of_department = excluded.head_of_department,
        sort_order = excluded.sort_order
    WHERE (t.department, t.name_sv, t.name_en, t.head_of_department, t.sort_order) IS DISTINCT FROM (
        excluded.department, excluded.name_sv, excluded.name_en, excluded.head_of_department, excluded.sort_order)
)
INSERT INTO klappa.role_alias (role, alias)
SELECT r.no, trim(a.alias)
FROM roles r, unnest(r.aliases) AS a (alias)
ON CONFLICT (role, alias) DO NOTHING
