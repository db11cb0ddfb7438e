-- Creates what happens to an inquiry: its timeline, its handovers between regions, and the producer's private links.
-- Entries are only ever added; the producer reads and writes through functions that show what is the producer's.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.inquiry_handover (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    inquiry uuid NOT NULL,
    from_region smallint NOT NULL,
    to_region smallint NOT NULL,
    state text NOT NULL DEFAULT 'offered',
    message text,
    offered_by uuid,
    offered_at timestamptz NOT NULL DEFAULT now(),
    reason text,
    answered_by uuid,
    answered_at timestamptz,
    CONSTRAINT inquiry_handover_pkey PRIMARY KEY (id),
    CONSTRAINT inquiry_handover_elsewhere CHECK (from_region <> to_region),
    CONSTRAINT inquiry_handover_state_known CHECK (state IN ('offered', 'accepted', 'declined', 'withdrawn')),
    CONSTRAINT inquiry_handover_message_length CHECK (char_length(message) BETWEEN 1 AND 2000),
    CONSTRAINT inquiry_handover_reason_length CHECK (char_length(reason) BETWEEN 1 AND 2000),
    CONSTRAINT inquiry_handover_declined_with_reason CHECK (state <> 'declined' OR reason IS NOT NULL),
    CONSTRAINT inquiry_handover_answered CHECK ((state = 'offered') = (answered_at IS NULL)),
    CONSTRAINT inquiry_handover_inquiry_fkey FOREIGN KEY (inquiry) REFERENCES klappa.inquiry (id) ON DELETE CASCADE,
    CONSTRAINT inquiry_handover_from_fkey FOREIGN KEY (from_region) REFERENCES klappa.region (no),
    CONSTRAINT inquiry_handover_to_fkey FOREIGN KEY (to_region) REFERENCES klappa.region (no),
    CONSTRAINT inquiry_handover_offered_by_fkey FOREIGN KEY (offered_by) REFERENCES klappa.account (id) ON DELETE SET NULL,
    CONSTRAINT inquiry_handover_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES klappa.account (id)
        ON DELETE SET NULL
);
CREATE INDEX inquiry_handover_inquiry ON klappa.inquiry_handover (inquiry, offered_at);
CREATE UNIQUE INDEX inquiry_handover_one_offer ON klappa.inquiry_handover (inquiry) WHERE state = 'offered';
CREATE INDEX inquiry_handover_waiting ON klappa.inquiry_handover (to_region) WHERE state = 'offered';
ALTER TABLE klappa.inquiry_handover ALTER COLUMN message SET STATISTICS 0, ALTER COLUMN reason SET STATISTICS 0;
COMMENT ON TABLE klappa.inquiry_handover IS
    'Base: offers of a case to another region. The case changes hands when that region accepts, with its whole history.';

CREATE TABLE klappa.inquiry_entry (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    inquiry uuid NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    author uuid,
    author_name text,
    region smallint,
    contact text,
    body text,
    is_answer boolean NOT NULL DEFAULT false,
    from_status text,
    to_status text,
    handover uuid,
    handover_state text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT inquiry_entry_pkey PRIMARY KEY (id),
    CONSTRAINT inquiry_entry_kind_known CHECK (kind IN ('note', 'call', 'letter', 'answer', 'message', 'status',
        'handover')),
    CONSTRAINT inquiry_entry_body_length CHECK (char_length(body) BETWEEN 1 AND 20000),
    CONSTRAINT inquiry_entry_contact_length CHECK (char_length(contact) BETWEEN 1 AND 200),
    CONSTRAINT inquiry_entry_at_range CHECK (at >= timestamptz '2000-01-01 00:00:00+00'),
    CONSTRAINT inquiry_entry_body_said CHECK (kind IN ('status', 'handover') OR body IS NOT NULL),
    CONSTRAINT inquiry_entry_answers CHECK (CASE kind WHEN 'answer' THEN is_answer
        WHEN 'call' THEN true WHEN 'letter' THEN true ELSE NOT is_answer END),
    CONSTRAINT inquiry_entry_status_whole CHECK ((kind = 'status') = (to_status IS NOT NULL)),
    CONSTRAINT inquiry_entry_handover_whole CHECK ((kind = 'handover') = (handover IS NOT NULL)
        AND (handover IS NULL) = (handover_state IS NULL)),
    CONSTRAINT inquiry_entry_office_of_member CHECK (kind IN ('message', 'status', 'handover') OR region IS NOT NULL),
    CONSTRAINT inquiry_entry_inquiry_fkey FOREIGN KEY (inquiry) REFERENCES klappa.inquiry (id) ON DELETE CASCADE,
    CONSTRAINT inquiry_entry_region_fkey FOREIGN KEY (region) REFERENCES klappa.region (no),
    CONSTRAINT inquiry_entry_from_status_fkey FOREIGN KEY (from_status) REFERENCES klappa.inquiry_status (code),
    CONSTRAINT inquiry_entry_to_status_fkey FOREIGN KEY (to_status) REFERENCES klappa.inquiry_status (code),
    CONSTRAINT inquiry_entry_handover_fkey FOREIGN KEY (handover) REFERENCES klappa.inquiry_handover (id)
        ON DELETE CASCADE
);
CREATE INDEX inquiry_entry_inquiry ON klappa.inquiry_entry (inquiry, at, id);
ALTER TABLE klappa.inquiry_entry
    ALTER COLUMN author_name SET STATISTICS 0,
    ALTER COLUMN contact SET STATISTICS 0,
    ALTER COLUMN body SET STATISTICS 0;
