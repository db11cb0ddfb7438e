-- The offices of a case are the one that leads it, those that led it before and the one it is offered to.
SELECT i.number, i.offices, klappa.offices_of_inquiry(i.id) AS expected
FROM klappa.inquiry i
WHERE NOT (i.offices @> klappa.offices_of_inquiry(i.id) AND i.offices <@ klappa.offices_of_inquiry(i.id))
