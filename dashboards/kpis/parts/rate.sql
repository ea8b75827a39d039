SELECT
    n,
    returns,
    if(n = 0, NULL, round(100 * returns / n, 3)) AS rate_percent,
    if(n = 0, NULL, round(100 * greatest(0, (share + 1.9208 / n - 1.96 * sqrt((share * (1 - share) + 0.9604 / n) / n)) / (1 + 3.8416 / n)), 3)) AS low_percent,
    if(n = 0, NULL, round(100 * least(1, (share + 1.9208 / n + 1.96 * sqrt((share * (1 - share) + 0.9604 / n) / n)) / (1 + 3.8416 / n)), 3)) AS high_percent,
    limit_basis_points / 100 AS limit_percent,
    if(n = 0, NULL, round(100 * returns * 10000 / (n * limit_basis_points), 1)) AS used_percent,
    greatest(0, intDiv(n * limit_basis_points, 10000) + 1 - returns) AS returns_until_breach,
    multiIf
    (
        n = 0, 'no_data',
        returns * 10000 > n * limit_basis_points, 'breach',
        returns > 0 AND returns * 1000000 >= n * limit_basis_points * 80, 'warning_80',
        returns > 0 AND returns * 1000000 >= n * limit_basis_points * 60, 'warning_60',
        'ok'
    ) AS state
