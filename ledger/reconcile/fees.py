"""Fees that nobody declared: a schedule (so much and so many basis points) that explains many differences to the cent."""

from collections import Counter
from collections.abc import Iterable, Sequence

from ledger.matching.terms import Fee

SAMPLE_MAX = 400
NEIGHBOURS = 12
"""each difference is combined with so many others to guess a schedule"""
SUPPORT_MIN = 5
"""a schedule must explain at least so many differences"""
SUPPORT_SHARE = 10
"""and at least one in so many"""
BASIS_POINTS_MAX = 1_000
FLAT_MAX = 5_000
"""no fee above 10 % or, beside the share, above 50.00"""
SCHEDULES_MAX = 3


def learn(differences: Iterable[tuple[int, int]]) -> tuple[Fee, ...]:
    """The schedules behind (gross, fee) pairs in cents, at most three, best first. Pairs without a fee are left out."""
    left = [(gross, fee) for gross, fee in differences if 0 < fee < gross]
    wanted = max(SUPPORT_MIN, len(left) // SUPPORT_SHARE)
    found: list[Fee] = []
    while len(left) >= SUPPORT_MIN and len(found) < SCHEDULES_MAX:
        best = _best(left[:SAMPLE_MAX])
        if best is None:
            break
        explained = [pair for pair in left if best.of(pair[0]) == pair[1]]
        if len(explained) < wanted or len({gross for gross, _ in explained}) < SUPPORT_MIN:
            break
        found.append(best)
        left = [pair for pair in left if best.of(pair[0]) != pair[1]]
    return tuple(found)


def _best(pairs: Sequence[tuple[int, int]]) -> Fee | None:
    """The schedule through two of the pairs that most of the others lie on; the simplest one of equals."""
    guesses: Counter[tuple[int, int]] = Counter()
    for n, (gross, fee) in enumerate(pairs):
        guesses[fee, 0] += 1
        guesses[0, round_half_up(fee * 10_000, gross)] += 1
        for other_gross, other_fee in pairs[n + 1 : n + 1 + NEIGHBOURS]:
            if other_gross != gross:
                points = round_half_up((fee - other_fee) * 10_000, gross - other_gross)
                guesses[fee - Fee("", 0, points).of(gross), points] += 1
    scored = []
    for (flat, points), _ in guesses.most_common(SAMPLE_MAX):
        if 0 <= points <= BASIS_POINTS_MAX and 0 <= flat <= FLAT_MAX:
            schedule = Fee(_name(flat, points), flat, points)
            scored.append((-sum(schedule.of(gross) == fee for gross, fee in pairs), points > 0 and flat > 0, points, flat, schedule))
    return min(scored, key=lambda entry: entry[:4])[4] if scored else None


def round_half_up(numerator: int, denominator: int) -> int:
    """The quotient as the nearest integer."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    return (2 * numerator + denominator) // (2 * denominator)


def _name(flat: int, points: int) -> str:
    parts = [f"{points // 100}.{points % 100:02d}%"] if points else []
    return "+".join([*parts, f"{flat // 100}.{flat % 100:02d}"] if flat else parts)
