-- Loads the steps that inquiries may take from inquiry_transitions.csv ($1: its rows as an array of objects).
INSERT INTO klappa.inquiry_transition AS t (from_status, to_status, by_producer)
SELECT r.from_status, r.to_status, r.by_producer
FROM jsonb_to_recordset($1::jsonb) AS r (from_status text, to_status text, by_producer boolean)
ON CONFLICT (from_status, to_status) DO UPDATE
SET by_producer = excluded.by_producer
WHERE t.by_producer IS DISTINCT FROM excluded.by_producer
