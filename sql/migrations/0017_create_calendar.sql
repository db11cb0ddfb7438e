-- Creates the calendar: the known span, blocks, holds that may stack and bookings that cannot overlap.
-- A shooting period is a set of days with gaps, hence multiranges; a day outside the known span is unknown, never free.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.calendar (
    subject uuid NOT NULL,
    known_from date,
    known_to date,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT calendar_pkey PRIMARY KEY (subject),
    CONSTRAINT calendar_known_whole CHECK ((known_from IS NULL) = (known_to IS NULL)),
    CONSTRAINT calendar_known_ordered CHECK (known_from <= known_to),
    CONSTRAINT calendar_known_range CHECK (known_from >= date '1900-01-01' AND known_to < date '2200-01-01'),
    CONSTRAINT calendar_subject_fkey FOREIGN KEY (subject) REFERENCES klappa.subject (id) ON DELETE CASCADE
);
COMMENT ON TABLE klappa.calendar IS 'Base: over which days a subject''s calendar is known. Without a row nothing is known.';
COMMENT ON COLUMN klappa.calendar.known_from IS 'First known day; NULL together with known_to when nothing is known.';
COMMENT ON COLUMN klappa.calendar.known_to IS 'Last known day, included.';

CREATE TABLE klappa.block (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    subject uuid NOT NULL,
    kind text NOT NULL DEFAULT 'blocked',
    days datemultirange NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT block_pkey PRIMARY KEY (id),
    CONSTRAINT block_kind_known CHECK (kind IN ('blocked', 'feed')),
    CONSTRAINT block_days_bounded CHECK (klappa.is_days(days)),
    CONSTRAINT block_subject_fkey FOREIGN KEY (subject) REFERENCES klappa.subject (id) ON DELETE CASCADE
);
CREATE INDEX block_subject ON klappa.block (subject);
ALTER TABLE klappa.block ALTER COLUMN days SET STATISTICS 0;
COMMENT ON TABLE klappa.block IS 'Base: days that the subject is not to be had. Why is stored nowhere.';
COMMENT ON COLUMN klappa.block.kind IS 'blocked by the owner, or taken from a feed.';

CREATE TABLE klappa.hold (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    subject uuid NOT NULL,
    account uuid,
    state text NOT NULL DEFAULT 'offered',
    active boolean GENERATED ALWAYS AS (state IN ('offered', 'accepted', 'challenged')) STORED NOT NULL,
    days datemultirange NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    expires_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT hold_pkey PRIMARY KEY (id),
    CONSTRAINT hold_place_unique UNIQUE (place),
    CONSTRAINT hold_state_known CHECK (state IN ('offered', 'accepted', 'declined', 'challenged', 'released',
        'confirmed', 'expired')),
    CONSTRAINT hold_days_bounded CHECK (klappa.is_days(days)),
    CONSTRAINT hold_subject_fkey FOREIGN KEY (subject) REFERENCES klappa.subject (id) ON DELETE CASCADE,
    CONSTRAINT hold_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE SET NULL
);
CREATE INDEX hold_subject_place ON klappa.hold (subject, place);
CREATE INDEX hold_account ON klappa.hold (account) WHERE account IS NOT NULL;
CREATE INDEX hold_active_expires_at ON klappa.hold (expires_at) WHERE active;
ALTER TABLE klappa.hold ALTER COLUMN days SET STATISTICS 0;
COMMENT ON TABLE klappa.hold IS 'Base: pencilled days. Holds may overlap; a worker writes their expiry.';
COMMENT ON COLUMN klappa.hold.place IS
    'Order of arrival: the subject is locked first, so earlier holds of a subject have lower places. The rank on a day is 1 + the earlier active holds on that day.';
COMMENT ON COLUMN klappa.hold.account IS 'Who holds.';

CREATE FUNCTION klappa.hold_rank(hold uuid, day date) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = klappa, public, pg_temp
AS $$
    SELECT 1 + (
        SELECT count(*)::integer FROM klappa.hold e
        WHERE e.subject = h.subject AND e.place < h.place AND e.active AND e.days @> day)
    FROM klappa.hold h
    WHERE h.id = hold AND h.active AND h.days @> day
