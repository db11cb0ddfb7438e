-- Nothing is left of an erased person but the row that is counted.
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
    UNION ALL SELECT 'change_value' FROM klappa.change_value x WHERE x.subject = p.id) AS l
WHERE p.state = 'erased'
