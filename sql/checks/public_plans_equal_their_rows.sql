-- The public plan of every region says what its rows say, and nothing more.
SELECT r.code AS region
FROM klappa.region r
LEFT JOIN klappa.region_plan_public p ON p.region = r.no
WHERE p.body IS DISTINCT FROM klappa.plan_document(r.no, false)
    OR p.reached IS DISTINCT FROM klappa.level_reached(r.no)
