-- Loads film bodies from film_bodies.csv ($1: its rows as an array of objects); whom they serve comes with the regions.
INSERT INTO klappa.film_body AS t (code, name, kind, url, note_sv, note_en, sort_order)
SELECT r.row ->> 'id', r.row ->> 'name', r.row ->> 'kind', r.row ->> 'url', r.row ->> 'note_sv', r.row ->> 'note_en',
    10 * r.n
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS r (row, n)
ON CONFLICT (code) DO UPDATE
SET name = excluded.name,
    kind = excluded.kind,
    url = excluded.url,
    note_sv = excluded.note_sv,
    note_en = excluded.note_en,
    sort_order = excluded.sort_order
WHERE (t.name, t.kind, t.url, t.note_sv, t.note_en, t.sort_order)
    IS DISTINCT FROM (excluded.name, excluded.kind, excluded.url, excluded.note_sv, excluded.note_en, excluded.sort_order)
