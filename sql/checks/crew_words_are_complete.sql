-- Every word of a name can be found when it is mistyped.
SELECT DISTINCT w.word
FROM klappa.crew_public c
CROSS JOIN LATERAL unnest(tsvector_to_array(c.names)) AS w (word)
WHERE NOT EXISTS (SELECT FROM klappa.crew_word k WHERE k.word = w.word)
