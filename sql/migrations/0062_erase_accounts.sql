-- Lists what every column says of people, gives people all of it, and erases them whole; each erasure is noted by an opaque id.
-- What the list leaves out fails a check, so that no new column escapes export and erasure unnoticed.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.column_use (
    "table" text NOT NULL,
    "column" text NOT NULL,
    kind text NOT NULL,
    finds text,
    exported boolean NOT NULL,
    erased text NOT NULL,
    why text,
    CONSTRAINT column_use_pkey PRIMARY KEY ("table", "column"),
    CONSTRAINT column_use_kind_known CHECK (kind IN ('personal', 'record', 'none')),
    CONSTRAINT column_use_finds_known CHECK (finds IN ('account', 'subject', 'application', 'inquiry', 'email', 'letter', 'actor')),
    CONSTRAINT column_use_erased_known CHECK (erased IN ('deleted', 'emptied', 'archived', 'kept')),
    CONSTRAINT column_use_reasoned CHECK (exported OR why <> ''),
    CONSTRAINT column_use_none_stays CHECK (kind <> 'none' OR NOT exported AND erased = 'kept')
);
COMMENT ON TABLE klappa.column_use IS
    'Bookkeeping: the inventory of the columns of all base tables: what each says of people, how it is exported and erased.';
COMMENT ON COLUMN klappa.column_use.kind IS
    'personal: says something of somebody; record: belongs to such a row (ids, times, versions); none: says nothing of anybody (why).';
COMMENT ON COLUMN klappa.column_use.finds IS
    'By this column a row is somebody''s: their account, their listing, application or inquiry, their address, a letter to it. actor: only that they did it.';
COMMENT ON COLUMN klappa.column_use.erased IS
    'deleted with its row; emptied; archived: deleted or emptied unless a case under the archive rules names them; kept.';
COMMENT ON COLUMN klappa.column_use.why IS 'Why it is not exported.';

CREATE TABLE klappa.erasure (
    id uuid NOT NULL DEFAULT klappa.uuid7(),
    kind text NOT NULL,
    key uuid NOT NULL,
    address bytea,
    files text[] NOT NULL DEFAULT '{}',
    erased_at timestamptz NOT NULL DEFAULT now(),
    ledgered_at timestamptz,
    swept_at timestamptz,
    CONSTRAINT erasure_pkey PRIMARY KEY (id),
    CONSTRAINT erasure_once UNIQUE (kind, key),
    CONSTRAINT erasure_kind_known CHECK (kind IN ('account', 'listing', 'application')),
    CONSTRAINT erasure_address_sha256 CHECK (octet_length(address) = 32)
);
CREATE INDEX erasure_waiting ON klappa.erasure (id) WHERE ledgered_at IS NULL OR swept_at IS NULL;
ALTER TABLE klappa.erasure ALTER COLUMN address SET STATISTICS 0, ALTER COLUMN files SET STATISTICS 0;
COMMENT ON TABLE klappa.erasure IS
    'Bookkeeping: what was erased, by ids that say nothing of anybody. The worker writes them to the ledger outside the database and sweeps files.';
COMMENT ON COLUMN klappa.erasure.key IS 'The id of the row that was emptied.';
COMMENT ON COLUMN klappa.erasure.address IS 'SHA-256 of the address, until the letters that are kept as files are swept.';
COMMENT ON COLUMN klappa.erasure.files IS 'SHA-256 of files that went with it, until they are swept.';
SELECT klappa.protect('klappa.erasure');
GRANT SELECT, UPDATE (address, files, ledgered_at, swept_at) ON klappa.erasure TO klappa_worker;

ALTER TABLE klappa.account
    ADD COLUMN erased_at timestamptz,
    ADD CONSTRAINT account_erased_empty CHECK (erased_at IS NULL OR state = 'closed' AND name = '–' AND email IS NULL);
