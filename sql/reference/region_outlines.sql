-- Loads the outlines of the regions from region_outlines.geojson ($1: the whole feature collection).
UPDATE klappa.region AS t
SET outline = s.outline
FROM (
    SELECT f -> 'properties' ->> 'code' AS county_code,
        ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(f -> 'geometry'), 4326)), 3)) AS outline
    FROM jsonb_array_elements($1::jsonb -> 'features') AS f
) AS s
WHERE s.county_code = t.county_code AND t.outline IS DISTINCT FROM s.outline
