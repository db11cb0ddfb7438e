-- Asks who stands behind a public listing whether it is still right, twice, before it lapses (CD-13, BX-11).
-- The worker writes the letters and the state; each letter carries a link by which one press renews, without signing in.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.renewal_ask (
    subject uuid NOT NULL,
    renewed_on date NOT NULL,
    round smallint NOT NULL,
    asked_on date NOT NULL,
    link_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT renewal_ask_pkey PRIMARY KEY (subject, renewed_on, round),
    CONSTRAINT renewal_ask_round_range CHECK (round BETWEEN 1 AND 3),
    CONSTRAINT renewal_ask_link_unique UNIQUE (link_hash),
    CONSTRAINT renewal_ask_link_sha256 CHECK (octet_length(link_hash) = 32),
    CONSTRAINT renewal_ask_subject_fkey FOREIGN KEY (subject) REFERENCES klappa.subject (id) ON DELETE CASCADE
);
ALTER TABLE klappa.renewal_ask ALTER COLUMN link_hash SET STATISTICS 0;
COMMENT ON TABLE klappa.renewal_ask IS
    'Base: letters that asked whether a public listing is still right. Of their links only the SHA-256 is kept; nobody lists them.';
COMMENT ON COLUMN klappa.renewal_ask.renewed_on IS 'When the listing had last been confirmed: the link is good until it is confirmed again.';
COMMENT ON COLUMN klappa.renewal_ask.round IS '1 a month before the listing lapses, 2 a week before, 3 when it has lapsed.';

SELECT klappa.protect('klappa.renewal_ask'), klappa.record_changes('klappa.renewal_ask', 'subject', '{link_hash}');
GRANT SELECT, INSERT, DELETE ON klappa.renewal_ask TO klappa_worker;

CREATE FUNCTION klappa.ageing_listings()
RETURNS TABLE (subject uuid, kind text, name text, state text, renewed_on date, email text, language text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT x.id, x.kind, x.name, x.state, x.renewed_on, coalesce(a.email, f.value), a.language
    FROM (
        SELECT p.id, p.kind, p.name, p.state, p.renewed_on, p.account FROM klappa.person p
        WHERE p.state IN ('published', 'lapsed') AND NOT p.invented
        UNION ALL
        SELECT l.id, l.kind, l.name, l.state, l.renewed_on, l.account FROM klappa.location l
        WHERE l.state IN ('published', 'lapsed') AND NOT l.invented
        UNION ALL
        SELECT c.id, c.kind, c.name, c.state, c.renewed_on, c.account FROM klappa.company c
        WHERE c.state IN ('published', 'lapsed') AND NOT c.invented) AS x
    LEFT JOIN klappa.account a ON a.id = x.account AND a.kind = 'human' AND a.state = 'active' AND a.email IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT c.value FROM klappa.contact_field c
        WHERE a.id IS NULL AND c.subject = x.id AND c.kind = 'email'
        ORDER BY c.sort_order, c.value LIMIT 1) AS f ON true
    WHERE coalesce(a.email, f.value) IS NOT NULL
$$;
COMMENT ON FUNCTION klappa.ageing_listings() IS
    'Public and lapsed listings with who can be asked whether they are right: the owner''s address, or one that the listing itself names. Invented ones do not age.';
GRANT EXECUTE ON FUNCTION klappa.ageing_listings() TO klappa_worker;

CREATE FUNCTION klappa.asked_renewal(link bytea)
RETURNS TABLE (kind text, name text, state text, renewed_on date, is_done boolean, is_open boolean, address text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT x.kind, x.name, x.state, x.renewed_on, x.renewed_on > k.renewed_on,
        x.state IN ('published', 'lapsed') AND x.renewed_on = k.renewed_on, x.address
    FROM klappa.renewal_ask k
    JOIN (
        SELECT p.id, p.kind, p.name, p.state, p.renewed_on, '/crew/' || p.slug AS address FROM klappa.person p
        UNION ALL
        SELECT l.id, l.kind, l.name, l.state, l.renewed_on, '/locations/' || l.no FROM klappa.location l
        UNION ALL
        SELECT c.id, c.kind, c.name, c.state, c.renewed_on, '/companies/' || c.slug FROM klappa.company c) AS x
        ON x.id = k.subject
    WHERE k.link_hash = asked_renewal.link AND x.state <> 'erased'
$$;
COMMENT ON FUNCTION klappa.asked_renewal(bytea) IS
    'Which listing a link of a letter is about, and whether it was confirmed since or can be; no row for an unknown link.';

CREATE FUNCTION klappa.renew_by_link(link bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    ask klappa.renewal_ask%ROWTYPE;
    listing text;
    owner uuid;
    done bigint;
BEGIN
    SELECT * INTO ask FROM klappa.renewal_ask k WHERE k.link_hash = renew_by_link.link;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT s.kind INTO listing FROM klappa.subject s WHERE s.id = ask.subject;
    -- EXECUTE: three tables have the same columns. The log names whose listing it is; the link came to their address.
    EXECUTE format('SELECT t.account FROM klappa.%I t WHERE t.id = $1 FOR UPDATE', listing) INTO owner USING ask.subject;
    PERFORM set_config('klappa.account', coalesce(owner::text, ''), true);
    EXECUTE format(
        'UPDATE klappa.%I SET renewed_on = klappa.today(), state = ''published'', state_reason = NULL '
        'WHERE id = $1 AND renewed_on = $2 AND state IN (''published'', ''lapsed'')', listing)
    USING ask.subject, ask.renewed_on;
    GET DIAGNOSTICS done = ROW_COUNT;
    PERFORM set_config('klappa.account', '', true);
    RETURN done > 0;
END
$$;
COMMENT ON FUNCTION klappa.renew_by_link(bytea) IS
    'Confirms a listing by the link of a letter; one that had lapsed is public again. False for an unknown link, for what was confirmed since, and for what is hidden.';
GRANT EXECUTE ON FUNCTION klappa.asked_renewal(bytea), klappa.renew_by_link(bytea) TO klappa_member;

RESET ROLE;
