\set role random(1, 220)
\set place random(0, 5)
\set region case when :place = 0 then 6 when :place = 1 then 7 when :place = 2 then 8 when :place = 3 then 10 when :place = 4 then 12 else 13 end
WITH m AS MATERIALIZED (SELECT p.id, p.renewed_on, p.name, p.body FROM bench.plain p WHERE p.roles @> ARRAY[:role::integer] AND p.regions @> ARRAY[:region::integer] AND NOT p.busy && daterange('@from@', '@to@', '[]')) SELECT t.total, p.id, p.renewed_on, p.name, p.body FROM (SELECT count(*) AS total FROM m) AS t LEFT JOIN (SELECT m.id, m.renewed_on, m.name, m.body FROM m ORDER BY m.renewed_on DESC, m.name, m.id LIMIT 26) AS p ON true;
