-- Lets offices read who changed what in a plan, and region administrators say how their region is reached.
-- Both cross tables that members may not read or write themselves, hence functions that ask for the right.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE FUNCTION klappa.plan_history(of_region smallint, most integer)
RETURNS TABLE (at timestamptz, who text, kind text, operation text, columns text[], row_id uuid, title text, commitment text,
    before jsonb, after jsonb)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT t.at, a.name, c.kind, c.operation, c.columns, (c.key ->> 'id')::uuid,
        coalesce(v.after ->> 'title_sv', v.before ->> 'title_sv', g.title_sv, x.title_sv),
        coalesce(v.after ->> 'commitment', v.before ->> 'commitment', e.commitment, x.commitment),
        v.before, v.after
    FROM klappa.change c
    JOIN klappa.change_transaction t USING (transaction)
    LEFT JOIN klappa.change_value v USING (transaction, n)
    LEFT JOIN klappa.account a ON a.id = t.account
    LEFT JOIN klappa.region_goal g ON c.kind = 'region_goal' AND g.id = (c.key ->> 'id')::uuid
    LEFT JOIN klappa.region_action x ON c.kind = 'region_action' AND x.id = (c.key ->> 'id')::uuid
    LEFT JOIN klappa.region_evidence e ON c.kind = 'region_evidence' AND e.id = (c.key ->> 'id')::uuid
    WHERE c.kind IN ('region_level', 'region_evidence', 'region_goal', 'region_action')
        AND c.key ->> 'region' = of_region::text
        AND of_region = ANY (klappa.my_offices())
    ORDER BY c.transaction DESC, c.n DESC
    LIMIT least(most, 1000)
$$;
COMMENT ON FUNCTION klappa.plan_history(smallint, integer) IS
    'What was changed in a region''s plan, latest first, by whom; no row for who does not work in the region''s office.';

SELECT klappa.record_changes('klappa.region', '', '{centre,box,outline}');

CREATE FUNCTION klappa.set_region_contact(
    of_region smallint, known_version bigint, liaison text, email text, phone text, url text, text_sv text, text_en text
) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
DECLARE
    now_at bigint;
BEGIN
    IF NOT of_region = ANY (klappa.my_plans()) THEN
        RAISE EXCEPTION 'only the region''s administrators may say how it is reached'
            USING ERRCODE = 'insufficient_privilege', SCHEMA = 'klappa', TABLE = 'region';
    END IF;
    UPDATE klappa.region r
    SET liaison = set_region_contact.liaison, contact_email = set_region_contact.email,
        contact_phone = set_region_contact.phone, contact_url = set_region_contact.url,
        contact_sv = set_region_contact.text_sv, contact_en = set_region_contact.text_en
    WHERE r.no = of_region AND r.version = known_version
    RETURNING r.version INTO now_at;
    RETURN now_at;
END
$$;
COMMENT ON FUNCTION klappa.set_region_contact(smallint, bigint, text, text, text, text, text, text) IS
    'Says whom producers turn to in a region (RC-02); NULL when the row no longer has the version. Logged.';

GRANT EXECUTE ON FUNCTION klappa.plan_history(smallint, integer),
    klappa.set_region_contact(smallint, bigint, text, text, text, text, text, text)
TO klappa_member;

RESET ROLE;
