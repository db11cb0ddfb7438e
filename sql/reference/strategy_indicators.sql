-- Loads the indicators from strategy_indicators.csv ($1: its rows as an array of objects); what an administrator has edited stays.
INSERT INTO klappa.strategy_indicator AS t (code, unit, name_sv, name_en)
SELECT r.code, r.unit, r.name_sv, r.name_en
FROM jsonb_to_recordset($1::jsonb) AS r (code text, unit text, name_sv text, name_en text)
ON CONFLICT (code) DO UPDATE
SET unit = excluded.unit,
    name_sv = excluded.name_sv,
    name_en = excluded.name_en
WHERE NOT t.edited AND (t.unit, t.name_sv, t.name_en) IS DISTINCT FROM (excluded.unit, excluded.name_sv, excluded.name_en)
