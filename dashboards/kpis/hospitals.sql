-- title: Hospitals
-- definition: Hospitals that have ever had a payment, a balance or a deposit.
-- unit: hospitals
-- grain: one row for each hospital
-- trap: It does not depend on the period.
SELECT DISTINCT hospital_id FROM
(
    SELECT hospital_id FROM payment_events WHERE kind = 'initiated'
    UNION DISTINCT SELECT hospital_id FROM balance_items
    UNION DISTINCT SELECT hospital_id FROM deposits
)
WHERE hospital_id != ''
ORDER BY hospital_id
