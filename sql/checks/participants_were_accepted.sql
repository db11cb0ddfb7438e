-- Every participant is selected and was told so; who has left is not selected any more.
SELECT p.id, p.state, s.outcome
FROM klappa.participant p
LEFT JOIN klappa.assessment s ON s.application = p.application
WHERE (p.state <> 'left') <> coalesce(s.outcome = 'selected', false)
    OR NOT EXISTS (SELECT FROM klappa.decision d WHERE d.application = p.application AND d.outcome = 'accepted')
