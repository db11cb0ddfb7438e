-- Outcome and finality of an inquiry are those of its status, and its timeline ends in that status.
SELECT i.number, i.status, i.outcome, i.final
FROM klappa.inquiry i
JOIN klappa.inquiry_status s ON s.code = i.status
WHERE (i.outcome, i.final) <> (s.outcome, s.final)
    OR i.status IS DISTINCT FROM (
        SELECT e.to_status FROM klappa.inquiry_entry e
        WHERE e.inquiry = i.id AND e.kind = 'status'
        ORDER BY e.at DESC, e.id DESC
        LIMIT 1)
