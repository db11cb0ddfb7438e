-- Nothing is left of an erased person, location, company or application but the row that is counted.
SELECT p.id, l.what
FROM klappa.person p
CROSS JOIN LATERAL (
    SELECT 'listing' AS what
    WHERE num_nonnulls(p.account, p.credited_name, p.trading_name, p.municipality, p.exact_point, p.public_point,
        p.headline_sv, p.headline_en, p.biography_sv, p.biography_en) > 0 OR p.name <> ''
    UNION ALL SELECT 'contact_field' FROM klappa.contact_field x WHERE x.subject = p.id
    UNION ALL SELECT 'link' FROM klappa.link x WHERE x.subject = p.id
    UNION ALL SELECT 'credit' FROM klappa.credit x WHERE x.person = p.id
    UNION ALL SELECT 'block' FROM klappa.block x WHERE x.subject = p.id
    UNION ALL SELECT 'claim' FROM klappa.claim x WHERE x.person = p.id
    UNION ALL SELECT 'change_value' FROM klappa.change_value x WHERE x.subject = p.id) AS l
WHERE p.state = 'erased'
UNION ALL
SELECT l.id, x.what
FROM klappa.location l
CROSS JOIN LATERAL (
    SELECT 'location' AS what
    WHERE num_nonnulls(l.account, l.company, l.alias, l.address, l.exact_point, l.owner_name, l.headline_sv, l.headline_en,
        l.description_sv, l.description_en) > 0 OR l.name <> ''
    UNION ALL SELECT 'contact_field' FROM klappa.contact_field x WHERE x.subject = l.id
    UNION ALL SELECT 'photo' FROM klappa.photo x WHERE x.subject = l.id
    UNION ALL SELECT 'change_value' FROM klappa.change_value x WHERE x.subject = l.id) AS x
WHERE l.state = 'erased'
UNION ALL
SELECT c.id, x.what
FROM klappa.company c
CROSS JOIN LATERAL (
    SELECT 'company' AS what
    WHERE num_nonnulls(c.account, c.alias, c.headline_sv, c.headline_en, c.description_sv, c.description_en) > 0
        OR c.name <> ''
    UNION ALL SELECT 'contact_field' FROM klappa.contact_field x WHERE x.subject = c.id
    UNION ALL SELECT 'photo' FROM klappa.photo x WHERE x.subject = c.id
    UNION ALL SELECT 'change_value' FROM klappa.change_value x WHERE x.subject = c.id) AS x
WHERE c.state = 'erased'
UNION ALL
SELECT a.id, x.what
FROM klappa.application a
CROSS JOIN LATERAL (
    SELECT 'participant' AS what FROM klappa.participant p
    WHERE p.application = a.id AND (num_nonnulls(p.account, p.phone, p.region, p.person) > 0 OR p.name <> '–')
    UNION ALL SELECT 'answer_file' FROM klappa.answer_file x WHERE x.application = a.id
    UNION ALL SELECT 'decision' FROM klappa.decision x WHERE x.application = a.id AND x.body <> '–'
    UNION ALL SELECT 'assessment' FROM klappa.assessment x WHERE x.application = a.id AND x.note IS NOT NULL
    UNION ALL SELECT 'change_value' FROM klappa.change_value x WHERE x.subject = a.id) AS x
WHERE a.erased_at IS NOT NULL
