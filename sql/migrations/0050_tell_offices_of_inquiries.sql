-- Creates the letters by which offices learn of their cases, and a private link that takes the place of older ones.
-- Whom a letter reaches is decided here, so that no service has to read the addresses of those who work in offices.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE FUNCTION klappa.tell_office(inquiry uuid, letter text, origin text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    told klappa.inquiry;
    offer klappa.inquiry_handover;
    office smallint;
    person uuid;
    said text;
    written integer;
BEGIN
    SELECT i.* INTO STRICT told FROM klappa.inquiry i WHERE i.id = tell_office.inquiry;
    SELECT h.* INTO offer FROM klappa.inquiry_handover h
    WHERE h.inquiry = told.id ORDER BY h.offered_at DESC, h.id DESC LIMIT 1;
    CASE letter
        WHEN 'inquiry-filed' THEN
            office := told.lead_region;
        WHEN 'inquiry-message' THEN
            office := told.lead_region;
            person := told.officer;
            SELECT e.body INTO said FROM klappa.inquiry_entry e
            WHERE e.inquiry = told.id AND e.kind = 'message' ORDER BY e.at DESC, e.id DESC LIMIT 1;
        WHEN 'inquiry-offered' THEN
            office := offer.to_region;
            said := offer.message;
        WHEN 'inquiry-offer-accepted', 'inquiry-offer-declined' THEN
            office := offer.from_region;
            person := offer.offered_by;
            said := offer.reason;
        ELSE
            RAISE EXCEPTION 'there is no letter % to offices', letter USING ERRCODE = 'invalid_parameter_value';
    END CASE;
    INSERT INTO klappa.outbox (kind, subject, payload)
    SELECT 'letter', told.id, jsonb_build_object('to', a.email, 'template', letter, 'language', a.language,
        'values', jsonb_build_object('number', told.number, 'title', told.title, 'said', coalesce(said, '–'),
            'due', to_char(told.answer_due AT TIME ZONE 'Europe/Stockholm', 'YYYY-MM-DD HH24:MI'),
            'office', (SELECT r.name FROM klappa.region r WHERE r.no = office),
            'from', coalesce((SELECT r.name FROM klappa.region r WHERE r.no = offer.from_region), ''),
            'to', coalesce((SELECT r.name FROM klappa.region r WHERE r.no = offer.to_region), ''),
            'link', tell_office.origin || '/' || a.language || '/inquiries/' || told.number))
    FROM klappa.account a
    WHERE a.state = 'active' AND a.kind = 'human' AND a.email IS NOT NULL
        AND a.id IS DISTINCT FROM klappa.reader()
        AND CASE WHEN person IS NOT NULL THEN a.id = person
            ELSE EXISTS (
                SELECT FROM klappa.grants g
                WHERE g.account = a.id AND g.organisation IS NULL AND g.region = office
                    AND g."right" IN ('commissioner', 'region_administrator')) END;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END
$$;
COMMENT ON FUNCTION klappa.tell_office(uuid, text, text) IS
    'Writes a letter about a case to who is responsible for what it tells, else to everyone of the office; gives how many. Never to the writer.';

CREATE FUNCTION klappa.renew_inquiry_link(inquiry uuid, link bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF NOT klappa.add_inquiry_link(renew_inquiry_link.inquiry, link) THEN
        RETURN false;
    END IF;
    DELETE FROM klappa.inquiry_link k WHERE k.inquiry = renew_inquiry_link.inquiry AND k.hash <> link;
    RETURN true;
END
$$;
COMMENT ON FUNCTION klappa.renew_inquiry_link(uuid, bytea) IS
    'A new private link that takes the place of all others, made by the leading office; false when the reader does not work there.';

GRANT EXECUTE ON FUNCTION klappa.tell_office(uuid, text, text), klappa.renew_inquiry_link(uuid, bytea)
TO klappa_member, klappa_worker;

RESET ROLE;
