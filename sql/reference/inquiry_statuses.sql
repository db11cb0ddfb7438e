-- Loads the statuses of inquiries from inquiry_statuses.csv ($1: its rows as an array of objects).
INSERT INTO klappa.inquiry_status AS t (code, name_sv, name_en, outcome, final, sort_order)
SELECT r.code, r.name_sv, r.name_en, r.outcome, r.is_final, r.sort_order
FROM jsonb_to_recordset($1::jsonb)
    AS r (code text, name_sv text, name_en text, outcome text, is_final boolean, sort_order integer)
ON CONFLICT (code) DO UPDATE
SET name_sv = excluded.name_sv,
    name_en = excluded.name_en,
    outcome = excluded.outcome,
    final = excluded.final,
    sort_order = excluded.sort_order
WHERE (t.name_sv, t.name_en, t.outcome, t.final, t.sort_order)
    IS DISTINCT FROM (excluded.name_sv, excluded.name_en, excluded.outcome, excluded.final, excluded.sort_order)
