-- Loads kinds of talent programmes from programme_types.csv ($1: its rows as an array of objects).
INSERT INTO klappa.programme_type AS t (code, name_sv, name_en, category, sort_order)
SELECT r.code, r.name_sv, r.name_en, r.category, r.sort_order
FROM jsonb_to_recordset($1::jsonb) AS r (code text, name_sv text, name_en text, category text, sort_order integer)
ON CONFLICT (code) DO UPDATE
SET name_sv = excluded.name_sv,
    name_en = excluded.name_en,
    category = excluded.category,
    sort_order = excluded.sort_order
WHERE (t.name_sv, t.name_en, t.category, t.sort_order) IS DISTINCT FROM (excluded.name_sv, excluded.name_en, excluded.category, excluded.sort_order)
