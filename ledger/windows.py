"""What an account paid lately: counts, sums, largest payments and hospitals over six spans of event time.

Exact while an account has no more than `EXACT_MAX` payments in the time kept, which is nearly every account. Beyond that the oldest
payments are merged into cells of a minute (within the hour), an hour (within the day) or a day; a cell counts whole as long as its newest
payment is in the window. So a busy account may be counted by one cell too high, never too low, and the value stays below some 250 columns.
"""

from bisect import bisect_right
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
SPANS_MS = (_MINUTE, _HOUR, _DAY, 7 * _DAY, 30 * _DAY, 90 * _DAY)
"""The windows, shortest first: a payment at `t` is in the window of `now` when `now - span < t <= now`."""

KEPT_MS = 97 * _DAY
"""Payments older than this before the newest are forgotten; a week more than the longest window, so that late events see theirs whole."""

EXACT_MAX = 64
"""Most payments held one by one; when more come, the older half is merged."""

HOSPITALS_MAX = 62
"""Most hospitals told apart at once; all others count as one more."""


class Windows(Struct, frozen=True, array_like=True):
    """Columns, oldest first. The first `len(merged_count)` columns are cells, the others single payments."""

    at_ms: tuple[int, ...] = ()
    """when; for a cell, its newest payment"""
    cents: tuple[int, ...] = ()
    """amount; for a cell, the sum"""
    where: tuple[int, ...] = ()
    """set of hospitals as bits, by place in `hospitals`"""
    hospitals: tuple[str, ...] = ()
    merged_since_ms: tuple[int, ...] = ()
    """oldest payment of each cell"""
    merged_count: tuple[int, ...] = ()
    merged_max: tuple[int, ...] = ()


EMPTY = Windows()


class WindowFacts(NamedTuple):
    """The windows at one instant, under the names of `ledger.facts.Facts`."""

    count_1m: int
    count_1h: int
    count_1d: int
    count_7d: int
    count_30d: int
    count_90d: int
    sum_1m_cents: int
    sum_1h_cents: int
    sum_1d_cents: int
    sum_7d_cents: int
    sum_30d_cents: int
    sum_90d_cents: int
    max_1m_cents: int
    max_1h_cents: int
    max_1d_cents: int
    max_7d_cents: int
    max_30d_cents: int
    max_90d_cents: int
    distinct_hospitals_1m: int
    distinct_hospitals_1h: int
    distinct_hospitals_1d: int
    distinct_hospitals_7d: int
    distinct_hospitals_30d: int
    distinct_hospitals_90d: int


def facts(windows: Windows, now_ms: int, amount_cents: int, hospital: str) -> WindowFacts:
    """The windows at `now_ms` with a payment of this amount at this instant counted in, whether or not it will be added.

    Payments later than `now_ms` do not count: an event that comes late is judged by what came before it.
    """
    times, amounts, where, cells = windows.at_ms, windows.cents, windows.where, len(windows.merged_count)
    end = _end(windows, now_ms)
    count, total, most, mask = 1, amount_cents, amount_cents, _bit(windows.hospitals, hospital)
    counts, sums, maxima, distinct = [], [], [], []
    for span_ms in SPANS_MS:
        start = bisect_right(times, now_ms - span_ms, 0, end)
        if start < end:
            between = amounts[start:end]
            count += end - start
            total += sum(between)
            if start < cells:
                count += sum(windows.merged_count[start:end]) - min(end, cells) + start
                between = windows.merged_max[start:end] + amounts[cells:end]
            most = max(most, max(between))
            for bits in set(where[start:end]):
                mask |= bits
            end = start
        counts.append(count)
        sums.append(total)
        maxima.append(most)
        distinct.append(mask.bit_count())
    return WindowFacts(*counts, *sums, *maxima, *distinct)


def add(windows: Windows, at_ms: int, amount_cents: int, hospital: str) -> Windows:
    """The windows with this payment. Times may come in any order; what is older than `KEPT_MS` before the newest is dropped."""
    newest_ms = max(at_ms, windows.at_ms[-1]) if windows.at_ms else at_ms
    if at_ms <= newest_ms - KEPT_MS:
        return windows
    windows = _with_hospital(_pruned(windows, newest_ms - KEPT_MS), hospital)
    if len(windows.at_ms) - len(windows.merged_count) >= EXACT_MAX:
        windows = _merged(windows, newest_ms)
    place = bisect_right(windows.at_ms, at_ms)
    bit = _bit(windows.hospitals, hospital)
    if place < len(windows.merged_count):
        return _into_cell(windows, place, at_ms, amount_cents, bit)
    return Windows(
        (*windows.at_ms[:place], at_ms, *windows.at_ms[place:]),
        (*windows.cents[:place], amount_cents, *windows.cents[place:]),
        (*windows.where[:place], bit, *windows.where[place:]),
        windows.hospitals,
        windows.merged_since_ms,
        windows.merged_count,
        windows.merged_max,
    )


