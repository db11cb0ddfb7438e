-- Strangers read published programmes and calls as they are today, and nothing of any other.
SELECT 'programme' AS kind, coalesce(p.id, v.id) AS id
FROM (SELECT * FROM klappa.programme WHERE state = 'published') AS p
FULL JOIN klappa.programme_public v ON v.id = p.id
WHERE (p.slug, p.name_sv, p.name_en, p.summary_sv, p.summary_en, p.description_sv, p.description_en, p.url,
        p.programme_type, p.priority, p.version, p.invented)
    IS DISTINCT FROM (v.slug, v.name_sv, v.name_en, v.summary_sv, v.summary_en, v.description_sv, v.description_en,
        v.url, v.programme_type, v.priority, v.version, v.invented)
    OR v.regions <> array(SELECT r.code FROM klappa.programme_region x JOIN klappa.region r ON r.no = x.region
        WHERE x.programme = p.id ORDER BY r.no)
UNION ALL
SELECT 'call', coalesce(c.id, v.id)
FROM (
    SELECT c.* FROM klappa.call c JOIN klappa.programme p ON p.id = c.programme
    WHERE c.state <> 'draft' AND p.state = 'published') AS c
FULL JOIN klappa.call_public v ON v.id = c.id
WHERE (c.state, c.unlisted, c.title_sv, c.title_en, c.guidelines_sv, c.guidelines_en, c.opens_at, c.closes_at,
        c.places, c.version)
    IS DISTINCT FROM (v.state, v.unlisted, v.title_sv, v.title_en, v.guidelines_sv, v.guidelines_en, v.opens_at,
        v.closes_at, v.places, v.version)
    OR v.questions <> klappa.question_list(c.id)
UNION ALL
SELECT 'participants of region ' || coalesce(f.region, n.region), NULL
FROM klappa.region_participants f
FULL JOIN (
    SELECT region, count(*) AS participants FROM klappa.participant
    WHERE state <> 'left' AND region IS NOT NULL GROUP BY region) AS n ON n.region = f.region
WHERE coalesce(f.participants, 0) <> coalesce(n.participants, 0)
