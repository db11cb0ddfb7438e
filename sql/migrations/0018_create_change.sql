-- Creates the log of changes: who changed which columns of which row, in the order of the commits.
-- What was there before and after lies apart, because only that part may ever be erased.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE SEQUENCE klappa.change_position;
COMMENT ON SEQUENCE klappa.change_position IS 'Positions of the change stream, drawn under a lock as transactions commit.';

CREATE TABLE klappa.change_transaction (
    transaction bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    position bigint,
    at timestamptz NOT NULL DEFAULT now(),
    account uuid,
    writer text NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT change_transaction_pkey PRIMARY KEY (transaction),
    CONSTRAINT change_transaction_position_unique UNIQUE (position)
);
COMMENT ON TABLE klappa.change_transaction IS 'Base: one row per writing transaction, numbered in commit order.';
COMMENT ON COLUMN klappa.change_transaction.position IS
    'Set last, under a lock: a follower who has read up to a position has missed nothing below it. Gaps mean nothing.';
COMMENT ON COLUMN klappa.change_transaction.account IS 'The reader on whose behalf it was written; no foreign key, the log outlives accounts.';
COMMENT ON COLUMN klappa.change_transaction.writer IS 'The database role that wrote.';
COMMENT ON COLUMN klappa.change_transaction.xid IS 'Proves that a remembered row is of the same transaction; means nothing later.';

CREATE TABLE klappa.change (
    transaction bigint NOT NULL,
    n bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    kind text NOT NULL,
    key jsonb NOT NULL,
    subject uuid,
    operation text NOT NULL,
    columns text[] NOT NULL,
    CONSTRAINT change_pkey PRIMARY KEY (transaction, n),
    CONSTRAINT change_operation_known CHECK (operation IN ('insert', 'update', 'delete'))
);
CREATE INDEX change_subject ON klappa.change (subject, transaction) WHERE subject IS NOT NULL;
COMMENT ON TABLE klappa.change IS 'Base: which row changed, and which of its columns. Append-only, for everyone; one function writes it, so it needs no foreign keys (they doubled its cost).';
COMMENT ON COLUMN klappa.change.n IS 'Order within the transaction.';
COMMENT ON COLUMN klappa.change.kind IS 'The table.';
COMMENT ON COLUMN klappa.change.key IS 'The row''s primary key; ids and codes only.';
COMMENT ON COLUMN klappa.change.subject IS 'The person, unit or location concerned, if any.';

CREATE TABLE klappa.change_value (
    transaction bigint NOT NULL,
    n bigint NOT NULL,
    subject uuid,
    before jsonb,
    after jsonb,
    CONSTRAINT change_value_pkey PRIMARY KEY (transaction, n)
);
CREATE INDEX change_value_subject ON klappa.change_value (subject) WHERE subject IS NOT NULL;
ALTER TABLE klappa.change_value ALTER COLUMN before SET STATISTICS 0, ALTER COLUMN after SET STATISTICS 0;
COMMENT ON TABLE klappa.change_value IS
    'Base: the changed columns before and after. Only the owner''s function klappa.erase empties it, per subject.';

CREATE FUNCTION klappa.place_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    -- Whoever holds this lock commits next, so positions become visible in their order.
    PERFORM pg_advisory_xact_lock(7001);
    UPDATE klappa.change_transaction SET position = nextval('klappa.change_position')
    WHERE transaction = new.transaction;
    PERFORM pg_notify('klappa_change', '');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.place_change() IS 'Gives a transaction its position as it commits, and tells followers.';

CREATE CONSTRAINT TRIGGER change_transaction_place AFTER INSERT ON klappa.change_transaction
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION klappa.place_change();

CREATE FUNCTION klappa.refuse_rewriting() RETURNS trigger
LANGUAGE plpgsql
SET search_path = klappa, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the log of changes is append-only' USING ERRCODE = 'insufficient_privilege',
        SCHEMA = 'klappa', TABLE = TG_TABLE_NAME;
END
$$;
COMMENT ON FUNCTION klappa.refuse_rewriting() IS 'Keeps the log as it is, whoever asks.';

CREATE TRIGGER change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON klappa.change
FOR EACH STATEMENT EXECUTE FUNCTION klappa.refuse_rewriting();
CREATE TRIGGER change_value_append_only BEFORE UPDATE OR TRUNCATE ON klappa.change_value
FOR EACH STATEMENT EXECUTE FUNCTION klappa.refuse_rewriting();
CREATE TRIGGER change_transaction_append_only BEFORE DELETE OR TRUNCATE ON klappa.change_transaction
FOR EACH STATEMENT EXECUTE FUNCTION klappa.refuse_rewriting();

CREATE FUNCTION klappa.this_transaction() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
DECLARE
    known bigint := nullif(current_setting('klappa.transaction', true), '')::bigint;
