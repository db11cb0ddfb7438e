-- Loads what the strategy says from strategy_statements.csv ($1: its rows as an array of objects); what an administrator has edited stays.
INSERT INTO klappa.strategy_statement AS t (code, kind, text_sv, text_en, year, sort_order)
SELECT r.code, r.kind, r.text_sv, r.text_en, nullif(r.year, '')::smallint, r.sort_order
FROM jsonb_to_recordset($1::jsonb) AS r (code text, kind text, text_sv text, text_en text, year text, sort_order integer)
ON CONFLICT (code) DO UPDATE
SET kind = excluded.kind,
    text_sv = excluded.text_sv,
    text_en = excluded.text_en,
    year = excluded.year,
    sort_order = excluded.sort_order
WHERE NOT t.edited AND (t.kind, t.text_sv, t.text_en, t.year, t.sort_order)
    IS DISTINCT FROM (excluded.kind, excluded.text_sv, excluded.text_en, excluded.year, excluded.sort_order)
