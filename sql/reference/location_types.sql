-- Loads kinds of places from location_types.csv ($1: its rows as an array of objects; groups have no parent_code).
INSERT INTO klappa.location_type AS t (code, parent, name_sv, name_en, sort_order)
SELECT r.code, nullif(r.parent_code, ''), r.name_sv, r.name_en, r.sort_order
FROM jsonb_to_recordset($1::jsonb)
    AS r (code text, parent_code text, name_sv text, name_en text, sort_order integer)
ON CONFLICT (code) DO UPDATE
SET parent = excluded.parent,
    name_sv = excluded.name_sv,
    name_en = excluded.name_en,
    sort_order = excluded.sort_order
WHERE (t.parent, t.name_sv, t.name_en, t.sort_order)
    IS DISTINCT FROM (excluded.parent, excluded.name_sv, excluded.name_en, excluded.sort_order)