COMMENT ON COLUMN klappa.account.erased_at IS 'When its holder had everything about them erased; only what the log refers to is left.';
SELECT klappa.record_changes('klappa.account', '', '{name,email}');

-- Written by people, and not yet kept from the planner's samples, which outlive the rows of a table that is emptied.
ALTER TABLE klappa.api_key ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE klappa.sign_in_request ALTER COLUMN then_path SET STATISTICS 0;
ALTER TABLE klappa.location_fact ALTER COLUMN value SET STATISTICS 0;

CREATE FUNCTION klappa.note_erasure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    INSERT INTO klappa.erasure (kind, key)
    VALUES (TG_ARGV[0], CASE TG_OP WHEN 'DELETE' THEN old.id ELSE new.id END)
    ON CONFLICT ON CONSTRAINT erasure_once DO NOTHING;
    IF TG_ARGV[0] = 'listing' THEN
        DELETE FROM klappa.renewal_ask r WHERE r.subject = new.id;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.note_erasure() IS 'Notes what was erased, in the transaction that erases it; links that renew a listing go with it.';
CREATE TRIGGER account_note_erasure AFTER UPDATE OF erased_at ON klappa.account
FOR EACH ROW WHEN (new.erased_at IS NOT NULL AND old.erased_at IS NULL) EXECUTE FUNCTION klappa.note_erasure('account');
CREATE TRIGGER person_note_erasure AFTER UPDATE OF state ON klappa.person
FOR EACH ROW WHEN (new.state = 'erased' AND old.state <> 'erased') EXECUTE FUNCTION klappa.note_erasure('listing');
CREATE TRIGGER company_note_erasure AFTER UPDATE OF state ON klappa.company
FOR EACH ROW WHEN (new.state = 'erased' AND old.state <> 'erased') EXECUTE FUNCTION klappa.note_erasure('listing');
CREATE TRIGGER location_note_erasure AFTER UPDATE OF state ON klappa.location
FOR EACH ROW WHEN (new.state = 'erased' AND old.state <> 'erased') EXECUTE FUNCTION klappa.note_erasure('listing');
CREATE TRIGGER application_note_erasure AFTER UPDATE OF erased_at ON klappa.application
FOR EACH ROW WHEN (new.erased_at IS NOT NULL AND old.erased_at IS NULL) EXECUTE FUNCTION klappa.note_erasure('application');
-- A draft that its applicant throws away leaves no row at all; yesterday's backup has one.
CREATE TRIGGER application_note_deletion AFTER DELETE ON klappa.application
FOR EACH ROW EXECUTE FUNCTION klappa.note_erasure('application');

