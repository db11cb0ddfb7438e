-- The applications of a call are numbered from 1 without holes, and its tally knows the last number.
SELECT t.call, t.last_arrival, count(a.arrival) AS numbered
FROM klappa.call_tally t
LEFT JOIN klappa.application a ON a.call = t.call AND a.arrival IS NOT NULL
GROUP BY t.call, t.last_arrival
HAVING (t.last_arrival, t.last_arrival) IS DISTINCT FROM (count(a.arrival)::integer, coalesce(max(a.arrival), 0))
