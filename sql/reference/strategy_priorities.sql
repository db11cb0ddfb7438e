-- Loads the four priorities from strategy_priorities.csv ($1: its rows as an array of objects); what an administrator has edited stays.
INSERT INTO klappa.strategy_priority AS t (code, no, name_sv, name_en)
SELECT r.code, r.no, r.name_sv, r.name_en
FROM jsonb_to_recordset($1::jsonb) AS r (code text, no smallint, name_sv text, name_en text)
ON CONFLICT (code) DO UPDATE
SET no = excluded.no,
    name_sv = excluded.name_sv,
    name_en = excluded.name_en
WHERE NOT t.edited AND (t.no, t.name_sv, t.name_en) IS DISTINCT FROM (excluded.no, excluded.name_sv, excluded.name_en)
