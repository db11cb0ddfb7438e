-- Creates what strangers may know of programmes: those that are published, their calls, and how many took part.
-- Kept by triggers in the writer's transaction; whether a call is open now is judged by who reads, with the instants.

SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE klappa_owner;
SET LOCAL search_path = klappa, public;

CREATE TABLE klappa.programme_public (
    id uuid NOT NULL,
    slug text NOT NULL,
    organisation text NOT NULL,
    organisation_email text,
    organisation_url text,
    programme_type text NOT NULL,
    priority text NOT NULL,
    regions text[] NOT NULL,
    name_sv text COLLATE "sv-x-icu" NOT NULL,
    name_en text NOT NULL,
    summary_sv text NOT NULL,
    summary_en text NOT NULL,
    description_sv text NOT NULL,
    description_en text NOT NULL,
    url text,
    starts_on date,
    ends_on date,
    invented boolean NOT NULL,
    typed text NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT programme_public_pkey PRIMARY KEY (id),
    CONSTRAINT programme_public_slug_unique UNIQUE (slug)
);
COMMENT ON TABLE klappa.programme_public IS 'Projection: published programmes, for everyone.';
COMMENT ON COLUMN klappa.programme_public.regions IS 'Codes, in the order of their numbers.';
COMMENT ON COLUMN klappa.programme_public.typed IS 'Folded names, summaries and organisation: what a search looks in.';

CREATE TABLE klappa.call_public (
    id uuid NOT NULL,
    programme uuid NOT NULL,
    state text NOT NULL,
    unlisted boolean NOT NULL,
    title_sv text COLLATE "sv-x-icu" NOT NULL,
    title_en text NOT NULL,
    guidelines_sv text NOT NULL,
    guidelines_en text NOT NULL,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    places integer NOT NULL,
    questions jsonb NOT NULL,
    invented boolean NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT call_public_pkey PRIMARY KEY (id),
    CONSTRAINT call_public_programme_fkey FOREIGN KEY (programme) REFERENCES klappa.programme_public (id) ON DELETE CASCADE
);
CREATE INDEX call_public_programme ON klappa.call_public (programme);
COMMENT ON TABLE klappa.call_public IS 'Projection: calls of published programmes that are no drafts, for everyone.';
COMMENT ON COLUMN klappa.call_public.unlisted IS 'Kept out of every list; whoever has the id may read it.';
COMMENT ON COLUMN klappa.call_public.questions IS '[{"code", "kind", "label", "help", "required", "longest", "least", "most", "choices"}] in order.';

CREATE TABLE klappa.region_participants (
    region smallint NOT NULL,
    participants integer NOT NULL DEFAULT 0,
    CONSTRAINT region_participants_pkey PRIMARY KEY (region)
);
COMMENT ON TABLE klappa.region_participants IS 'Projection: how many people of a region have taken part in programmes, those who left not counted.';

CREATE FUNCTION klappa.question_list(call uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'code', q.code, 'kind', q.kind, 'label', jsonb_build_object('sv', q.label_sv, 'en', q.label_en),
        'help', CASE WHEN q.help_sv IS NOT NULL THEN
            jsonb_build_object('sv', q.help_sv, 'en', coalesce(q.help_en, q.help_sv)) END,
        'required', q.required, 'longest', q.longest, 'least', q.least, 'most', q.most,
        'choices', (SELECT jsonb_agg(jsonb_build_object('code', c -> 'code', 'name',
                jsonb_build_object('sv', c -> 'sv', 'en', c -> 'en')))
            FROM jsonb_array_elements(q.choices) AS c)) ORDER BY q.place), '[]')
    FROM klappa.question q
    WHERE q.call = question_list.call
$$;
COMMENT ON FUNCTION klappa.question_list(uuid) IS 'The form of a call as everyone may read it.';

