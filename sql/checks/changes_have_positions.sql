-- Every committed transaction of the log has its position, and every entry of the log its transaction.
SELECT t.transaction, 'no position' AS fault
FROM klappa.change_transaction t
WHERE t.position IS NULL
UNION ALL
SELECT c.transaction, 'no such transaction'
FROM klappa.change c
WHERE NOT EXISTS (SELECT FROM klappa.change_transaction t WHERE t.transaction = c.transaction)
UNION ALL
SELECT v.transaction, 'value without entry'
FROM klappa.change_value v
WHERE NOT EXISTS (SELECT FROM klappa.change c WHERE c.transaction = v.transaction AND c.n = v.n)
