\set n random(1, :people)
SELECT version, body FROM klappa.crew_record WHERE slug = 'bench-' || :n::text;