COMMENT ON TABLE klappa.inquiry_entry IS
    'Base: the timeline of a case, append-only: notes, calls and letters of the office, its answers, messages of the producer, steps, handovers.';
COMMENT ON COLUMN klappa.inquiry_entry.author IS 'The account that wrote; NULL for the producer. No foreign key: the timeline outlives accounts.';
COMMENT ON COLUMN klappa.inquiry_entry.author_name IS 'The name as it was.';
COMMENT ON COLUMN klappa.inquiry_entry.contact IS 'With whom the office spoke or corresponded.';
COMMENT ON COLUMN klappa.inquiry_entry.is_answer IS 'Whether the producer was answered by it: every answer, and calls and letters that were one.';

CREATE TABLE klappa.inquiry_link (
    hash bytea NOT NULL,
    inquiry uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT inquiry_link_pkey PRIMARY KEY (hash),
    CONSTRAINT inquiry_link_hash_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT inquiry_link_inquiry_fkey FOREIGN KEY (inquiry) REFERENCES klappa.inquiry (id) ON DELETE CASCADE
);
CREATE INDEX inquiry_link_inquiry ON klappa.inquiry_link (inquiry);
ALTER TABLE klappa.inquiry_link ALTER COLUMN hash SET STATISTICS 0;
COMMENT ON TABLE klappa.inquiry_link IS 'Base: private links by which a producer follows a case. Only the SHA-256 is kept; nobody lists them.';

CREATE FUNCTION klappa.refuse_rewriting_entry() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, pg_temp
AS $$
BEGIN
    -- What goes with its whole case (a case of the demonstration, say) is no rewriting.
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM klappa.inquiry i WHERE i.id = old.inquiry) THEN
        RETURN old;
    END IF;
    RAISE EXCEPTION 'the timeline of an inquiry is append-only' USING ERRCODE = 'insufficient_privilege',
        SCHEMA = 'klappa', TABLE = 'inquiry_entry', CONSTRAINT = 'inquiry_entry_append_only';
END
$$;
COMMENT ON FUNCTION klappa.refuse_rewriting_entry() IS 'Keeps the timeline as it is, whoever asks.';

CREATE FUNCTION klappa.sign_inquiry_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF new.at > clock_timestamp() + interval '5 minutes' THEN
        RAISE EXCEPTION 'an entry cannot be of a later time than now' USING ERRCODE = 'check_violation',
            SCHEMA = 'klappa', TABLE = 'inquiry_entry', COLUMN = 'at', CONSTRAINT = 'inquiry_entry_at_before_now';
    END IF;
    -- Whoever comes with an account signs with it; the producer and the worker have none.
    IF klappa.reader() IS NOT NULL THEN
        new.author := klappa.reader();
        SELECT a.name INTO new.author_name FROM klappa.account a WHERE a.id = klappa.reader();
        IF new.kind <> 'handover' THEN
            SELECT i.lead_region INTO new.region FROM klappa.inquiry i WHERE i.id = new.inquiry;
        END IF;
        new.is_answer := new.kind = 'answer' OR new.kind IN ('call', 'letter') AND new.is_answer;
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.sign_inquiry_entry() IS 'Puts author, name and office on an entry, whatever the writer put there.';

CREATE FUNCTION klappa.note_answer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF new.kind = 'message' THEN
        UPDATE klappa.inquiry i SET waiting_since = new.at WHERE i.id = new.inquiry AND i.waiting_since IS NULL;
    ELSE
        UPDATE klappa.inquiry i
        SET answered_at = least(i.answered_at, greatest(new.at, i.received_at)),
            waiting_since = CASE WHEN i.waiting_since > new.at THEN i.waiting_since END
        WHERE i.id = new.inquiry AND (i.answered_at IS NULL OR i.answered_at > greatest(new.at, i.received_at)
            OR i.waiting_since <= new.at);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.note_answer() IS
    'Stops the clock of the first answer (one entered later but given earlier counts); starts and stops that of messages.';

