-- 50,000 cases over three years, two of three still active, and an administrator who sees them all. Once.
-- The triggers rest meanwhile: what they would set is set here.
BEGIN;
SET LOCAL search_path = klappa, public;
ALTER TABLE klappa.inquiry DISABLE TRIGGER USER;
INSERT INTO klappa.account (id, name, email) VALUES ('0198c0de-7000-7abc-8def-00000000beac', 'Alva Norrman', 'bench@klappa.example')
ON CONFLICT DO NOTHING;
INSERT INTO klappa.grants (account, "right") VALUES ('0198c0de-7000-7abc-8def-00000000beac', 'administrator')
ON CONFLICT DO NOTHING;
INSERT INTO klappa.inquiry (id, number, source, status, outcome, final, title, production_type, company, summary, lead_region,
    offices, received_at, answer_due, answered_at, next_action, next_action_on, closed_at, lost_reason, winner,
    spend_forgone_unknown, knowable_unknown, invented)
SELECT klappa.uuid7(), 'SYD-' || extract(year FROM t.r) || '-' || (100000 + g), 'website', s.code, s.outcome, s.final,
    'Titel ' || g || ' ' || md5(g::text), 'drama_series', 'Bolag ' || g % 997, repeat('Vi söker en lada vid vatten. ', 20),
    x.no, ARRAY[x.no] || CASE WHEN g % 17 = 0 AND x.no <> 12 THEN ARRAY[12::smallint] ELSE '{}' END, t.r,
    klappa.first_answer_due(t.r), CASE WHEN g % 10 < 9 THEN t.r + interval '1 hour' * (g % 60) END, 'Ring',
    (t.r + interval '30 days')::date, CASE WHEN s.outcome <> 'open' THEN t.r + interval '40 days' END,
    CASE WHEN s.outcome = 'lost' THEN 'total_cost' END, CASE WHEN s.outcome = 'lost' THEN 'unknown' END, s.outcome = 'lost',
    s.outcome = 'lost', true
FROM generate_series(1, 50000) AS g
CROSS JOIN LATERAL (SELECT now() - interval '1095 days' * (1 - g / 50001.0) - interval '1 hour' AS r) AS t
JOIN (SELECT code, outcome, final, row_number() OVER (ORDER BY sort_order) - 1 AS place, count(*) OVER () AS many
    FROM klappa.inquiry_status) AS s ON s.place = (g * 7) % s.many
JOIN (SELECT no, row_number() OVER (ORDER BY no) - 1 AS place FROM klappa.region) AS x ON x.place = g % 6;
ALTER TABLE klappa.inquiry ENABLE TRIGGER USER;
COMMIT;
VACUUM (ANALYZE) klappa.inquiry;
