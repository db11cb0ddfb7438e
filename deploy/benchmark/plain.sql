-- Makes what a plain schema would have: a row per person with an array of roles and a multirange of days that are
-- not to be had (busy, unknown or not shown), with a GIN index. It answers the same as the service.
SET search_path = klappa, public;
CREATE TABLE bench.plain AS
SELECT c.id, array(SELECT o.role::integer FROM person_role o WHERE o.person = c.id) AS roles,
    array(SELECT r.no::integer FROM region r WHERE c.regions & (1 << r.no) <> 0) AS regions,
    c.renewed_on, c.name, d.body,
    CASE
        WHEN p.availability_visibility <> 'anyone' OR k.known_from IS NULL THEN '{(,)}'::datemultirange
        ELSE datemultirange(daterange(NULL, k.known_from), daterange(k.known_to + 1, NULL))
            + coalesce((SELECT range_agg(b.days) FROM block b WHERE b.subject = c.id), '{}')
    END AS busy
FROM crew_public c
JOIN crew_doc d ON d.id = c.id
JOIN person p ON p.id = c.id
LEFT JOIN calendar k ON k.subject = c.id;
ALTER TABLE bench.plain ADD PRIMARY KEY (id);
CREATE INDEX ON bench.plain USING gin (roles, regions);
GRANT USAGE ON SCHEMA bench TO klappa_public;
GRANT SELECT ON bench.plain TO klappa_public;
