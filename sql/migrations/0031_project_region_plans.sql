-- Creates the public form of each region's plan, kept in the writer's transaction.
-- Strangers read only this: chosen levels, the level reached, approved evidence, goals, and actions that are public.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.region_plan_public (
    region smallint NOT NULL,
    version bigint NOT NULL,
    reached smallint NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT region_plan_public_pkey PRIMARY KEY (region)
);
COMMENT ON TABLE klappa.region_plan_public IS 'Projection: what anyone may read of a region''s plan, as the API tells it.';
COMMENT ON COLUMN klappa.region_plan_public.version IS
    'The one version of a plan with everything that belongs to it, also what is not public: writers compare it.';

CREATE FUNCTION klappa.both(sv text, en text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN sv IS NOT NULL OR en IS NOT NULL THEN jsonb_build_object('sv', sv, 'en', en) END $$;
COMMENT ON FUNCTION klappa.both(text, text) IS 'A text in both languages as JSON; NULL when there is none.';

CREATE FUNCTION klappa.plan_document(of_region smallint, office boolean) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = klappa, public, pg_temp
AS $$
    SELECT jsonb_build_object(
        'region', r.code,
        'reached', klappa.level_reached(r.no),
        'levels', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', l.id, 'level', l.level, 'from', l.first_day, 'to', l.last_day, 'decidedOn', l.decided_on,
                'decision', l.decision, 'note', klappa.both(l.note_sv, l.note_en), 'invented', l.invented,
                'version', l.version) ORDER BY l.first_day), '[]')
            FROM klappa.region_level l
            WHERE l.region = r.no),
        'missing', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('level', m.level, 'commitments', m.codes) ORDER BY m.level), '[]')
            FROM (
                SELECT c.level, jsonb_agg(c.code ORDER BY w.n) AS codes
                FROM unnest(klappa.missing_commitments(r.no, 3::smallint)) WITH ORDINALITY AS w (code, n)
                JOIN klappa.strategy_commitment c USING (code)
                GROUP BY c.level) AS m),
        'evidence', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', e.id, 'commitment', e.commitment, 'state', e.state, 'reason', e.state_reason,
                'text', klappa.both(e.text_sv, e.text_en), 'url', e.url, 'value', e.value, 'measuredOn', e.measured_on,
                'approvedOn', (e.approved_at AT TIME ZONE 'Europe/Stockholm')::date, 'invented', e.invented,
                'version', e.version) ORDER BY c.level, p.no, c.sort_order, c.code, e.created_at, e.id), '[]')
            FROM klappa.region_evidence e
            JOIN klappa.strategy_commitment c ON c.code = e.commitment
            JOIN klappa.strategy_priority p ON p.code = c.priority
            WHERE e.region = r.no AND (office OR e.state = 'approved')),
        'goals', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', g.id, 'priority', g.priority, 'title', klappa.both(g.title_sv, g.title_en),
                'target', klappa.both(g.target_sv, g.target_en), 'source', g.source, 'invented', g.invented,
                'version', g.version) ORDER BY p.no, g.sort_order, g.created_at, g.id), '[]')
            FROM klappa.region_goal g
            JOIN klappa.strategy_priority p ON p.code = g.priority
            WHERE g.region = r.no),
        'actions', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', a.id, 'priority', a.priority, 'commitment', a.commitment, 'goal', a.goal,
                'title', klappa.both(a.title_sv, a.title_en), 'text', klappa.both(a.text_sv, a.text_en), 'state', a.state,
                'responsible', a.responsible, 'from', a.first_day, 'to', a.last_day,
                'result', klappa.both(a.result_sv, a.result_en), 'public', a.public, 'invented', a.invented,
                'version', a.version) ORDER BY p.no, a.sort_order, a.first_day, a.id), '[]')
            FROM klappa.region_action a
            JOIN klappa.strategy_priority p ON p.code = a.priority
            WHERE a.region = r.no AND (office OR a.public)))
    FROM klappa.region r
    WHERE r.no = of_region
$$;
COMMENT ON FUNCTION klappa.plan_document(smallint, boolean) IS
    'A region''s plan as JSON: with office everything that the caller''s rights let it see, otherwise what is public.';

CREATE FUNCTION klappa.project_plan(of_region smallint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    PERFORM klappa.lock_plan(of_region);
    INSERT INTO klappa.region_plan_public AS t (region, version, reached, body)
    SELECT of_region, 1, (d.body ->> 'reached')::smallint, d.body
    FROM (SELECT klappa.plan_document(of_region, false) AS body) AS d
    WHERE d.body IS NOT NULL
    ON CONFLICT (region) DO UPDATE
    SET version = t.version + 1,
        reached = excluded.reached,
        body = excluded.body;
END
$$;
COMMENT ON FUNCTION klappa.project_plan(smallint) IS 'Writes a region''s public plan anew and counts up its version.';

CREATE FUNCTION klappa.project_plans() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM klappa.project_plan(x.region) FROM (SELECT DISTINCT region FROM new_rows ORDER BY region) AS x;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM klappa.project_plan(x.region) FROM (SELECT DISTINCT region FROM old_rows ORDER BY region) AS x;
    ELSE
        PERFORM klappa.project_plan(x.region)
        FROM (SELECT region FROM old_rows UNION SELECT region FROM new_rows ORDER BY region) AS x;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.project_plans() IS 'Projects the plans whose rows a statement wrote.';

CREATE FUNCTION klappa.project_all_plans() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
BEGIN
    PERFORM klappa.project_plan(x.no) FROM (SELECT no FROM klappa.region ORDER BY no) AS x;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.project_all_plans() IS 'Projects every plan: what is missing hangs on the commitments, which are common.';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['region_level', 'region_evidence', 'region_goal', 'region_action'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON klappa.%I REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION klappa.project_plans()',
            name || '_project_insert', name);
        EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON klappa.%I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION klappa.project_plans()',
            name || '_project_update', name);
        EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON klappa.%I REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION klappa.project_plans()',
            name || '_project_delete', name);
    END LOOP;
END
$$;
CREATE TRIGGER strategy_commitment_project AFTER INSERT OR UPDATE OR DELETE ON klappa.strategy_commitment
FOR EACH STATEMENT EXECUTE FUNCTION klappa.project_all_plans();
CREATE TRIGGER region_project_plan AFTER INSERT OR UPDATE OF code ON klappa.region
FOR EACH STATEMENT EXECUTE FUNCTION klappa.project_all_plans();
SELECT klappa.project_plan(no) FROM klappa.region ORDER BY no;

GRANT SELECT ON klappa.region_plan_public TO klappa_public, klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.both(text, text), klappa.plan_document(smallint, boolean) TO klappa_member, klappa_worker;
GRANT EXECUTE ON FUNCTION klappa.lock_plan(smallint) TO klappa_member;

RESET ROLE;
