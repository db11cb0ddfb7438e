-- Creates subjects: whatever has a calendar, be it a person, a bookable unit of a company or a location.
-- One table of subjects lets one exclusion constraint keep every double booking out.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.subject (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    kind text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT subject_pkey PRIMARY KEY (id),
    CONSTRAINT subject_id_kind_unique UNIQUE (id, kind),
    CONSTRAINT subject_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT subject_kind_known CHECK (kind IN ('person', 'unit', 'location'))
);
COMMENT ON TABLE klappa.subject IS
    'Base: owners of calendars and contact fields. Its row is locked before a calendar changes, so that holds and bookings of one subject happen in one order.';

CREATE FUNCTION klappa.lock_subject(subject uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    -- NO KEY: a contact field may be added meanwhile (its foreign key takes a key share lock), so nobody deadlocks.
    PERFORM FROM klappa.subject s WHERE s.id = lock_subject.subject FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such subject' USING ERRCODE = 'foreign_key_violation', SCHEMA = 'klappa',
            TABLE = 'subject', CONSTRAINT = 'subject_exists';
    END IF;
END
$$;
COMMENT ON FUNCTION klappa.lock_subject(uuid) IS
    'Locks a subject''s calendar until the transaction ends. Lock several in the order of their ids. Calendar tables call it themselves.';

CREATE FUNCTION klappa.lock_calendar() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND new.subject <> old.subject THEN
        RAISE EXCEPTION 'a calendar entry stays with its subject' USING ERRCODE = 'check_violation',
            SCHEMA = 'klappa', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_TABLE_NAME || '_subject_fixed';
    END IF;
    IF TG_OP = 'DELETE' THEN
        -- The subject itself may be going, and this row with it.
        PERFORM FROM klappa.subject s WHERE s.id = old.subject FOR NO KEY UPDATE;
        RETURN old;
    END IF;
    PERFORM klappa.lock_subject(new.subject);
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.lock_calendar() IS 'Locks the subject before one of its calendar rows is written.';

SELECT klappa.protect('klappa.subject');

GRANT SELECT, INSERT ON klappa.subject TO klappa_member;
GRANT SELECT, INSERT, DELETE ON klappa.subject TO klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.lock_subject(uuid) TO klappa_member, klappa_worker;

RESET ROLE;
