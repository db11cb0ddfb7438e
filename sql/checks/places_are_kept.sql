-- No call has more selected applications than places, and its tally counts them rightly.
SELECT c.id AS call, c.places, t.places AS tallied, t.taken, count(s.application) AS selected
FROM klappa.call c
LEFT JOIN klappa.call_tally t ON t.call = c.id
LEFT JOIN klappa.assessment s ON s.call = c.id AND s.outcome = 'selected'
GROUP BY c.id, c.places, t.places, t.taken
HAVING (t.places, t.taken) IS DISTINCT FROM (c.places, count(s.application)::integer) OR count(s.application) > c.places