BEGIN
    -- The setting may be stale or made up: the row must be of this very transaction.
    IF known IS NULL OR NOT EXISTS (
        SELECT FROM klappa.change_transaction t WHERE t.transaction = known AND t.xid = pg_current_xact_id())
    THEN
        INSERT INTO klappa.change_transaction (account, writer) VALUES (klappa.reader(), session_user)
        RETURNING transaction INTO known;
        PERFORM set_config('klappa.transaction', known::text, true);
    END IF;
    RETURN known;
END
$$;
COMMENT ON FUNCTION klappa.this_transaction() IS 'The log''s row for the current transaction, made when first asked for.';

CREATE FUNCTION klappa.log_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    subject_column text := TG_ARGV[0];
    unlogged text[] := TG_ARGV[1];
    -- Taking members away from a document is one quick call; picking some is not.
    others text[] := TG_ARGV[2];
    this bigint;
BEGIN
    -- A statement that met no row writes nothing.
    IF TG_OP = 'DELETE' THEN
        PERFORM FROM old_rows LIMIT 1;
    ELSE
        PERFORM FROM new_rows LIMIT 1;
    END IF;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    this := klappa.this_transaction();
    -- One statement logs all rows of the statement; nextval is drawn once a row and used twice.
    IF TG_OP = 'INSERT' THEN
        WITH logged AS MATERIALIZED (
            SELECT nextval('klappa.change_n_seq') AS n,
                d.after - others AS key, (d.after ->> subject_column)::uuid AS subject,
                jsonb_strip_nulls(d.after) AS after
            FROM (SELECT to_jsonb(r) - unlogged AS after FROM new_rows r) AS d),
        change AS (
            INSERT INTO klappa.change (transaction, n, kind, key, subject, operation, columns)
            OVERRIDING SYSTEM VALUE
            SELECT this, l.n, TG_TABLE_NAME, l.key, l.subject, 'insert', '{}' FROM logged l)
        INSERT INTO klappa.change_value (transaction, n, subject, after)
        SELECT this, l.n, l.subject, l.after FROM logged l;
    ELSIF TG_OP = 'DELETE' THEN
        WITH logged AS MATERIALIZED (
            SELECT nextval('klappa.change_n_seq') AS n,
                d.before - others AS key, (d.before ->> subject_column)::uuid AS subject,
                jsonb_strip_nulls(d.before) AS before
            FROM (SELECT to_jsonb(r) - unlogged AS before FROM old_rows r) AS d),
        change AS (
            INSERT INTO klappa.change (transaction, n, kind, key, subject, operation, columns)
            OVERRIDING SYSTEM VALUE
            SELECT this, l.n, TG_TABLE_NAME, l.key, l.subject, 'delete', '{}' FROM logged l)
        INSERT INTO klappa.change_value (transaction, n, subject, before)
        SELECT this, l.n, l.subject, l.before FROM logged l;
    ELSE
        WITH pairs AS (
            SELECT o.document AS before, n.document AS after
            FROM (SELECT to_jsonb(r) - unlogged AS document FROM old_rows r) AS o
            JOIN (SELECT to_jsonb(r) - unlogged AS document FROM new_rows r) AS n
                ON o.document - others = n.document - others),
        changed AS (
            SELECT p.before, p.after, d.columns, d.same
            FROM pairs p, LATERAL (
                SELECT array_agg(m.key ORDER BY m.key) FILTER (WHERE m.value IS DISTINCT FROM p.before -> m.key) AS columns,
                    array_agg(m.key) FILTER (WHERE m.value IS NOT DISTINCT FROM p.before -> m.key) AS same
                FROM jsonb_each(p.after) AS m) AS d
            WHERE d.columns IS NOT NULL),
        logged AS MATERIALIZED (
            SELECT nextval('klappa.change_n_seq') AS n,
                c.after - others AS key, (c.after ->> subject_column)::uuid AS subject, c.columns,
                c.before - coalesce(c.same, '{}') AS before, c.after - coalesce(c.same, '{}') AS after
            FROM changed c),
        change AS (
            INSERT INTO klappa.change (transaction, n, kind, key, subject, operation, columns)
            OVERRIDING SYSTEM VALUE
            SELECT this, l.n, TG_TABLE_NAME, l.key, l.subject, 'update', l.columns FROM logged l)
        INSERT INTO klappa.change_value (transaction, n, subject, before, after)
        SELECT this, l.n, l.subject, l.before, l.after FROM logged l;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.log_change() IS
    'Logs the rows of one statement. Arguments: the column that names the subject, columns that are not logged, columns outside the key.';

