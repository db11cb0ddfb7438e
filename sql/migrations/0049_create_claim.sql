-- Lets people own their listing: one each, claims of listings that nobody owns, and taking the own one away for good.
-- A claim is decided by the office of the region: nobody takes a listing over by saying that it is theirs.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE UNIQUE INDEX person_one_each ON klappa.person (account) WHERE account IS NOT NULL;
DROP INDEX klappa.person_account;

CREATE TABLE klappa.claim (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    person uuid NOT NULL,
    account uuid NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    message text,
    reason text,
    decided_by uuid,
    decided_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT claim_pkey PRIMARY KEY (id),
    CONSTRAINT claim_state_known CHECK (state IN ('pending', 'accepted', 'refused', 'withdrawn')),
    CONSTRAINT claim_message_length CHECK (char_length(message) BETWEEN 1 AND 2000),
    CONSTRAINT claim_reason_length CHECK (char_length(reason) BETWEEN 1 AND 2000),
    CONSTRAINT claim_refused_with_reason CHECK ((state = 'refused') = (reason IS NOT NULL)),
    CONSTRAINT claim_decided_when_decided CHECK ((state IN ('accepted', 'refused')) = (decided_at IS NOT NULL)),
    CONSTRAINT claim_person_fkey FOREIGN KEY (person) REFERENCES klappa.person (id) ON DELETE CASCADE,
    CONSTRAINT claim_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE CASCADE,
    CONSTRAINT claim_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES klappa.account (id) ON DELETE SET NULL
);
CREATE UNIQUE INDEX claim_one_pending ON klappa.claim (person, account) WHERE state = 'pending';
CREATE INDEX claim_account ON klappa.claim (account);
CREATE INDEX claim_pending ON klappa.claim (created_at) WHERE state = 'pending';
ALTER TABLE klappa.claim ALTER COLUMN message SET STATISTICS 0, ALTER COLUMN reason SET STATISTICS 0;
COMMENT ON TABLE klappa.claim IS
    'Base: accounts that say of a public listing without an owner that it is theirs; the office of its region decides.';
COMMENT ON COLUMN klappa.claim.state IS 'pending, accepted, refused (with reason) or withdrawn by the claimant.';
COMMENT ON COLUMN klappa.claim.message IS 'How the office can tell that it is them.';

SELECT klappa.protect('klappa.claim'), klappa.count_versions('klappa.claim'),
    klappa.record_changes('klappa.claim', 'person', '{message,reason}');

CREATE POLICY claim_member_read ON klappa.claim FOR SELECT TO klappa_member
USING (account = (SELECT klappa.reader()) OR EXISTS (
    SELECT FROM klappa.person p
    WHERE p.id = claim.person AND p.home_region = ANY ((SELECT klappa.my_offices())::smallint[])));
GRANT SELECT ON klappa.claim TO klappa_member;
GRANT SELECT, DELETE ON klappa.claim TO klappa_worker;

