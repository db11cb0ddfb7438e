-- Every submitted application is assessed, no draft is, and what was taken back takes part no more.
SELECT a.id, a.state, s.eligibility
FROM klappa.application a
LEFT JOIN klappa.assessment s ON s.application = a.id
WHERE (a.state = 'draft') <> (s.application IS NULL)
    OR (a.state = 'withdrawn') <> coalesce(s.eligibility = 'withdrawn', false)
