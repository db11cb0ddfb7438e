-- Loads the frame of the common strategy from strategy.csv ($1: its rows as an array of objects); what an administrator has edited stays.
INSERT INTO klappa.strategy AS t (code, title_sv, title_en, owner, adopted_on, adopted_by_sv, adopted_by_en, first_year,
    last_year)
SELECT r.code, r.title_sv, r.title_en, r.owner, r.adopted_on, r.adopted_by_sv, r.adopted_by_en, r.first_year, r.last_year
FROM jsonb_to_recordset($1::jsonb) AS r (code text, title_sv text, title_en text, owner text, adopted_on date,
    adopted_by_sv text, adopted_by_en text, first_year smallint, last_year smallint)
ON CONFLICT (code) DO UPDATE
SET title_sv = excluded.title_sv,
    title_en = excluded.title_en,
    owner = excluded.owner,
    adopted_on = excluded.adopted_on,
    adopted_by_sv = excluded.adopted_by_sv,
    adopted_by_en = excluded.adopted_by_en,
    first_year = excluded.first_year,
    last_year = excluded.last_year
WHERE NOT t.edited AND (t.title_sv, t.title_en, t.owner, t.adopted_on, t.adopted_by_sv, t.adopted_by_en, t.first_year, t.last_year)
    IS DISTINCT FROM (excluded.title_sv, excluded.title_en, excluded.owner, excluded.adopted_on, excluded.adopted_by_sv,
        excluded.adopted_by_en, excluded.first_year, excluded.last_year)
