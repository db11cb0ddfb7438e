-- Creates the outbox, for what must be sent, and the store of answers to requests that carry an idempotency key.
-- Both are written in the transaction of the change that causes them, so that a crash neither loses nor doubles it.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.idempotency (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    account uuid,
    operation text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint,
    header jsonb,
    body bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
    CONSTRAINT idempotency_pkey PRIMARY KEY (id),
    CONSTRAINT idempotency_once UNIQUE NULLS NOT DISTINCT (account, operation, key),
    CONSTRAINT idempotency_key_length CHECK (char_length(key) BETWEEN 1 AND 255),
    CONSTRAINT idempotency_request_hash_sha256 CHECK (octet_length(request_hash) = 32),
    CONSTRAINT idempotency_status_range CHECK (status BETWEEN 100 AND 599)
);
CREATE INDEX idempotency_expires_at ON klappa.idempotency (expires_at);
ALTER TABLE klappa.idempotency ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN header SET STATISTICS 0,
    ALTER COLUMN key SET STATISTICS 0;
COMMENT ON TABLE klappa.idempotency IS 'Base: answers to creating requests, kept for a day and given again to a repeat.';
COMMENT ON COLUMN klappa.idempotency.account IS 'Whose key it is; NULL for requests of strangers.';
COMMENT ON COLUMN klappa.idempotency.request_hash IS 'SHA-256 of the request: another body under the same key is a mistake.';
COMMENT ON COLUMN klappa.idempotency.status IS 'NULL while the first request is still being answered.';

CREATE TABLE klappa.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    kind text NOT NULL,
    subject uuid,
    payload jsonb NOT NULL,
    due timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    done_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outbox_pkey PRIMARY KEY (id),
    CONSTRAINT outbox_attempts_positive CHECK (attempts >= 0)
);
CREATE INDEX outbox_waiting ON klappa.outbox (due) WHERE done_at IS NULL;
CREATE INDEX outbox_subject ON klappa.outbox (subject) WHERE subject IS NOT NULL;
ALTER TABLE klappa.outbox ALTER COLUMN payload SET STATISTICS 0, ALTER COLUMN last_error SET STATISTICS 0;
COMMENT ON TABLE klappa.outbox IS 'Base: letters and calls to be sent at least once; leased, sent, marked done.';
COMMENT ON COLUMN klappa.outbox.subject IS 'Whom it is about, so that erasure finds it.';

CREATE FUNCTION klappa.lease_outbox(how_many integer DEFAULT 20, span interval DEFAULT '2 minutes')
RETURNS SETOF klappa.outbox
LANGUAGE sql VOLATILE
SET search_path = klappa, pg_temp
AS $$
    UPDATE klappa.outbox SET lease_until = now() + span, attempts = attempts + 1
    WHERE id = ANY (ARRAY(
        SELECT id FROM klappa.outbox
        WHERE done_at IS NULL AND due <= now() AND (lease_until IS NULL OR lease_until < now())
        ORDER BY due, id
        LIMIT how_many
        FOR UPDATE SKIP LOCKED))
    RETURNING id, kind, subject, payload, due, lease_until, attempts, last_error, done_at, created_at
$$;
COMMENT ON FUNCTION klappa.lease_outbox(integer, interval) IS
    'Takes what is due, for a while. Commit before sending: no lock is held meanwhile, and a worker that dies loses its lease.';

SELECT klappa.protect('klappa.idempotency'), klappa.protect('klappa.outbox');

CREATE POLICY idempotency_member ON klappa.idempotency TO klappa_member
USING (account IS NOT DISTINCT FROM (SELECT klappa.reader()));
CREATE POLICY outbox_member_add ON klappa.outbox FOR INSERT TO klappa_member WITH CHECK (done_at IS NULL);

GRANT SELECT, INSERT, UPDATE (status, header, body) ON klappa.idempotency TO klappa_member;
GRANT SELECT, DELETE ON klappa.idempotency TO klappa_worker;
GRANT INSERT (kind, subject, payload, due) ON klappa.outbox TO klappa_member;
GRANT SELECT, INSERT, UPDATE, DELETE ON klappa.outbox TO klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.lease_outbox(integer, interval) TO klappa_worker;

RESET ROLE;
