-- Every chunk of turned bits and of locations has a stamp; without one its members would not be counted.
SELECT 'crew_bits' AS rows, b.chunk
FROM klappa.crew_bits b
WHERE NOT EXISTS (SELECT FROM klappa.crew_bits_stamp s WHERE s.chunk = b.chunk)
UNION
SELECT 'location_public', p.no / 2048
FROM klappa.location_public p
WHERE NOT EXISTS (SELECT FROM klappa.location_stamp s WHERE s.chunk = p.no / 2048)
