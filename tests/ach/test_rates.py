"""Return rates, thresholds and how many returns are left."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ach.rates import DayCounts, Kind, Level, add_debits, add_return, debits_to_recover, rates

TODAY = date(2026, 11, 23)

CASES = """
debits  unauthorized  administrative  returned   unauth level  left   admin level  left   overall level  left
     0       0              0            0       ok             1     ok            1     ok              1
  1000       0              0            0       ok             6     ok           31     ok            151
  1000       2              0            2       ok             4     ok           31     ok            149
  1000       3              0            3       warning_60     3     ok           31     ok            148
  1000       4              0            4       warning_80     2     ok           31     ok            147
  1000       5              0            5       warning_80     1     ok           31     ok            146
  1000       6              0            6       breach         0     ok           31     ok            145
  1000       0             18           18       ok             6     warning_60   13     ok            133
  1000       0             24           24       ok             6     warning_80    7     ok            127
  1000       0             31          120       ok             6     breach        0     warning_80     31
  1000       0              0          150       ok             6     ok           31     warning_80      1
  1000       0              0          151       ok             6     ok           31     breach          0
     1       1              0            1       breach         0     ok            1     breach          0
"""


@pytest.mark.parametrize("row", CASES.strip().splitlines()[1:])
def test_levels_and_what_is_left(row: str) -> None:
    debits, unauthorized, administrative, returned, *expected = row.split()
    day = DayCounts(TODAY, int(debits), int(unauthorized), int(administrative), int(returned))
    found = rates([day], TODAY)
    assert [part for rate in found.values() for part in (rate.level.value, str(rate.returns_until_breach))] == expected


def test_only_sixty_days_of_origination_count() -> None:
    days = [DayCounts(TODAY - timedelta(days=back), 10, 1, 1, 2) for back in range(-3, 100)]
    found = rates(days, TODAY)
    assert found[Kind.UNAUTHORIZED].debits == 600
    assert found[Kind.OVERALL].returns == 120
    assert found[Kind.OVERALL].basis_points == 2000


def test_codes_count_where_nacha_counts_them() -> None:
    day = add_debits(DayCounts(TODAY), 100)
    for code in ("R01", "R02", "R03", "R10", "R11", "R29", "R16"):
        day = add_return(day, code)
    assert (day.unauthorized, day.administrative, day.returned) == (3, 2, 7)
    assert add_return(day, "R11", r11_counts_as_unauthorized=False).unauthorized == 3


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_next_return_too_many_is_the_breach(debits: int, returns: int) -> None:
    def overall(count: int) -> Level:
        return rates([DayCounts(TODAY, debits, returned=count)], TODAY)[Kind.OVERALL].level

    rate = rates([DayCounts(TODAY, debits, returned=returns)], TODAY)[Kind.OVERALL]
    if rate.level is Level.BREACH:
        assert rate.returns_until_breach == 0
        more = debits_to_recover(rate)
        assert rates([DayCounts(TODAY, debits + more, returned=returns)], TODAY)[Kind.OVERALL].level is not Level.BREACH
        fewer = DayCounts(TODAY, debits + more - 1, returned=returns)
        assert rates([fewer], TODAY)[Kind.OVERALL].level is Level.BREACH
    else:
        assert debits_to_recover(rate) == 0
        assert overall(returns + rate.returns_until_breach) is Level.BREACH
        assert overall(returns + rate.returns_until_breach - 1) is not Level.BREACH
