-- Loads the three levels from strategy_levels.csv ($1: its rows as an array of objects); what an administrator has edited stays.
INSERT INTO klappa.strategy_level AS t (no, name_sv, name_en)
SELECT r.no, r.name_sv, r.name_en
FROM jsonb_to_recordset($1::jsonb) AS r (no smallint, name_sv text, name_en text)
ON CONFLICT (no) DO UPDATE
SET name_sv = excluded.name_sv,
    name_en = excluded.name_en
WHERE NOT t.edited AND (t.name_sv, t.name_en) IS DISTINCT FROM (excluded.name_sv, excluded.name_en)
