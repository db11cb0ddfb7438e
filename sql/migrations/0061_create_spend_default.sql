-- Creates what an office thinks a day of shooting leaves in its region, by kind of production.
-- A case that comes without a sum of its own gets it; what is typed by hand stays.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.spend_default (
    region smallint NOT NULL,
    production_type text NOT NULL,
    amount numeric(14, 2),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT spend_default_pkey PRIMARY KEY (region, production_type),
    CONSTRAINT spend_default_amount_positive CHECK (amount > 0),
    CONSTRAINT spend_default_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no),
    CONSTRAINT spend_default_production_type_fkey FOREIGN KEY (production_type) REFERENCES klappa.production_type (code)
);
COMMENT ON TABLE klappa.spend_default IS 'Base: what a day of shooting is thought to leave in a region, by kind of production.';
COMMENT ON COLUMN klappa.spend_default.amount IS
    'Swedish kronor a day; NULL for none. A row that was once there stays, so that the sum of the versions only grows.';

SELECT klappa.protect('klappa.spend_default'), klappa.count_versions('klappa.spend_default'),
    klappa.record_changes('klappa.spend_default', '');
CREATE POLICY spend_default_member ON klappa.spend_default TO klappa_member
USING (region = ANY ((SELECT klappa.my_offices())::smallint[]));

CREATE FUNCTION klappa.set_spend_defaults(region smallint, amounts jsonb, seen bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = klappa, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    -- One at a time: what was seen is still so when it is replaced.
    PERFORM pg_advisory_xact_lock(hashtext('klappa.spend_default'), set_spend_defaults.region);
    IF seen <> (SELECT coalesce(sum(d.version), 0) FROM klappa.spend_default d
        WHERE d.region = set_spend_defaults.region)
    THEN
        RETURN false;
    END IF;
    INSERT INTO klappa.spend_default AS d (region, production_type, amount)
    SELECT set_spend_defaults.region, a.key, (a.value #>> '{}')::numeric FROM jsonb_each(amounts) AS a
    ON CONFLICT ON CONSTRAINT spend_default_pkey DO UPDATE SET amount = excluded.amount
    WHERE d.amount IS DISTINCT FROM excluded.amount;
    RETURN true;
END
$$;
COMMENT ON FUNCTION klappa.set_spend_defaults(smallint, jsonb, bigint) IS
    'Sets sums of a region by kind of production, null for none; false when the sum of the versions is another than was seen. With the writer''s rights.';

ALTER TABLE klappa.inquiry ADD COLUMN spend_typed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN klappa.inquiry.spend_typed IS
    'Set by the database: whether somebody wrote spend_per_day; else it is the leading office''s default for the kind of production.';
SELECT klappa.record_changes('klappa.inquiry', 'id', '{words,due,spend_typed}');
UPDATE klappa.inquiry SET spend_typed = true WHERE spend_per_day IS NOT NULL;

CREATE FUNCTION klappa.fill_spend() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        new.spend_typed := new.spend_per_day IS NOT NULL;
    ELSIF new.spend_per_day IS DISTINCT FROM old.spend_per_day THEN
        new.spend_typed := new.spend_per_day IS NOT NULL;
    ELSE
        new.spend_typed := old.spend_typed;
        IF (new.production_type, new.lead_region, new.currency)
            IS NOT DISTINCT FROM (old.production_type, old.lead_region, old.currency)
        THEN
            -- A default that changed since does not change what this case was told.
            RETURN new;
        END IF;
    END IF;
    IF NOT new.spend_typed THEN
        new.spend_per_day := CASE WHEN new.currency = 'SEK' THEN (
            SELECT d.amount FROM klappa.spend_default d
            WHERE d.region = new.lead_region AND d.production_type = new.production_type) END;
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.fill_spend() IS
    'Takes what a day leaves from the defaults of the leading office, where nobody typed it; what is typed wins.';
CREATE TRIGGER inquiry_spend BEFORE INSERT OR UPDATE OF spend_per_day, spend_typed, production_type, lead_region, currency
ON klappa.inquiry FOR EACH ROW EXECUTE FUNCTION klappa.fill_spend();

GRANT SELECT, INSERT (region, production_type, amount), UPDATE (amount) ON klappa.spend_default TO klappa_member;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.spend_default TO klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.set_spend_defaults(smallint, jsonb, bigint) TO klappa_member;

RESET ROLE;