CREATE FUNCTION klappa.enter_inquiry_status() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    INSERT INTO klappa.inquiry_entry (inquiry, kind, at, from_status, to_status)
    VALUES (new.id, 'status', CASE TG_OP WHEN 'INSERT' THEN new.received_at ELSE clock_timestamp() END,
        CASE TG_OP WHEN 'UPDATE' THEN old.status END, new.status);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.enter_inquiry_status() IS 'Every step is an entry of the timeline.';

CREATE FUNCTION klappa.offices_of_inquiry(inquiry uuid) RETURNS smallint[]
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT array_agg(DISTINCT o.region ORDER BY o.region)
    FROM (
        SELECT i.lead_region AS region FROM klappa.inquiry i WHERE i.id = offices_of_inquiry.inquiry
        UNION
        SELECT CASE h.state WHEN 'offered' THEN h.to_region ELSE h.from_region END
        FROM klappa.inquiry_handover h
        WHERE h.inquiry = offices_of_inquiry.inquiry AND h.state IN ('offered', 'accepted')) AS o
$$;
COMMENT ON FUNCTION klappa.offices_of_inquiry(uuid) IS
    'The offices that see a case: the one that leads it, those that led it, the one it is offered to.';

CREATE FUNCTION klappa.prepare_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF klappa.reader() IS NOT NULL THEN
        SELECT i.lead_region INTO new.from_region FROM klappa.inquiry i WHERE i.id = new.inquiry FOR UPDATE;
        new.state := 'offered';
        new.offered_by := klappa.reader();
        new.offered_at := now();
        new.answered_at := NULL;
    END IF;
    RETURN new;
END
$$;
COMMENT ON FUNCTION klappa.prepare_handover() IS 'An offer comes from the office that leads the case, now.';

CREATE FUNCTION klappa.settle_handover() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF new.state = 'accepted' THEN
        UPDATE klappa.inquiry i
        SET lead_region = new.to_region, officer = new.answered_by, offices = i.offices || new.to_region,
            status = CASE WHEN i.status IN ('new', 'acknowledged') THEN 'assigned' ELSE i.status END
        WHERE i.id = new.inquiry;
    END IF;
    UPDATE klappa.inquiry SET offices = klappa.offices_of_inquiry(new.inquiry)
    WHERE id = new.inquiry AND offices <> klappa.offices_of_inquiry(new.inquiry);
    IF klappa.reader() IS NOT NULL THEN
        INSERT INTO klappa.inquiry_entry (inquiry, kind, at, region, body, handover, handover_state)
        VALUES (new.inquiry, 'handover', clock_timestamp(),
            CASE WHEN new.state IN ('offered', 'withdrawn') THEN new.from_region ELSE new.to_region END,
            CASE new.state WHEN 'offered' THEN new.message ELSE new.reason END, new.id, new.state);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.settle_handover() IS
    'Lets the other office see what it is offered, gives the case over when it accepts, and enters it in the timeline.';

CREATE TRIGGER inquiry_entry_append_only BEFORE UPDATE OR DELETE ON klappa.inquiry_entry
FOR EACH ROW EXECUTE FUNCTION klappa.refuse_rewriting_entry();
CREATE TRIGGER inquiry_entry_keep BEFORE TRUNCATE ON klappa.inquiry_entry
FOR EACH STATEMENT EXECUTE FUNCTION klappa.refuse_rewriting();
CREATE TRIGGER inquiry_entry_sign BEFORE INSERT ON klappa.inquiry_entry
FOR EACH ROW EXECUTE FUNCTION klappa.sign_inquiry_entry();
CREATE TRIGGER inquiry_entry_answer AFTER INSERT ON klappa.inquiry_entry
FOR EACH ROW WHEN (new.is_answer OR new.kind = 'message') EXECUTE FUNCTION klappa.note_answer();
-- The worker brings its own entries.
CREATE TRIGGER inquiry_enter_insert AFTER INSERT ON klappa.inquiry
FOR EACH ROW WHEN (current_user <> 'klappa_worker') EXECUTE FUNCTION klappa.enter_inquiry_status();
CREATE TRIGGER inquiry_enter_status AFTER UPDATE ON klappa.inquiry
FOR EACH ROW WHEN (old.status <> new.status AND current_user <> 'klappa_worker')
EXECUTE FUNCTION klappa.enter_inquiry_status();
CREATE TRIGGER inquiry_handover_prepare BEFORE INSERT ON klappa.inquiry_handover
FOR EACH ROW EXECUTE FUNCTION klappa.prepare_handover();
CREATE TRIGGER inquiry_handover_settle AFTER INSERT OR UPDATE OF state ON klappa.inquiry_handover
FOR EACH ROW EXECUTE FUNCTION klappa.settle_handover();