$$;
COMMENT ON FUNCTION klappa.hold_rank(uuid, date) IS
    'A hold''s rank on a day, from 1; NULL when it is not active or not on that day. Run it with rights to all holds of the subject.';

CREATE TABLE klappa.booking (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    subject uuid NOT NULL,
    account uuid,
    hold uuid,
    state text NOT NULL DEFAULT 'confirmed',
    days datemultirange NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT booking_pkey PRIMARY KEY (id),
    CONSTRAINT booking_state_known CHECK (state IN ('confirmed', 'cancelled')),
    CONSTRAINT booking_days_bounded CHECK (klappa.is_days(days)),
    CONSTRAINT booking_no_overlap EXCLUDE USING gist (subject WITH =, days WITH &&) WHERE (state = 'confirmed'),
    CONSTRAINT booking_subject_fkey FOREIGN KEY (subject) REFERENCES klappa.subject (id) ON DELETE CASCADE,
    CONSTRAINT booking_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE SET NULL,
    CONSTRAINT booking_hold_fkey FOREIGN KEY (hold) REFERENCES klappa.hold (id) ON DELETE SET NULL
);
CREATE INDEX booking_subject ON klappa.booking (subject);
CREATE INDEX booking_account ON klappa.booking (account) WHERE account IS NOT NULL;
CREATE INDEX booking_hold ON klappa.booking (hold) WHERE hold IS NOT NULL;
ALTER TABLE klappa.booking ALTER COLUMN days SET STATISTICS 0;
COMMENT ON TABLE klappa.booking IS 'Base: confirmed work. Two confirmed bookings of a subject never share a day.';

CREATE TRIGGER calendar_lock BEFORE INSERT OR UPDATE OR DELETE ON klappa.calendar
FOR EACH ROW EXECUTE FUNCTION klappa.lock_calendar();
CREATE TRIGGER block_lock BEFORE INSERT OR UPDATE OR DELETE ON klappa.block
FOR EACH ROW EXECUTE FUNCTION klappa.lock_calendar();
CREATE TRIGGER hold_lock BEFORE INSERT OR UPDATE OR DELETE ON klappa.hold
FOR EACH ROW EXECUTE FUNCTION klappa.lock_calendar();
CREATE TRIGGER booking_lock BEFORE INSERT OR UPDATE OR DELETE ON klappa.booking
FOR EACH ROW EXECUTE FUNCTION klappa.lock_calendar();

SELECT klappa.protect(part::regclass), klappa.count_versions(part::regclass)
FROM unnest(ARRAY['klappa.calendar', 'klappa.block', 'klappa.hold', 'klappa.booking']) AS part;

CREATE POLICY calendar_member ON klappa.calendar TO klappa_member
USING (EXISTS (SELECT FROM klappa.subject s WHERE s.id = calendar.subject));
CREATE POLICY block_member ON klappa.block TO klappa_member
USING (EXISTS (SELECT FROM klappa.subject s WHERE s.id = block.subject));
-- Who holds or books sees their own row, not the subject's other rows.
CREATE POLICY hold_member ON klappa.hold TO klappa_member
USING (account = (SELECT klappa.reader()) OR EXISTS (SELECT FROM klappa.subject s WHERE s.id = hold.subject))
WITH CHECK (EXISTS (SELECT FROM klappa.subject s WHERE s.id = hold.subject));
CREATE POLICY booking_member ON klappa.booking TO klappa_member
USING (account = (SELECT klappa.reader()) OR EXISTS (SELECT FROM klappa.subject s WHERE s.id = booking.subject))
WITH CHECK (EXISTS (SELECT FROM klappa.subject s WHERE s.id = booking.subject));

GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.calendar, klappa.block TO klappa_member, klappa_worker;
GRANT SELECT, INSERT, UPDATE ON klappa.hold, klappa.booking TO klappa_member;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.hold, klappa.booking TO klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.hold_rank(uuid, date) TO klappa_member, klappa_worker;

RESET ROLE;
