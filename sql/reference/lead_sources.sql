-- Loads how inquiries reach us from lead_sources.csv ($1: its rows as an array of objects).
INSERT INTO klappa.lead_source AS t (code, name_sv, name_en, channel, sort_order)
SELECT r.code, r.name_sv, r.name_en, r.channel, r.sort_order
FROM jsonb_to_recordset($1::jsonb) AS r (code text, name_sv text, name_en text, channel text, sort_order integer)
ON CONFLICT (code) DO UPDATE
SET name_sv = excluded.name_sv,
    name_en = excluded.name_en,
    channel = excluded.channel,
    sort_order = excluded.sort_order
WHERE (t.name_sv, t.name_en, t.channel, t.sort_order) IS DISTINCT FROM (excluded.name_sv, excluded.name_en, excluded.channel, excluded.sort_order)
