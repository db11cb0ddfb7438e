-- Erases with an account what came of signing in and searching: ties to providers, requests, lists, keys that were made,
-- reviews that were not written yet. Written ones belong to the application, and lose their writer's name with the account.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE FUNCTION klappa.erase_ties() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    machines uuid[] := array(SELECT k.account FROM klappa.api_key k WHERE k.made_by = new.id);
    gone uuid[] := array(
        SELECT k.id FROM klappa.api_key k WHERE k.made_by = new.id
        UNION ALL SELECT r.id FROM klappa.searcher_request r WHERE r.account = new.id
        UNION ALL SELECT i.id FROM klappa.openid_identity i WHERE i.account = new.id
        UNION ALL SELECT s.id FROM klappa.shortlist s WHERE s.account = new.id);
BEGIN
    DELETE FROM klappa.openid_identity i WHERE i.account = new.id;
    DELETE FROM klappa.searcher_request r WHERE r.account = new.id;
    DELETE FROM klappa.shortlist s WHERE s.account = new.id;
    DELETE FROM klappa.application_review v WHERE v.account = new.id AND v.said_at IS NULL;
    DELETE FROM klappa.api_key k WHERE k.made_by = new.id;
    DELETE FROM klappa.grants g WHERE g.account = ANY (machines);
    UPDATE klappa.account a SET name = '–', state = 'closed' WHERE a.id = ANY (machines);
    -- Last: the statements above were logged too.
    DELETE FROM klappa.change_value v
    USING klappa.change c
    WHERE c.transaction = v.transaction AND c.n = v.n
        AND c.kind IN ('api_key', 'searcher_request', 'openid_identity', 'shortlist')
        AND (c.key ->> 'id')::uuid = ANY (gone);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.erase_ties() IS
    'Erases with an account its ties to providers, its request to search, its lists, the keys that it made and reviews without words.';
CREATE TRIGGER account_erase_ties AFTER UPDATE OF erased_at ON klappa.account
FOR EACH ROW WHEN (new.erased_at IS NOT NULL AND old.erased_at IS NULL) EXECUTE FUNCTION klappa.erase_ties();

CREATE FUNCTION klappa.erase_reviews() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    DELETE FROM klappa.application_review v WHERE v.application = new.id;
    DELETE FROM klappa.change_value v WHERE v.subject = new.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.erase_reviews() IS 'Erases with an application what reviewers said of it.';
CREATE TRIGGER application_erase_reviews AFTER UPDATE OF erased_at ON klappa.application
FOR EACH ROW WHEN (new.erased_at IS NOT NULL AND old.erased_at IS NULL) EXECUTE FUNCTION klappa.erase_reviews();

RESET ROLE;