CREATE FUNCTION klappa.record_changes(
    logged regclass, subject_column text, unlogged text[] DEFAULT '{}'
) RETURNS void
LANGUAGE plpgsql
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    name text := (SELECT relname FROM pg_class WHERE oid = logged);
    others text[] := array(
        SELECT a.attname
        FROM pg_attribute a
        WHERE a.attrelid = logged AND a.attnum > 0 AND NOT a.attisdropped AND a.attnum <> ALL (
            SELECT unnest(c.conkey) FROM pg_constraint c WHERE c.conrelid = logged AND c.contype = 'p'));
    arguments text := format('%L, %L, %L', subject_column,
        unlogged || '{version,created_at,changed_at}'::text[], others);
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION klappa.log_change(%s)',
        name || '_log_insert', logged, arguments);
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION klappa.log_change(%s)',
        name || '_log_update', logged, arguments);
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION klappa.log_change(%s)',
        name || '_log_delete', logged, arguments);
END
$$;
COMMENT ON FUNCTION klappa.record_changes(regclass, text, text[]) IS
    'For migrations: logs every change of a table from now on. Call it again after adding a column to a logged table.';

SELECT klappa.record_changes('klappa.account', '', '{name,email}'),
    klappa.record_changes('klappa.grants', ''),
    klappa.record_changes('klappa.api_key', '', '{hash,last_used_at}'),
    klappa.record_changes('klappa.person', 'id', '{kind,no}'),
    klappa.record_changes('klappa.person_role', 'person'),
    klappa.record_changes('klappa.person_local_region', 'person'),
    klappa.record_changes('klappa.person_language', 'person'),
    klappa.record_changes('klappa.person_certificate', 'person'),
    klappa.record_changes('klappa.production', ''),
    klappa.record_changes('klappa.credit', 'person'),
    klappa.record_changes('klappa.contact_field', 'subject'),
    klappa.record_changes('klappa.link', 'subject'),
    klappa.record_changes('klappa.consent', 'subject'),
    klappa.record_changes('klappa.calendar', 'subject'),
    klappa.record_changes('klappa.block', 'subject'),
    klappa.record_changes('klappa.hold', 'subject'),
    klappa.record_changes('klappa.booking', 'subject');

CREATE FUNCTION klappa.erase(subject uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    PERFORM klappa.lock_subject(erase.subject);
    DELETE FROM klappa.contact_field c WHERE c.subject = erase.subject;
    DELETE FROM klappa.link l WHERE l.subject = erase.subject;
    DELETE FROM klappa.booking b WHERE b.subject = erase.subject;
    DELETE FROM klappa.hold h WHERE h.subject = erase.subject;
    DELETE FROM klappa.block b WHERE b.subject = erase.subject;
    DELETE FROM klappa.calendar c WHERE c.subject = erase.subject;
    DELETE FROM klappa.credit c WHERE c.person = erase.subject;
    UPDATE klappa.person SET state = 'erased', state_reason = NULL, slug = 'erased-' || no, account = NULL, name = '',
        credited_name = NULL, trading_name = NULL, municipality = NULL, exact_point = NULL, travel_radius = NULL,
        headline_sv = NULL, headline_en = NULL, biography_sv = NULL, biography_en = NULL,
        availability_visibility = 'nobody'
    WHERE id = erase.subject;
    DELETE FROM klappa.person_certificate c WHERE c.person = erase.subject;
    DELETE FROM klappa.person_language l WHERE l.person = erase.subject;
    DELETE FROM klappa.person_local_region r WHERE r.person = erase.subject;
    DELETE FROM klappa.person_role r WHERE r.person = erase.subject;
    DELETE FROM klappa.consent c WHERE c.subject = erase.subject;
    -- Last: the statements above were logged too.
    DELETE FROM klappa.change_value v WHERE v.subject = erase.subject;
    RETURN EXISTS (SELECT FROM klappa.person p WHERE p.id = erase.subject);
END
$$;
COMMENT ON FUNCTION klappa.erase(uuid) IS
    'Empties a person''s listing, and what the log remembers of it. The empty row stays, so that counts do; false when there is no such person.';

SELECT klappa.protect('klappa.change_transaction'), klappa.protect('klappa.change'), klappa.protect('klappa.change_value');

CREATE POLICY change_member_read ON klappa.change FOR SELECT TO klappa_member
USING ((SELECT klappa.is_administrator()) OR EXISTS (SELECT FROM klappa.subject s WHERE s.id = change.subject));
CREATE POLICY change_value_member_read ON klappa.change_value FOR SELECT TO klappa_member
USING ((SELECT klappa.is_administrator()) OR EXISTS (SELECT FROM klappa.subject s WHERE s.id = change_value.subject));
CREATE POLICY change_transaction_member_read ON klappa.change_transaction FOR SELECT TO klappa_member
USING ((SELECT klappa.is_administrator())
    OR EXISTS (SELECT FROM klappa.change c WHERE c.transaction = change_transaction.transaction));

GRANT SELECT ON klappa.change_transaction, klappa.change, klappa.change_value TO klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.erase(uuid) TO klappa_worker;

RESET ROLE;
