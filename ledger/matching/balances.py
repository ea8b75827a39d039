"""What a match does to the open amounts, and its exact inverse when the money is returned or a person revokes the match."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from ledger.matching.item import Expected
from ledger.matching.outcome import Allocation


def apply(items: Sequence[Expected], allocations: Iterable[Allocation]) -> tuple[Expected, ...]:
    """The items with the allocated money taken off; a paid item stays, with nothing open. Raises ValueError for more than is open."""
    return _shift(items, {a.balance_id: -a.amount_cents for a in merged(allocations)})


def unmatch(items: Sequence[Expected], allocations: Iterable[Allocation]) -> tuple[Expected, ...]:
    """The items as they were before these allocations: `unmatch(apply(items, a), a) == items`."""
    return _shift(items, {a.balance_id: a.amount_cents for a in merged(allocations)})


def merged(allocations: Iterable[Allocation]) -> list[Allocation]:
    """One allocation a balance, in the order of first appearance."""
    by_id: dict[str, Allocation] = {}
    for allocation in allocations:
        known = by_id.get(allocation.balance_id)
        total = allocation.amount_cents + (known.amount_cents if known else 0)
        by_id[allocation.balance_id] = replace(known or allocation, amount_cents=total)
    return list(by_id.values())


def _shift(items: Sequence[Expected], by_cents: dict[str, int]) -> tuple[Expected, ...]:
    unknown = by_cents.keys() - {item.balance_id for item in items}
    if unknown:
        raise ValueError(f"no such balance: {', '.join(sorted(unknown))}")
    shifted = tuple(replace(item, open_cents=item.open_cents + by_cents.get(item.balance_id, 0)) for item in items)
    over = [item.balance_id for item in shifted if item.open_cents < 0]
    if over:
        raise ValueError(f"more allocated than open: {', '.join(over)}")
    return shifted
