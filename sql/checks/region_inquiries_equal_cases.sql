-- The public count of cases per region is what a count of the cases gives.
SELECT coalesce(t.region, c.region) AS region
FROM klappa.region_inquiries t
FULL JOIN (
    SELECT i.lead_region AS region, count(*) AS received, count(*) FILTER (WHERE i.outcome = 'landed') AS landed
    FROM klappa.inquiry i
    WHERE i.outcome NOT IN ('spam', 'duplicate')
    GROUP BY i.lead_region) AS c USING (region)
WHERE coalesce(t.received, 0) <> coalesce(c.received, 0) OR coalesce(t.landed, 0) <> coalesce(c.landed, 0)
