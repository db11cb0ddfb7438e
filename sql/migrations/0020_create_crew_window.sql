-- Creates the three years of days that searches can be asked about, and the bits that stand for days.
-- A calendar as 1,096 bits is tested against a search's days in one operation, where intervals need a join.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.crew_window (
    one boolean NOT NULL DEFAULT true,
    first_day date NOT NULL,
    CONSTRAINT crew_window_pkey PRIMARY KEY (one),
    CONSTRAINT crew_window_single CHECK (one),
    CONSTRAINT crew_window_first_day_range CHECK (first_day BETWEEN date '1900-01-01' AND date '2190-01-01')
);
COMMENT ON TABLE klappa.crew_window IS
    'Bookkeeping: the one row says which day bit 0 of every row of days stands for. Days outside the 1,096 from it are unknown to searches, never free.';

INSERT INTO klappa.crew_window (first_day) VALUES (date_trunc('year', klappa.today()));

CREATE FUNCTION klappa.day_bits(days datemultirange, first_day date) RETURNS bit(1096)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(
        bit_or((~ B'0'::bit(1096) >> least(greatest(coalesce(lower(d), first_day) - first_day, 0), 1096))
            & ~ (~ B'0'::bit(1096) >> least(greatest(coalesce(upper(d), first_day + 1096) - first_day, 0), 1096))),
        B'0'::bit(1096))
    FROM unnest(days) AS d
$$;
COMMENT ON FUNCTION klappa.day_bits(datemultirange, date) IS
    'Days as bits, bit 0 being the first day of the window; days outside it are left out, no days give zeros.';

GRANT SELECT ON klappa.crew_window TO klappa_public, klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.day_bits(datemultirange, date) TO klappa_worker;

RESET ROLE;