def _end(windows: Windows, now_ms: int) -> int:
    """Number of columns that begin no later than now."""
    end = bisect_right(windows.at_ms, now_ms)
    if end < len(windows.merged_count) and windows.merged_since_ms[end] <= now_ms:
        end += 1
    return end


def _bit(hospitals: tuple[str, ...], hospital: str) -> int:
    if not hospital:
        return 0
    return 1 << (hospitals.index(hospital) if hospital in hospitals else len(hospitals))


def _with_hospital(windows: Windows, hospital: str) -> Windows:
    hospitals = windows.hospitals
    if not hospital or hospital in hospitals:
        return windows
    if len(hospitals) >= HOSPITALS_MAX:
        windows = _without_unused_hospitals(windows)
        if len(windows.hospitals) >= HOSPITALS_MAX:
            return windows
    return replace(windows, hospitals=(*windows.hospitals, hospital))


def _without_unused_hospitals(windows: Windows) -> Windows:
    """Forget hospitals that no payment kept names any more; the bit of "all others" moves along."""
    used = [n for n in range(len(windows.hospitals) + 1) if any(bits >> n & 1 for bits in windows.where)]
    if len(used) >= HOSPITALS_MAX:
        return windows
    where = tuple(sum((bits >> old & 1) << new for new, old in enumerate(used)) for bits in windows.where)
    return replace(windows, hospitals=tuple(windows.hospitals[n] if n < HOSPITALS_MAX else "" for n in used), where=where)


def _pruned(windows: Windows, horizon_ms: int) -> Windows:
    gone = bisect_right(windows.at_ms, horizon_ms)
    if not gone:
        return windows
    return Windows(
        windows.at_ms[gone:],
        windows.cents[gone:],
        windows.where[gone:],
        windows.hospitals if gone < len(windows.at_ms) else (),
        windows.merged_since_ms[gone:],
        windows.merged_count[gone:],
        windows.merged_max[gone:],
    )


def _into_cell(windows: Windows, place: int, at_ms: int, amount_cents: int, bit: int) -> Windows:
    def changed(column: tuple[int, ...], value: int) -> tuple[int, ...]:
        return (*column[:place], value, *column[place + 1 :])

    return replace(
        windows,
        cents=changed(windows.cents, windows.cents[place] + amount_cents),
        where=changed(windows.where, windows.where[place] | bit),
        merged_since_ms=changed(windows.merged_since_ms, min(windows.merged_since_ms[place], at_ms)),
        merged_count=changed(windows.merged_count, windows.merged_count[place] + 1),
        merged_max=changed(windows.merged_max, max(windows.merged_max[place], amount_cents)),
    )


class _Cell(NamedTuple):
    until_ms: int
    cents: int
    where: int
    since_ms: int
    payments: int
    most: int

    def joined(self, later: "_Cell") -> "_Cell":
        return _Cell(
            later.until_ms,
            self.cents + later.cents,
            self.where | later.where,
            min(self.since_ms, later.since_ms),
            self.payments + later.payments,
            max(self.most, later.most),
        )


def _merged(windows: Windows, newest_ms: int) -> Windows:
    """The older half of the single payments becomes cells; older cells become coarser."""
    old, take = len(windows.merged_count), len(windows.merged_count) + EXACT_MAX // 2
    singles = range(old, take)
    since = (*windows.merged_since_ms, *(windows.at_ms[n] for n in singles))
    counts = (*windows.merged_count, *(1 for _ in singles))
    most = (*windows.merged_max, *(windows.cents[n] for n in singles))
    cells: list[_Cell] = []
    last_grid = (0, 0)
    for cell in map(_Cell, windows.at_ms[:take], windows.cents[:take], windows.where[:take], since, counts, most):
        grid = _grid(cell.until_ms, newest_ms)
        if grid == last_grid:
            cells[-1] = cells[-1].joined(cell)
        else:
            cells.append(cell)
        last_grid = grid
    until, cents, where, since, counts, most = (tuple(column) for column in zip(*cells, strict=True))
    return Windows(
        (*until, *windows.at_ms[take:]),
        (*cents, *windows.cents[take:]),
        (*where, *windows.where[take:]),
        windows.hospitals,
        since,
        counts,
        most,
    )


def _grid(at_ms: int, newest_ms: int) -> tuple[int, int]:
    """Width and number of the cell an instant belongs to."""
    age_ms = newest_ms - at_ms
    width_ms = _MINUTE if age_ms < _HOUR else _HOUR if age_ms < _DAY else _DAY
    return width_ms, at_ms // width_ms
