-- Loads the commitments from strategy_commitments.csv ($1: its rows as an array of objects), all of them examples; what an administrator has edited stays.
INSERT INTO klappa.strategy_commitment AS t (code, priority, level, name_sv, name_en, indicator, example, sort_order)
SELECT r.code, r.priority, r.level, r.name_sv, r.name_en, nullif(r.indicator, ''), r.example, r.sort_order
FROM jsonb_to_recordset($1::jsonb) AS r (code text, priority text, level smallint, name_sv text, name_en text,
    indicator text, example boolean, sort_order integer)
ON CONFLICT (code) DO UPDATE
SET level = excluded.level,
    name_sv = excluded.name_sv,
    name_en = excluded.name_en,
    indicator = excluded.indicator,
    example = excluded.example,
    sort_order = excluded.sort_order
WHERE NOT t.edited AND (t.level, t.name_sv, t.name_en, t.indicator, t.example, t.sort_order)
    IS DISTINCT FROM (excluded.level, excluded.name_sv, excluded.name_en, excluded.indicator, excluded.example, excluded.sort_order)