CREATE FUNCTION klappa.project_call(call uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM klappa.call_public WHERE id = project_call.call;
    INSERT INTO klappa.call_public (id, programme, state, unlisted, title_sv, title_en, guidelines_sv, guidelines_en,
        opens_at, closes_at, places, questions, invented, version)
    SELECT c.id, c.programme, c.state, c.unlisted, c.title_sv, c.title_en, c.guidelines_sv, c.guidelines_en,
        c.opens_at, c.closes_at, c.places, klappa.question_list(c.id), c.invented, c.version
    FROM klappa.call c
    JOIN klappa.programme_public p ON p.id = c.programme
    WHERE c.id = project_call.call AND c.state <> 'draft';
END
$$;
COMMENT ON FUNCTION klappa.project_call(uuid) IS 'Copies a call to its projection, or takes it away.';

CREATE FUNCTION klappa.project_programme(programme uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = klappa, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM klappa.programme_public WHERE id = project_programme.programme;
    INSERT INTO klappa.programme_public (id, slug, organisation, organisation_email, organisation_url, programme_type,
        priority, regions, name_sv, name_en, summary_sv, summary_en, description_sv, description_en, url, starts_on,
        ends_on, invented, typed, version)
    SELECT p.id, p.slug, o.name, o.email, o.url, p.programme_type, p.priority,
        array(SELECT r.code FROM klappa.programme_region x JOIN klappa.region r ON r.no = x.region
            WHERE x.programme = p.id ORDER BY r.no),
        p.name_sv, p.name_en, p.summary_sv, p.summary_en, p.description_sv, p.description_en, p.url, p.starts_on,
        p.ends_on, p.invented,
        klappa.fold(concat_ws(' ', p.name_sv, p.name_en, p.summary_sv, p.summary_en, o.name)), p.version
    FROM klappa.programme p
    JOIN klappa.organisation o ON o.id = p.organisation
    WHERE p.id = project_programme.programme AND p.state = 'published';
    IF FOUND THEN
        PERFORM klappa.project_call(c.id) FROM klappa.call c WHERE c.programme = project_programme.programme;
    END IF;
END
$$;
COMMENT ON FUNCTION klappa.project_programme(uuid) IS 'Copies a programme with its calls to the projections, or takes them away.';

CREATE FUNCTION klappa.keep_programme_public() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    CASE TG_TABLE_NAME
        WHEN 'programme' THEN PERFORM klappa.project_programme(CASE TG_OP WHEN 'DELETE' THEN old.id ELSE new.id END);
        -- Regions and questions are part of the record: they count up its version, and that projects it.
        WHEN 'programme_region' THEN
            UPDATE klappa.programme SET state = state
            WHERE id = CASE TG_OP WHEN 'DELETE' THEN old.programme ELSE new.programme END;
        WHEN 'organisation' THEN
            PERFORM klappa.project_programme(p.id) FROM klappa.programme p WHERE p.organisation = new.id;
        WHEN 'call' THEN PERFORM klappa.project_call(CASE TG_OP WHEN 'DELETE' THEN old.id ELSE new.id END);
        WHEN 'question' THEN
            UPDATE klappa.call SET places = places WHERE id = CASE TG_OP WHEN 'DELETE' THEN old.call ELSE new.call END;
    END CASE;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.keep_programme_public() IS 'Keeps the projections of programmes; they are few and change seldom, so each change copies whole rows.';

CREATE TRIGGER programme_project AFTER INSERT OR UPDATE OR DELETE ON klappa.programme
FOR EACH ROW EXECUTE FUNCTION klappa.keep_programme_public();
CREATE TRIGGER programme_region_project AFTER INSERT OR UPDATE OR DELETE ON klappa.programme_region
FOR EACH ROW EXECUTE FUNCTION klappa.keep_programme_public();
CREATE TRIGGER organisation_project AFTER UPDATE ON klappa.organisation
FOR EACH ROW EXECUTE FUNCTION klappa.keep_programme_public();
CREATE TRIGGER call_project AFTER INSERT OR UPDATE OR DELETE ON klappa.call
FOR EACH ROW EXECUTE FUNCTION klappa.keep_programme_public();
CREATE TRIGGER question_project AFTER INSERT OR UPDATE OR DELETE ON klappa.question
FOR EACH ROW EXECUTE FUNCTION klappa.keep_programme_public();

CREATE FUNCTION klappa.count_participant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = klappa, pg_temp
AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND old.state <> 'left' AND old.region IS NOT NULL THEN
        UPDATE klappa.region_participants SET participants = participants - 1 WHERE region = old.region;
    END IF;
    IF TG_OP <> 'DELETE' AND new.state <> 'left' AND new.region IS NOT NULL THEN
        INSERT INTO klappa.region_participants AS r (region, participants) VALUES (new.region, 1)
        ON CONFLICT (region) DO UPDATE SET participants = r.participants + 1;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION klappa.count_participant() IS 'Counts participants per home region.';

CREATE TRIGGER participant_count AFTER INSERT OR DELETE OR UPDATE OF state, region ON klappa.participant
FOR EACH ROW EXECUTE FUNCTION klappa.count_participant();

GRANT SELECT ON klappa.programme_public, klappa.call_public, klappa.region_participants
TO klappa_public, klappa_member, klappa_worker;

RESET ROLE;
