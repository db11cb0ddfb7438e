-- Creates the public count of cases: how many each region leads and how many have landed, nothing else of them.
-- The page of the strategy tells it; duplicates and spam are no cases.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.region_inquiries (
    region smallint NOT NULL,
    received bigint NOT NULL,
    landed bigint NOT NULL,
    CONSTRAINT region_inquiries_pkey PRIMARY KEY (region)
);
COMMENT ON TABLE klappa.region_inquiries IS 'Projection: how many cases a region leads, and how many of them have landed.';

CREATE FUNCTION klappa.count_region_inquiries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    -- In the order of regions, so that two handovers in opposite directions do not wait for each other.
    INSERT INTO klappa.region_inquiries AS t (region, received, landed)
    SELECT d.region, sum(d.received), sum(d.landed)
    FROM (
        SELECT new.lead_region AS region, 1 AS received, (new.outcome = 'landed')::int AS landed
        WHERE TG_OP <> 'DELETE' AND new.outcome NOT IN ('spam', 'duplicate')
        UNION ALL
        SELECT old.lead_region, -1, -(old.outcome = 'landed')::int
        WHERE TG_OP <> 'INSERT' AND old.outcome NOT IN ('spam', 'duplicate')) AS d
    GROUP BY d.region
    HAVING sum(d.received) <> 0 OR sum(d.landed) <> 0
    ORDER BY d.region
    ON CONFLICT (region) DO UPDATE
    SET received = t.received + excluded.received,
        landed = t.landed + excluded.landed;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.count_region_inquiries() IS 'Keeps region_inquiries.';

CREATE TRIGGER inquiry_count_region AFTER INSERT OR DELETE OR UPDATE OF lead_region, status, outcome ON klappa.inquiry
FOR EACH ROW EXECUTE FUNCTION klappa.count_region_inquiries();

INSERT INTO klappa.region_inquiries (region, received, landed)
SELECT i.lead_region, count(*), count(*) FILTER (WHERE i.outcome = 'landed')
FROM klappa.inquiry i
WHERE i.outcome NOT IN ('spam', 'duplicate')
GROUP BY i.lead_region;

GRANT SELECT ON klappa.region_inquiries TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
