-- title: Return codes by week
-- definition: Returned debit entries by return code and by the week in which they came back.
-- unit: returns
-- grain: one row for each code and week
-- trap: Weeks are those of the return, not of the origination.
SELECT code, toMonday(returned_on) AS week, count() AS returns, sum(amount_cents) AS returned_cents
FROM (@debits)
WHERE came_back
GROUP BY code, week
ORDER BY code, week