CREATE FUNCTION klappa.claim_listing(person uuid, message text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    claimed record;
    made uuid;
BEGIN
    IF NOT EXISTS (
        SELECT FROM klappa.account a WHERE a.id = klappa.reader() AND a.kind = 'human' AND a.state = 'active')
    THEN
        RAISE EXCEPTION 'only people who are signed in claim a listing' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT p.account INTO claimed FROM klappa.person p
    WHERE p.id = claim_listing.person AND p.state = 'published' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF claimed.account IS NOT NULL THEN
        RAISE EXCEPTION 'somebody owns this listing already' USING ERRCODE = 'unique_violation',
            SCHEMA = 'klappa', TABLE = 'claim', CONSTRAINT = 'claim_person_unowned';
    END IF;
    IF EXISTS (SELECT FROM klappa.person p WHERE p.account = klappa.reader() AND p.state <> 'draft') THEN
        RAISE EXCEPTION 'who has a listing claims no other' USING ERRCODE = 'unique_violation',
            SCHEMA = 'klappa', TABLE = 'claim', CONSTRAINT = 'claim_one_listing';
    END IF;
    IF (SELECT count(*) FROM klappa.claim c WHERE c.account = klappa.reader() AND c.state = 'pending') >= 3 THEN
        RAISE EXCEPTION 'three claims wait already' USING ERRCODE = 'unique_violation',
            SCHEMA = 'klappa', TABLE = 'claim', CONSTRAINT = 'claim_few_at_a_time';
    END IF;
    INSERT INTO klappa.claim (person, account, message)
    VALUES (claim_listing.person, klappa.reader(), claim_listing.message)
    ON CONFLICT (person, account) WHERE state = 'pending' DO UPDATE SET message = coalesce(excluded.message, claim.message)
    RETURNING id INTO made;
    RETURN made;
END
$$;
COMMENT ON FUNCTION klappa.claim_listing(uuid, text) IS
    'The reader says that a public listing without an owner is theirs. The id of the claim; NULL when there is no such listing.';

CREATE FUNCTION klappa.withdraw_claim(claim uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    UPDATE klappa.claim c SET state = 'withdrawn'
    WHERE c.id = withdraw_claim.claim AND c.account = klappa.reader() AND c.state = 'pending';
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION klappa.withdraw_claim(uuid) IS 'The claimant takes a claim back; false when none of theirs waits.';

CREATE FUNCTION klappa.claims_to_decide()
RETURNS TABLE (
    id uuid, person uuid, slug text, name text, region text, claimant text, email text, language text, message text,
    created_at timestamptz, version bigint
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT c.id, p.id, p.slug, p.name, r.code, a.name, a.email, a.language, c.message, c.created_at, c.version
    FROM klappa.claim c
    JOIN klappa.person p ON p.id = c.person
    JOIN klappa.region r ON r.no = p.home_region
    JOIN klappa.account a ON a.id = c.account
    WHERE c.state = 'pending' AND p.home_region = ANY (klappa.my_offices()) AND c.account <> klappa.reader()
    ORDER BY c.created_at, c.id
$$;
COMMENT ON FUNCTION klappa.claims_to_decide() IS
    'The claims that wait for one of the reader''s offices, oldest first, with who claims; never the reader''s own.';

CREATE FUNCTION klappa.claim_for_decision(claim uuid, version bigint) RETURNS klappa.claim
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    found_claim klappa.claim%ROWTYPE;
BEGIN
    -- The person first, as whoever changes or erases a listing does.
    PERFORM FROM klappa.person p
    WHERE p.id = (SELECT c.person FROM klappa.claim c WHERE c.id = claim_for_decision.claim)
        AND p.home_region = ANY (klappa.my_offices())
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT c.* INTO found_claim FROM klappa.claim c
    WHERE c.id = claim_for_decision.claim AND c.version = claim_for_decision.version AND c.state = 'pending'
        AND c.account <> klappa.reader()
    FOR UPDATE;
    RETURN found_claim;
END
$$;
COMMENT ON FUNCTION klappa.claim_for_decision(uuid, bigint) IS
    'Locks the listing and the claim that the reader is about to decide; NULL when it is not theirs to decide, or changed. For other functions.';

CREATE FUNCTION klappa.accept_claim(claim uuid, version bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    decided klappa.claim%ROWTYPE;
    draft uuid;
BEGIN
    decided := klappa.claim_for_decision(accept_claim.claim, accept_claim.version);
    IF decided.id IS NULL THEN
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM klappa.person p WHERE p.id = decided.person AND p.account IS NOT NULL) THEN
        RAISE EXCEPTION 'somebody owns this listing already' USING ERRCODE = 'unique_violation',
            SCHEMA = 'klappa', TABLE = 'claim', CONSTRAINT = 'claim_person_unowned';
    END IF;
    -- What the claimant had begun gives way; what the office has seen does not.
    SELECT p.id INTO draft FROM klappa.person p WHERE p.account = decided.account AND p.state = 'draft';
    IF draft IS NOT NULL THEN
        PERFORM klappa.erase(draft);
    ELSIF EXISTS (SELECT FROM klappa.person p WHERE p.account = decided.account) THEN
        RAISE EXCEPTION 'the claimant has a listing' USING ERRCODE = 'unique_violation',
            SCHEMA = 'klappa', TABLE = 'claim', CONSTRAINT = 'claim_one_listing';
    END IF;
    UPDATE klappa.person p SET account = decided.account WHERE p.id = decided.person;
    UPDATE klappa.claim c SET state = 'accepted', decided_by = klappa.reader(), decided_at = now()
    WHERE c.id = decided.id;
    RETURN true;
END
$$;
COMMENT ON FUNCTION klappa.accept_claim(uuid, bigint) IS
    'Gives a listing to the account that claimed it; a draft that the claimant had begun is erased. False when no claim of that version waits for the reader''s office.';

CREATE FUNCTION klappa.refuse_claim(claim uuid, reason text, version bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    decided klappa.claim%ROWTYPE;
BEGIN
    decided := klappa.claim_for_decision(refuse_claim.claim, refuse_claim.version);
    IF decided.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE klappa.claim c SET state = 'refused', reason = coalesce(refuse_claim.reason, ''),
        decided_by = klappa.reader(), decided_at = now()
    WHERE c.id = decided.id;
    RETURN true;
END
$$;
COMMENT ON FUNCTION klappa.refuse_claim(uuid, text, bigint) IS
    'Refuses a claim with a reason that the claimant reads. False when no claim of that version waits for the reader''s office.';

CREATE FUNCTION klappa.forget_claims() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.claim c WHERE c.person = new.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.forget_claims() IS 'Takes the claims of a listing away when it is erased.';
CREATE TRIGGER person_forget_claims AFTER UPDATE OF state ON klappa.person
FOR EACH ROW WHEN (new.state = 'erased' AND old.state <> 'erased') EXECUTE FUNCTION klappa.forget_claims();

CREATE FUNCTION klappa.erase_own_listing(version bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    own uuid;
BEGIN
    SELECT p.id INTO own FROM klappa.person p
    WHERE p.account = klappa.reader() AND p.version = erase_own_listing.version FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    RETURN klappa.erase(own);
END
$$;
COMMENT ON FUNCTION klappa.erase_own_listing(bigint) IS
    'Erases the reader''s own listing if it still has this version; false otherwise.';

CREATE FUNCTION klappa.own_listing_text() RETURNS TABLE (version bigint, body text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT p.version, left(t.item, -1) || ',' || substr(t.details, 2)
    FROM klappa.person p
    JOIN klappa.person_text t ON t.id = p.id
    WHERE p.account = klappa.reader()
$$;
COMMENT ON FUNCTION klappa.own_listing_text() IS
    'The reader''s own listing as its public record is or would be written, published or not.';

CREATE FUNCTION klappa.contacts_for_searcher(person uuid) RETURNS TABLE (kind text, value text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT c.kind, c.value
    FROM klappa.contact_field c
    JOIN klappa.person p ON p.id = c.subject
    WHERE c.subject = contacts_for_searcher.person AND p.state = 'published' AND c.visibility IN ('anyone', 'approved')
        AND klappa.is_searcher()
    ORDER BY c.sort_order, c.kind, c.value
$$;
COMMENT ON FUNCTION klappa.contacts_for_searcher(uuid) IS
    'The contact fields of a published person that approved searchers may see; none for other readers.';

GRANT EXECUTE ON FUNCTION klappa.claim_listing(uuid, text), klappa.withdraw_claim(uuid), klappa.claims_to_decide(),
    klappa.accept_claim(uuid, bigint), klappa.refuse_claim(uuid, text, bigint), klappa.erase_own_listing(bigint),
    klappa.own_listing_text(), klappa.contacts_for_searcher(uuid)
TO klappa_member;

RESET ROLE;
