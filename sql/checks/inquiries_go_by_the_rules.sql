-- Every step in the timeline of an inquiry is one of the steps there are, and begins where the one before ended.
SELECT i.number, e.before, e.from_status, e.to_status
FROM (
    SELECT e.inquiry, e.from_status, e.to_status,
        lag(e.to_status) OVER (PARTITION BY e.inquiry ORDER BY e.at, e.id) AS before
    FROM klappa.inquiry_entry e
    WHERE e.kind = 'status') AS e
JOIN klappa.inquiry i ON i.id = e.inquiry
WHERE e.before IS DISTINCT FROM e.from_status
    OR e.from_status IS NOT NULL AND NOT EXISTS (
        SELECT FROM klappa.inquiry_transition t
        WHERE t.from_status = e.from_status AND t.to_status = e.to_status)
