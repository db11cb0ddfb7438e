-- Loads the outlines of the municipalities from municipality_outlines.geojson ($1: the whole feature collection).
UPDATE klappa.municipality AS t
SET outline = s.outline
FROM (
    SELECT f -> 'properties' ->> 'code' AS code,
        ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(f -> 'geometry'), 4326)), 3)) AS outline
    FROM jsonb_array_elements($1::jsonb -> 'features') AS f
) AS s
WHERE s.code = t.code AND t.outline IS DISTINCT FROM s.outline
