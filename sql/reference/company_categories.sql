-- Loads the categories of companies from company_categories.csv ($1: its rows as an array of objects).
INSERT INTO klappa.company_category AS t (code, name_sv, name_en, register, sort_order)
SELECT r.code, r.name_sv, r.name_en, r.register, r.sort_order
FROM jsonb_to_recordset($1::jsonb) AS r (code text, register text, name_sv text, name_en text, sort_order integer)
ON CONFLICT (code) DO UPDATE
SET name_sv = excluded.name_sv,
    name_en = excluded.name_en,
    register = excluded.register,
    sort_order = excluded.sort_order
WHERE (t.name_sv, t.name_en, t.register, t.sort_order)
    IS DISTINCT FROM (excluded.name_sv, excluded.name_en, excluded.register, excluded.sort_order)
