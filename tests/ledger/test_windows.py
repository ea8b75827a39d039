"""Windows of an account: a table of cases, and a naive list as the second opinion."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.facts import Facts
from ledger.windows import EMPTY, EXACT_MAX, HOSPITALS_MAX, KEPT_MS, SPANS_MS, WindowFacts, Windows, add, facts

DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000
NOW = 1_760_000_000_000
Payment = tuple[int, int, str]

# counts by window; sum and largest over 90 days; hospitals of 1 and 90 days
CASES = """
now                  payment hosp | earlier                                                    | 1m 1h 1d 7d 30d 90d | sum    | max    | h
2026-03-10T12:00:00  100.00  H1   | -                                                          | 1  1  1  1  1   1   | 100.00 | 100.00 | 1 1
2026-03-10T12:00:00  100.00  H1   | 2026-03-10T11:59:30 50.00 H1                               | 2  2  2  2  2   2   | 150.00 | 100.00 | 1 1
2026-03-10T12:00:00   10.00  H1   | 2026-03-10T11:59:00 50.00 H1                               | 1  2  2  2  2   2   |  60.00 |  50.00 | 1 1
2026-03-10T12:00:00   10.00  H2   | 2026-03-09T13:00:00 70.00 H1, 2026-03-04T12:00:00 30.00 H3 | 1  1  2  3  3   3   | 110.00 |  70.00 | 2 3
2026-03-10T12:00:00   10.00  H2   | 2026-02-08T12:00:00 70.00 H1, 2025-12-10T12:00:01 30.00 H3 | 1  1  1  1  1   3   | 110.00 |  70.00 | 1 3
2026-03-10T12:00:00   10.00  H2   | 2025-12-10T12:00:00 70.00 H1                               | 1  1  1  1  1   1   |  10.00 |  10.00 | 1 1
2026-03-10T12:00:00   10.00  H1   | 2026-03-10T12:00:00 10.00 H1, 2026-03-10T12:00:01 99.00 H2 | 2  2  2  2  2   2   |  20.00 |  10.00 | 1 1
"""


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text + "+00:00").timestamp()) * 1000


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_windows_of_the_table(case: str) -> None:
    payment, earlier, counts, total, largest, hospitals = (cell.split() for cell in case.split("|"))
    windows = EMPTY
    rows = [] if earlier == ["-"] else " ".join(earlier).split(", ")
    for at, amount, hospital in (row.split() for row in rows):
        windows = add(windows, _ms(at), _cents(amount), hospital)
    found = facts(windows, _ms(payment[0]), _cents(payment[1]), payment[2])
    assert [str(count) for count in found[:6]] == counts
    assert found.sum_90d_cents == _cents(total[0])
    assert found.max_90d_cents == _cents(largest[0])
    assert [str(found.distinct_hospitals_1d), str(found.distinct_hospitals_90d)] == hospitals


def _naive(payments: Iterable[Payment], now_ms: int, cents: int, hospital: str) -> WindowFacts:
    spans = []
    for span in SPANS_MS:
        inside = [p for p in payments if now_ms - span < p[0] <= now_ms] + [(now_ms, cents, hospital)]
        spans.append((len(inside), sum(p[1] for p in inside), max(p[1] for p in inside), len({p[2] for p in inside if p[2]})))
    return WindowFacts(*(row[column] for column in range(4) for row in spans))


def _all(payments: Iterable[Payment]) -> Windows:
    windows = EMPTY
    for payment in payments:
        windows = add(windows, *payment)
    return windows


_AGES = st.one_of(st.integers(0, 2 * MINUTE), st.integers(0, 2 * HOUR), st.integers(0, 2 * DAY), st.integers(0, 91 * DAY))
_PAYMENTS = st.tuples(_AGES.map(lambda age: NOW - age), st.integers(1, 5_000_000), st.sampled_from(["H1", "H2", "H3", ""]))


@given(st.lists(_PAYMENTS, max_size=EXACT_MAX), st.integers(0, 6 * DAY))
@settings(max_examples=200, deadline=None)
def test_up_to_the_limit_windows_are_exact_in_any_order_and_for_late_events(payments: list[Payment], late_ms: int) -> None:
    windows = _all(payments)
    now_ms = NOW - late_ms
    assert facts(windows, now_ms, 77, "H9") == _naive(payments, now_ms, 77, "H9")
    assert facts(_all(sorted(payments)), now_ms, 77, "H9") == facts(windows, now_ms, 77, "H9")


@given(st.lists(_PAYMENTS, min_size=EXACT_MAX + 1, max_size=300))
@settings(max_examples=40, deadline=None)
def test_beyond_the_limit_windows_never_count_too_low(payments: list[Payment]) -> None:
    found, true = facts(_all(payments), NOW, 77, "H9"), _naive(payments, NOW, 77, "H9")
    assert all(mine >= exact for mine, exact in zip(found, true, strict=True))
    assert found.count_90d <= len(payments) + 1


def test_a_busy_account_in_order_is_too_high_by_less_than_one_cell() -> None:
    payments = [(NOW - 40 * DAY + n * 10 * MINUTE, 100, "H1") for n in range(40 * 144)]
    windows = _all(payments)
    found, true = facts(windows, NOW, 100, "H1"), _naive(payments, NOW, 100, "H1")
    assert found[:2] == true[:2]
    assert true.count_1d <= found.count_1d <= true.count_1d + 6
    assert true.count_7d <= found.count_7d <= true.count_7d + 144
    assert true.count_30d <= found.count_30d <= true.count_30d + 144
    assert found.count_90d == true.count_90d == 40 * 144 + 1
    assert len(windows.at_ms) < 40 + 24 + 60 + EXACT_MAX


def test_memory_is_bounded_whatever_the_pace() -> None:
    windows, widest, at_ms = EMPTY, 0, NOW
    for n in range(20_000):
        at_ms += (1, 500, 40_000, 900_000)[n * 4 // 20_000]
        windows = add(windows, at_ms, 100, "H1")
        widest = max(widest, len(windows.at_ms))
    assert widest <= 98 + 25 + 61 + EXACT_MAX


def test_hospitals_are_told_apart_up_to_their_limit_and_forgotten_when_unused() -> None:
    windows = _all((NOW + n, 1, f"H{n}") for n in range(HOSPITALS_MAX + 1))
    assert facts(windows, NOW + HOUR, 1, "H0").distinct_hospitals_90d == HOSPITALS_MAX + 1
    assert facts(windows, NOW + HOUR, 1, "another").distinct_hospitals_90d == HOSPITALS_MAX + 1
    later = NOW + KEPT_MS + 40
    windows = add(add(windows, later, 1, "H62"), later, 1, "fresh")
    assert facts(windows, later, 1, "fresh").distinct_hospitals_1d == 2
    assert len(windows.hospitals) <= HOSPITALS_MAX


def test_payments_older_than_what_is_kept_are_dropped() -> None:
    windows = add(EMPTY, NOW, 1, "H1")
    assert add(windows, NOW - KEPT_MS, 5, "H1") == windows
    assert add(windows, NOW + KEPT_MS, 5, "H1").at_ms == (NOW + KEPT_MS,)


def test_windows_survive_the_wire() -> None:
    windows = _all((NOW + n * HOUR, n, f"H{n % 3}") for n in range(100))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(windows), type=Windows) == windows


def test_every_window_is_a_fact() -> None:
    assert set(WindowFacts._fields) <= set(Facts.__struct_fields__)
