-- No subject is booked twice on one day.
SELECT a.subject, a.id AS booking, b.id AS other, a.days * b.days AS shared_days
FROM klappa.booking a
JOIN klappa.booking b ON b.subject = a.subject AND b.id > a.id AND b.days && a.days
WHERE a.state = 'confirmed' AND b.state = 'confirmed'
