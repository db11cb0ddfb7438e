-- A chosen level that has not ended rests on approved evidence of every commitment below it that counted when it was chosen.
SELECT r.code AS region, l.level, c.code AS commitment
FROM klappa.region_level l
JOIN klappa.region r ON r.no = l.region
JOIN klappa.strategy_commitment c ON c.level < l.level AND NOT c.retired AND c.counts_since < l.judged_at
WHERE l.last_day >= klappa.today() AND NOT EXISTS (
    SELECT FROM klappa.region_evidence e
    WHERE e.region = l.region AND e.commitment = c.code AND e.state = 'approved')