CREATE FUNCTION klappa.answer_handover(handover uuid, accepted boolean, reason text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    UPDATE klappa.inquiry_handover h
    SET state = CASE WHEN accepted THEN 'accepted' ELSE 'declined' END, reason = answer_handover.reason,
        answered_by = klappa.reader(), answered_at = now()
    WHERE h.id = handover AND h.state = 'offered' AND h.to_region = ANY (klappa.my_offices());
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION klappa.answer_handover(uuid, boolean, text) IS
    'The office that is offered a case takes it or declines it; false when there is no such offer to the reader''s office.';

CREATE FUNCTION klappa.withdraw_handover(handover uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    UPDATE klappa.inquiry_handover h
    SET state = 'withdrawn', answered_by = klappa.reader(), answered_at = now()
    WHERE h.id = handover AND h.state = 'offered' AND h.from_region = ANY (klappa.my_offices());
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION klappa.withdraw_handover(uuid) IS 'The office that offered a case takes the offer back; false when there is no such offer of the reader''s office.';

CREATE FUNCTION klappa.staff_name(account uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT a.name FROM klappa.account a
    WHERE a.id = staff_name.account AND cardinality(klappa.my_offices()) > 0
        AND EXISTS (SELECT FROM klappa.grants g WHERE g.account = a.id
            AND g."right" IN ('commissioner', 'region_administrator', 'administrator'))
$$;
COMMENT ON FUNCTION klappa.staff_name(uuid) IS 'The name of someone who works in an office, for those who work in one; else NULL.';

CREATE FUNCTION klappa.officers_of(region smallint) RETURNS TABLE (account uuid, name text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT DISTINCT a.id, a.name
    FROM klappa.account a
    JOIN klappa.grants g ON g.account = a.id
    WHERE a.state = 'active' AND a.kind = 'human' AND g.organisation IS NULL
        AND g.region = officers_of.region
        AND g."right" IN ('commissioner', 'region_administrator')
        AND officers_of.region = ANY (klappa.my_offices())
    UNION
    SELECT a.id, a.name FROM klappa.account a
    WHERE a.id = klappa.reader() AND officers_of.region = ANY (klappa.my_offices())
$$;
COMMENT ON FUNCTION klappa.officers_of(smallint) IS 'Who may be responsible for the cases of a region, for those who work in its office.';

SELECT klappa.protect('klappa.inquiry_handover'), klappa.record_changes('klappa.inquiry_handover', 'inquiry'),
    klappa.protect('klappa.inquiry_entry'), klappa.record_changes('klappa.inquiry_entry', 'inquiry'),
    klappa.protect('klappa.inquiry_link'), klappa.record_changes('klappa.inquiry_link', 'inquiry', '{hash}');

CREATE POLICY inquiry_handover_member_read ON klappa.inquiry_handover FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.inquiry i WHERE i.id = inquiry_handover.inquiry));
CREATE POLICY inquiry_handover_member_add ON klappa.inquiry_handover FOR INSERT TO klappa_member
WITH CHECK (state = 'offered' AND klappa.leads_inquiry(inquiry));
CREATE POLICY inquiry_entry_member_read ON klappa.inquiry_entry FOR SELECT TO klappa_member
USING (EXISTS (SELECT FROM klappa.inquiry i WHERE i.id = inquiry_entry.inquiry));
CREATE POLICY inquiry_entry_member_add ON klappa.inquiry_entry FOR INSERT TO klappa_member
WITH CHECK (kind IN ('note', 'call', 'letter', 'answer') AND klappa.leads_inquiry(inquiry));

GRANT SELECT, INSERT ON klappa.inquiry_handover, klappa.inquiry_entry TO klappa_member;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.inquiry_handover TO klappa_worker;
GRANT SELECT, INSERT ON klappa.inquiry_entry TO klappa_worker;
GRANT SELECT, INSERT, DELETE ON klappa.inquiry_link TO klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.answer_handover(uuid, boolean, text), klappa.withdraw_handover(uuid),
    klappa.staff_name(uuid), klappa.officers_of(smallint)
TO klappa_member, klappa_worker;

RESET ROLE;
