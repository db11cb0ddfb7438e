-- Every region has an outline, a contact, municipalities with outlines, and nothing lies outside the six.
SELECT r.code AS place, 'region without outline, contact or municipalities' AS fault
FROM klappa.region r
WHERE r.outline IS NULL OR r.contact_body IS NULL
    OR NOT EXISTS (SELECT FROM klappa.municipality m WHERE m.region = r.no)
UNION ALL
SELECT m.code, 'municipality without outline'
FROM klappa.municipality m
WHERE m.outline IS NULL AND NOT m.retired
UNION ALL
SELECT p.code, 'place far outside its region'
FROM klappa.place p
JOIN klappa.municipality m ON m.code = p.municipality
JOIN klappa.region r ON r.no = m.region
WHERE NOT ST_DWithin(p.point, r.outline::geography, 20000)
