\set role random(1, 220)
\set place random(0, 5)
\set region case when :place = 0 then 6 when :place = 1 then 7 when :place = 2 then 8 when :place = 3 then 10 when :place = 4 then 12 else 13 end
WITH m AS MATERIALIZED (SELECT p.id, p.renewed_on, p.name FROM klappa.crew_post p WHERE p.role = :role::smallint AND p.region = :region::smallint AND bit_count(p.free & B'@bits@') = 14), page AS (SELECT m.id, m.renewed_on, m.name FROM m ORDER BY m.renewed_on DESC, m.name, m.id LIMIT 26) SELECT w.first_day, t.total, p.id, p.renewed_on, p.name, d.body FROM (SELECT count(*) AS total FROM m) AS t CROSS JOIN klappa.crew_window w LEFT JOIN page p ON true LEFT JOIN klappa.crew_doc d ON d.id = p.id ORDER BY p.renewed_on DESC, p.name, p.id;
