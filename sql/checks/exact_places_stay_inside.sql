-- No projection knows an exact place or address that its owner has not released.
SELECT l.id
FROM klappa.location l
JOIN klappa.location_public p ON p.id = l.id
JOIN klappa.location_record r ON r.id = l.id
WHERE NOT l.place_released
    AND (public.ST_AsText(p.point) = public.ST_AsText(l.exact_point)
            AND public.ST_AsText(klappa.rounded(l.exact_point)) <> public.ST_AsText(l.exact_point)
        OR r.body::json ->> 'address' IS NOT NULL
        OR (r.body::json -> 'point' ->> 'exact')::boolean)