CREATE FUNCTION klappa.subjects_of(account uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(array_agg(x.id ORDER BY x.id), '{}')
    FROM (
        SELECT p.id FROM klappa.person p WHERE p.account = subjects_of.account
        UNION ALL
        SELECT c.id FROM klappa.company c WHERE c.account = subjects_of.account
        UNION ALL
        SELECT l.id FROM klappa.location l WHERE l.account = subjects_of.account) AS x
$$;
COMMENT ON FUNCTION klappa.subjects_of(uuid) IS 'The listings that an account owns. For other functions.';

CREATE FUNCTION klappa.applications_of(account uuid) RETURNS TABLE (application uuid, archived boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT a.id, EXISTS (SELECT FROM klappa.decision d WHERE d.application = a.id)
    FROM klappa.application a
    LEFT JOIN klappa.account x ON x.id = applications_of.account
    WHERE a.erased_at IS NULL
        AND (a.account = applications_of.account OR a.account IS NULL AND lower(a.email) = lower(x.email))
$$;
COMMENT ON FUNCTION klappa.applications_of(uuid) IS
    'The applications of an account, and whether each is archived: it was decided, and the decision told. For other functions.';

CREATE FUNCTION klappa.archived_cases() RETURNS TABLE (kind text, id uuid, number text, title_sv text, title_en text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT 'inquiry', i.id, i.number, i.title, i.title
    FROM klappa.inquiry i
    WHERE EXISTS (
        SELECT FROM klappa.inquiry_contact c
        JOIN klappa.account x ON x.id = klappa.reader()
        WHERE c.inquiry = i.id AND lower(c.email) = lower(x.email))
    UNION ALL
    SELECT 'written', i.id, i.number, i.title, i.title
    FROM klappa.inquiry i
    WHERE EXISTS (SELECT FROM klappa.inquiry_entry e WHERE e.inquiry = i.id AND e.author = klappa.reader())
    UNION ALL
    SELECT CASE WHEN EXISTS (SELECT FROM klappa.participant p WHERE p.application = a.id) THEN 'participant' ELSE 'application' END,
        a.id, a.arrival::text, c.title_sv, coalesce(c.title_en, c.title_sv)
    FROM klappa.applications_of(klappa.reader()) o
    JOIN klappa.application a ON a.id = o.application
    JOIN klappa.call c ON c.id = a.call
    WHERE o.archived
    ORDER BY 1, 3
$$;
COMMENT ON FUNCTION klappa.archived_cases() IS
    'The cases that name the reader and stay, locked, when everything else is erased: inquiries as contact or author, applications that were decided.';

CREATE FUNCTION klappa.erase_account(account uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who klappa.account%ROWTYPE;
    subjects uuid[];
    applications uuid[];
    keys uuid[];
    pictures text[];
    own uuid;
BEGIN
    SELECT a.* INTO who FROM klappa.account a
    WHERE a.id = erase_account.account AND a.kind = 'human' AND a.erased_at IS NULL
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM klappa.grants g WHERE g.account = who.id AND g."right" = 'administrator')
        AND NOT EXISTS (
            SELECT FROM klappa.grants g
            JOIN klappa.account a ON a.id = g.account
            WHERE g."right" = 'administrator' AND g.account <> who.id AND a.kind = 'human' AND a.state = 'active')
    THEN
        RAISE EXCEPTION 'the last administrator gives the right to somebody else first'
            USING ERRCODE = 'check_violation', SCHEMA = 'klappa', TABLE = 'account', CONSTRAINT = 'account_last_administrator';
    END IF;
    -- Also where the ledger is replayed: applications are taken back by whose they are.
    PERFORM set_config('klappa.account', who.id::text, true);
    subjects := klappa.subjects_of(who.id);
    applications := array(
        SELECT o.application FROM klappa.applications_of(who.id) o
        JOIN klappa.application a ON a.id = o.application
        WHERE NOT o.archived ORDER BY a.call, a.id);
    pictures := array(
        SELECT p.hash FROM klappa.photo p WHERE p.subject = ANY (subjects)
        UNION SELECT encode(f.hash, 'hex') FROM klappa.answer_file f WHERE f.application = ANY (applications));
    FOREACH own IN ARRAY subjects LOOP
        IF EXISTS (SELECT FROM klappa.person p WHERE p.id = own) THEN
            PERFORM klappa.erase(own);
        ELSE
            PERFORM klappa.erase_listing(own);
        END IF;
    END LOOP;
    FOREACH own IN ARRAY applications LOOP
        PERFORM klappa.withdraw_application(own);
        PERFORM klappa.empty_application(own);
    END LOOP;
    UPDATE klappa.application a SET account = NULL WHERE a.account = who.id;
    UPDATE klappa.participant p SET account = NULL WHERE p.account = who.id;
    UPDATE klappa.inquiry_contact c SET locked = true WHERE lower(c.email) = lower(who.email) AND NOT c.locked;
    DELETE FROM klappa.crew_import i WHERE i.person = ANY (subjects);
    DELETE FROM klappa.claim c WHERE c.account = who.id;
    DELETE FROM klappa.grants g WHERE g.account = who.id;
    DELETE FROM klappa.session s WHERE s.account = who.id;
    DELETE FROM klappa.sign_in_request r WHERE lower(r.email) = lower(who.email);
    DELETE FROM klappa.idempotency i WHERE i.account = who.id;
    DELETE FROM klappa.outbox o
    WHERE o.subject = ANY (subjects || applications || who.id) OR lower(o.payload ->> 'to') = lower(who.email);
    WITH gone AS (DELETE FROM klappa.api_key k WHERE k.account = who.id RETURNING k.id)
    SELECT array_agg(g.id) INTO keys FROM gone g;
    UPDATE klappa.account a SET name = '–', email = NULL, state = 'closed', erased_at = now() WHERE a.id = who.id;
    -- Last: the statements above were logged too.
    DELETE FROM klappa.change_value v WHERE v.subject = ANY (subjects || applications);
    IF keys IS NOT NULL THEN
        DELETE FROM klappa.change_value v
        USING klappa.change c
        WHERE c.transaction = v.transaction AND c.n = v.n AND c.kind = 'api_key' AND (c.key ->> 'id')::uuid = ANY (keys);
    END IF;
    UPDATE klappa.erasure e
    SET address = sha256(convert_to(lower(who.email), 'UTF8')), files = pictures
    WHERE e.kind = 'account' AND e.key = who.id;
    RETURN true;
END
$$;
COMMENT ON FUNCTION klappa.erase_account(uuid) IS
    'Erases a person whole: listings, applications that are not archived, claims, rights, sessions, keys, letters, kept answers, and what the log remembers. The empty account stays; false when there is none.';

CREATE FUNCTION klappa.erase_own_account() RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$ SELECT klappa.erase_account(klappa.reader()) $$;
COMMENT ON FUNCTION klappa.erase_own_account() IS 'Erases the reader whole; see klappa.erase_account.';

CREATE FUNCTION klappa.replay_erasure(kind text, key uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    done boolean := false;
BEGIN
    CASE replay_erasure.kind
        WHEN 'account' THEN
            done := klappa.erase_account(replay_erasure.key);
        WHEN 'listing' THEN
            IF EXISTS (SELECT FROM klappa.person p WHERE p.id = replay_erasure.key AND p.state <> 'erased') THEN
                done := klappa.erase(replay_erasure.key);
            ELSIF EXISTS (
                SELECT FROM klappa.location l WHERE l.id = replay_erasure.key AND l.state <> 'erased'
                UNION ALL SELECT FROM klappa.company c WHERE c.id = replay_erasure.key AND c.state <> 'erased')
            THEN
                done := klappa.erase_listing(replay_erasure.key);
            END IF;
        WHEN 'application' THEN
            IF EXISTS (SELECT FROM klappa.application a WHERE a.id = replay_erasure.key AND a.erased_at IS NULL) THEN
                PERFORM set_config('klappa.account', coalesce(
                    (SELECT coalesce(a.account, x.id)::text FROM klappa.application a
                    LEFT JOIN klappa.account x ON a.account IS NULL AND lower(x.email) = lower(a.email)
                    WHERE a.id = replay_erasure.key), ''), true);
                PERFORM klappa.withdraw_application(replay_erasure.key);
                done := klappa.empty_application(replay_erasure.key);
            END IF;
        ELSE
            RAISE EXCEPTION 'nothing of the kind % is ever erased', replay_erasure.kind USING ERRCODE = 'invalid_parameter_value';
    END CASE;
    -- It came from the ledger; it need not go there again.
    UPDATE klappa.erasure e SET ledgered_at = now()
    WHERE e.kind = replay_erasure.kind AND e.key = replay_erasure.key AND e.ledgered_at IS NULL;
    RETURN done;
END
$$;
COMMENT ON FUNCTION klappa.replay_erasure(text, uuid) IS
    'Erases again what the ledger says, after a backup was restored; false when it is gone already or was never there.';

CREATE FUNCTION klappa.refresh_statistics() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    name text;
    counted integer := 0;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'klappa'::regnamespace AND c.relkind = 'r'
            AND (obj_description(c.oid, 'pg_class') LIKE 'Projection: %'
                OR EXISTS (SELECT FROM klappa.column_use u WHERE u."table" = c.relname AND u.kind = 'personal'))
        ORDER BY c.relname
    LOOP
        EXECUTE format('ANALYZE klappa.%I', name);
        counted := counted + 1;
    END LOOP;
    RETURN counted;
END
$$;
COMMENT ON FUNCTION klappa.refresh_statistics() IS
    'Has the planner look anew at the tables that hold personal data, so that its samples know nobody who was erased; gives how many.';

CREATE FUNCTION klappa.own_data() RETURNS TABLE ("table" text, rows json)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    who klappa.account%ROWTYPE;
    subjects uuid[];
    applications uuid[];
    inquiries uuid[];
    part record;
BEGIN
    SELECT a.* INTO who FROM klappa.account a WHERE a.id = klappa.reader();
    IF NOT FOUND THEN
        RETURN;
    END IF;
    subjects := klappa.subjects_of(who.id);
    applications := array(SELECT o.application FROM klappa.applications_of(who.id) o);
    inquiries := array(SELECT DISTINCT c.inquiry FROM klappa.inquiry_contact c WHERE lower(c.email) = lower(who.email));
    FOR part IN
        SELECT u."table" AS name,
            string_agg(CASE WHEN a.atttypid = 'geography'::regtype
                THEN format('ST_AsText(t.%1$I) AS %1$I', u."column") ELSE format('t.%I', u."column") END, ', ' ORDER BY a.attnum)
                FILTER (WHERE u.exported) AS columns,
            string_agg(CASE u.finds
                WHEN 'account' THEN format('t.%I = $1', u."column")
                WHEN 'subject' THEN format('t.%I = ANY ($2)', u."column")
                WHEN 'application' THEN format('t.%I = ANY ($3)', u."column")
                WHEN 'inquiry' THEN format('t.%I = ANY ($4)', u."column")
                WHEN 'email' THEN format('lower(t.%I) = lower($5)', u."column")
                WHEN 'letter' THEN format('lower(t.%I ->> ''to'') = lower($5)', u."column")
                END, ' OR ') AS condition
        FROM klappa.column_use u
        JOIN pg_attribute a ON a.attrelid = to_regclass('klappa.' || quote_ident(u."table")) AND a.attname = u."column"
        GROUP BY u."table"
        HAVING bool_or(u.exported)
        ORDER BY u."table"
    LOOP
        "table" := part.name;
        EXECUTE format('SELECT coalesce(json_agg(x), ''[]'') FROM (SELECT %s FROM klappa.%I AS t WHERE %s) AS x',
            part.columns, part.name, part.condition)
        INTO rows USING who.id, subjects, applications, inquiries, who.email;
        RETURN NEXT;
    END LOOP;
    -- What they did to records of others: that they did it, not what the records say.
    FOR part IN
        SELECT u."table" AS name, u."column" AS col FROM klappa.column_use u WHERE u.finds = 'actor' ORDER BY 1, 2
    LOOP
        "table" := part.name || '_' || part.col;
        EXECUTE format('SELECT coalesce(json_agg(json_build_object(''record'', coalesce(to_jsonb(t) ->> ''id'', to_jsonb(t) ->> ''application''))), ''[]'') FROM klappa.%I AS t WHERE t.%I = $1',
            part.name, part.col)
        INTO rows USING who.id;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION klappa.own_data() IS
    'Everything that is stored about the reader, table by table, as the inventory says; then the records that they decided or wrote, by id.';

GRANT SELECT ON klappa.column_use TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.archived_cases(), klappa.erase_own_account(), klappa.own_data() TO klappa_member;
GRANT EXECUTE ON FUNCTION klappa.erase_account(uuid), klappa.replay_erasure(text, uuid), klappa.refresh_statistics()
TO klappa_worker;

RESET ROLE;
