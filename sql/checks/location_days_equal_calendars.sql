-- Each audience has the days of exactly those locations that show them to it, and a day is free only where nothing speaks against.
WITH base AS (
    SELECT p.id, p.availability_visibility,
        coalesce((
            SELECT bit_or(klappa.day_bits(x.days, w.first_day))
            FROM (
                SELECT b.days FROM klappa.block b WHERE b.subject = p.id
                UNION ALL
                SELECT b.days FROM klappa.booking b WHERE b.subject = p.id AND b.state = 'confirmed') AS x),
            B'0'::bit(1096)) AS busy,
        coalesce((
            SELECT bit_or(klappa.day_bits(h.days, w.first_day)) FROM klappa.hold h WHERE h.subject = p.id AND h.active),
            B'0'::bit(1096)) AS held,
        coalesce((
            SELECT klappa.day_bits(datemultirange(daterange(c.known_from, c.known_to, '[]')), w.first_day)
            FROM klappa.calendar c WHERE c.subject = p.id AND c.known_from IS NOT NULL), B'0'::bit(1096)) AS known
    FROM klappa.location p
    CROSS JOIN klappa.crew_window w
    WHERE p.state = 'published' AND p.availability_visibility <> 'nobody'),
wanted AS (
    SELECT 'anyone' AS audience, id, known & ~ busy & ~ held AS free, held & ~ busy AS held, busy
    FROM base WHERE availability_visibility = 'anyone'
    UNION ALL
    SELECT 'approved', id, known & ~ busy & ~ held, held & ~ busy, busy FROM base),
found AS (
    SELECT 'anyone' AS audience, id, free, held, busy FROM klappa.location_day
    UNION ALL
    SELECT 'approved', id, free, held, busy FROM klappa.location_day_approved)
SELECT coalesce(w.audience, f.audience) AS audience, coalesce(w.id, f.id) AS location
FROM wanted w
FULL JOIN found f ON f.audience = w.audience AND f.id = w.id
WHERE (w.free, w.held, w.busy) IS DISTINCT FROM (f.free, f.held, f.busy)
