-- Every set of days in a calendar is a real one: not empty, not unbounded.
SELECT 'block' AS kind, id, subject FROM klappa.block WHERE klappa.is_days(days) IS NOT true
UNION ALL
SELECT 'hold', id, subject FROM klappa.hold WHERE klappa.is_days(days) IS NOT true
UNION ALL
SELECT 'booking', id, subject FROM klappa.booking WHERE klappa.is_days(days) IS NOT true
