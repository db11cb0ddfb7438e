-- Nothing is left of an erased account but the row to which the log refers.
SELECT a.id, x.what
FROM klappa.account a
CROSS JOIN LATERAL (
    SELECT 'account' AS what WHERE a.name <> '–' OR a.email IS NOT NULL OR a.state <> 'closed'
    UNION ALL SELECT 'grants' FROM klappa.grants x WHERE x.account = a.id
    UNION ALL SELECT 'session' FROM klappa.session x WHERE x.account = a.id
    UNION ALL SELECT 'api_key' FROM klappa.api_key x WHERE x.account = a.id
    UNION ALL SELECT 'api_key made' FROM klappa.api_key x WHERE x.made_by = a.id
    UNION ALL SELECT 'openid_identity' FROM klappa.openid_identity x WHERE x.account = a.id
    UNION ALL SELECT 'searcher_request' FROM klappa.searcher_request x WHERE x.account = a.id
    UNION ALL SELECT 'shortlist' FROM klappa.shortlist x WHERE x.account = a.id
    UNION ALL SELECT 'claim' FROM klappa.claim x WHERE x.account = a.id
    UNION ALL SELECT 'idempotency' FROM klappa.idempotency x WHERE x.account = a.id
    UNION ALL SELECT 'person' FROM klappa.person x WHERE x.account = a.id
    UNION ALL SELECT 'company' FROM klappa.company x WHERE x.account = a.id
    UNION ALL SELECT 'location' FROM klappa.location x WHERE x.account = a.id
    UNION ALL SELECT 'application' FROM klappa.application x WHERE x.account = a.id
    UNION ALL SELECT 'participant' FROM klappa.participant x WHERE x.account = a.id) AS x
WHERE a.erased_at IS NOT NULL
