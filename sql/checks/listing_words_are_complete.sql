-- The words by which companies and locations are found are known to the mending of typing errors, and no others.
WITH found AS (
    SELECT 'location' AS kind, w.word FROM klappa.location_public p, unnest(tsvector_to_array(p.names)) AS w (word)
    UNION
    SELECT 'company', w.word FROM klappa.company_public p, unnest(tsvector_to_array(p.names)) AS w (word))
SELECT coalesce(f.kind, w.kind) AS kind, coalesce(f.word, w.word) AS word
FROM found f
FULL JOIN klappa.listing_word w ON w.kind = f.kind AND w.word = f.word
WHERE f.word IS NULL OR w.word IS NULL
