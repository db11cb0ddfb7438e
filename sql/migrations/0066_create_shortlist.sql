-- Creates named shortlists of people, locations and companies, which approved searchers keep and share by a link.
-- What a list shows of somebody is read from the projections for everyone, each time; a list keeps ids and its owner's notes.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.shortlist (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    account uuid NOT NULL,
    name text NOT NULL,
    link_hash bytea,
    link_expires_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT shortlist_pkey PRIMARY KEY (id),
    CONSTRAINT shortlist_id_uuid7 CHECK (klappa.is_uuid7(id)),
    CONSTRAINT shortlist_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT shortlist_of_account UNIQUE (id, account),
    CONSTRAINT shortlist_name_once UNIQUE (account, name),
    CONSTRAINT shortlist_link_hash_unique UNIQUE (link_hash),
    CONSTRAINT shortlist_link_hash_sha256 CHECK (octet_length(link_hash) = 32),
    CONSTRAINT shortlist_link_ends CHECK (num_nonnulls(link_hash, link_expires_at) IN (0, 2)),
    CONSTRAINT shortlist_account_fkey FOREIGN KEY (account) REFERENCES klappa.account (id) ON DELETE CASCADE
);
ALTER TABLE klappa.shortlist ALTER COLUMN name SET STATISTICS 0, ALTER COLUMN link_hash SET STATISTICS 0;
COMMENT ON TABLE klappa.shortlist IS 'Base: named lists of people, locations and companies.';
COMMENT ON COLUMN klappa.shortlist.link_hash IS 'SHA-256 of the secret in the link by which the list is shared; NULL while it is not.';

CREATE TABLE klappa.shortlist_item (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    shortlist uuid NOT NULL,
    account uuid NOT NULL,
    subject uuid NOT NULL,
    note text,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT shortlist_item_pkey PRIMARY KEY (id),
    CONSTRAINT shortlist_item_once UNIQUE (shortlist, subject),
    CONSTRAINT shortlist_item_note_length CHECK (char_length(note) BETWEEN 1 AND 1000),
    CONSTRAINT shortlist_item_shortlist_fkey FOREIGN KEY (shortlist, account)
        REFERENCES klappa.shortlist (id, account) ON DELETE CASCADE,
    CONSTRAINT shortlist_item_subject_fkey FOREIGN KEY (subject) REFERENCES klappa.subject (id) ON DELETE CASCADE
);
CREATE INDEX shortlist_item_account ON klappa.shortlist_item (account);
CREATE INDEX shortlist_item_subject ON klappa.shortlist_item (subject);
ALTER TABLE klappa.shortlist_item ALTER COLUMN note SET STATISTICS 0;
COMMENT ON TABLE klappa.shortlist_item IS 'Base: who and what is on a list.';
COMMENT ON COLUMN klappa.shortlist_item.account IS 'Whose list it is.';
COMMENT ON COLUMN klappa.shortlist_item.note IS 'For the owner of the list alone, never for readers by link.';

SELECT klappa.protect('klappa.shortlist'), klappa.protect('klappa.shortlist_item'),
    klappa.count_versions('klappa.shortlist'), klappa.count_versions('klappa.shortlist_item'),
    klappa.record_changes('klappa.shortlist', '', '{link_hash}'),
    klappa.record_changes('klappa.shortlist_item', '', '{note}');

CREATE POLICY shortlist_own_read ON klappa.shortlist FOR SELECT TO klappa_member
USING (account = (SELECT klappa.reader()));
CREATE POLICY shortlist_own_create ON klappa.shortlist FOR INSERT TO klappa_member
WITH CHECK (account = (SELECT klappa.reader()) AND (SELECT klappa.is_searcher()));
CREATE POLICY shortlist_own_change ON klappa.shortlist FOR UPDATE TO klappa_member
USING (account = (SELECT klappa.reader()));
CREATE POLICY shortlist_own_delete ON klappa.shortlist FOR DELETE TO klappa_member
USING (account = (SELECT klappa.reader()));
CREATE POLICY shortlist_item_own ON klappa.shortlist_item FOR ALL TO klappa_member
USING (account = (SELECT klappa.reader()))
WITH CHECK (account = (SELECT klappa.reader()));

GRANT SELECT (id, account, name, link_expires_at, version, created_at, changed_at), DELETE ON klappa.shortlist
TO klappa_member;
GRANT INSERT (id, account, name), UPDATE (name, link_hash, link_expires_at) ON klappa.shortlist TO klappa_member;
GRANT SELECT, DELETE ON klappa.shortlist_item TO klappa_member;
GRANT INSERT (id, shortlist, account, subject), UPDATE (note) ON klappa.shortlist_item TO klappa_member;
GRANT SELECT (id, account, name, link_expires_at), INSERT (id, account, name) ON klappa.shortlist TO klappa_worker;
GRANT SELECT, INSERT ON klappa.shortlist_item TO klappa_worker;

CREATE FUNCTION klappa.shared_shortlist(hash bytea) RETURNS TABLE (name text, subject uuid, place integer)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = klappa, pg_temp
AS $$
    SELECT s.name, i.subject, row_number() OVER (ORDER BY i.created_at, i.id)::integer
    FROM klappa.shortlist s
    LEFT JOIN klappa.shortlist_item i ON i.shortlist = s.id
    JOIN klappa.account a ON a.id = s.account AND a.state = 'active'
    WHERE s.link_hash = shared_shortlist.hash AND s.link_expires_at > now()
$$;
COMMENT ON FUNCTION klappa.shared_shortlist(bytea) IS
    'The name and the subjects of the list that a link shares; no row when the link is unknown, revoked or over. No notes.';
GRANT EXECUTE ON FUNCTION klappa.shared_shortlist(bytea) TO klappa_public;

-- Who is erased is on no list, and nothing that was noted of them remains.
CREATE FUNCTION klappa.leave_shortlists() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.shortlist_item i WHERE i.subject = new.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.leave_shortlists() IS 'Takes who was erased off every list.';
CREATE TRIGGER person_leave_shortlists AFTER UPDATE OF state ON klappa.person FOR EACH ROW
WHEN (new.state = 'erased' AND old.state <> 'erased') EXECUTE FUNCTION klappa.leave_shortlists();
CREATE TRIGGER location_leave_shortlists AFTER UPDATE OF state ON klappa.location FOR EACH ROW
WHEN (new.state = 'erased' AND old.state <> 'erased') EXECUTE FUNCTION klappa.leave_shortlists();
CREATE TRIGGER company_leave_shortlists AFTER UPDATE OF state ON klappa.company FOR EACH ROW
WHEN (new.state = 'erased' AND old.state <> 'erased') EXECUTE FUNCTION klappa.leave_shortlists();

RESET ROLE;
