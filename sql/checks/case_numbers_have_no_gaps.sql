-- The case numbers of a year are 1, 2, 3 … to the last one given.
SELECT c.year, c.last, count(i.number) AS given
FROM klappa.inquiry_counter c
LEFT JOIN klappa.inquiry i ON i.number LIKE 'SYD-' || c.year || '-%'
GROUP BY c.year, c.last
HAVING count(i.number) <> c.last OR max(split_part(i.number, '-', 3)::integer) IS DISTINCT FROM c.last
UNION ALL
SELECT split_part(i.number, '-', 2)::smallint, NULL, count(*)
FROM klappa.inquiry i
WHERE NOT EXISTS (SELECT FROM klappa.inquiry_counter c WHERE c.year = split_part(i.number, '-', 2)::smallint)
GROUP BY 1
