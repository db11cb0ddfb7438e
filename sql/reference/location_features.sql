-- Loads the features of locations from location_features.csv ($1: its rows as an array of objects).
INSERT INTO klappa.location_feature AS t (code, "group", name_sv, name_en, data_type, unit, sort_order)
SELECT r.code, r."group", r.name_sv, r.name_en, r.data_type, nullif(r.unit, ''), r.sort_order
FROM jsonb_to_recordset($1::jsonb) AS r (
    code text, "group" text, name_sv text, name_en text, data_type text, unit text, sort_order integer)
ON CONFLICT (code) DO UPDATE
SET "group" = excluded."group",
    name_sv = excluded.name_sv,
    name_en = excluded.name_en,
    data_type = excluded.data_type,
    unit = excluded.unit,
    sort_order = excluded.sort_order
WHERE (t."group", t.name_sv, t.name_en, t.data_type, t.unit, t.sort_order) IS DISTINCT FROM (
    excluded."group", excluded.name_sv, excluded.name_en, excluded.data_type, excluded.unit, excluded.sort_order)
