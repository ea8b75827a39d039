"""Spreading a payment over the open items of an account: what it names first, then oldest due first."""

from collections.abc import Sequence

from ledger.matching.item import Expected, Incoming, age
from ledger.matching.outcome import Allocation, Differs, Outcome, Pass, Reason, State
from ledger.matching.score import AMOUNT, EVIDENCE, REFERENCE, SCORES, context_bits
from ledger.matching.terms import Terms


def oldest_first(items: Sequence[Expected], incoming: Incoming, terms: Terms, named: Sequence[Expected]) -> Outcome:
    """Pour the payment: items it names, then the rest by kind and age. What no item takes is left over: OVERPAID."""
    if not named and not terms.kinds:
        oldest = min(items, key=age)
        if incoming.amount_cents <= oldest.open_cents:
            return _pour((oldest,), len(items), incoming, terms, named)
    return _pour(items, len(items), incoming, terms, named)


def _pour(items: Sequence[Expected], looked_at: int, incoming: Incoming, terms: Terms, named: Sequence[Expected]) -> Outcome:
    left = incoming.amount_cents
    allocations: list[Allocation] = []
    part_paid: Expected | None = None
    for item, rule in _order(items, terms, named):
        if left == 0:
            break
        part = min(left, item.open_cents)
        bits = context_bits(item, incoming, terms)
        if rule is Pass.NAMED:
            bits |= REFERENCE
        if part == incoming.amount_cents == item.open_cents:
            bits |= AMOUNT
        allocations.append(Allocation(item.balance_id, part, rule, SCORES[bits], EVIDENCE[bits]))
        left -= part
        if part < item.open_cents:
            part_paid = item
    state, reasons = State.MATCHED, _unknown_name(incoming, named)
    if left:
        state = State.OVERPAID
        owed = incoming.amount_cents - left
        reasons += (Reason(Differs.LEFT_OVER, "amount", str(owed), str(incoming.amount_cents), left),)
    elif part_paid:
        state = State.PARTIALLY_MATCHED
        paid = allocations[-1].amount_cents
        reasons += (Reason(Differs.AMOUNT, "amount", str(part_paid.open_cents), str(paid), paid - part_paid.open_cents),)
    return Outcome(state, tuple(allocations), left, reasons, (), looked_at, terms=terms.version)


def _order(items: Sequence[Expected], terms: Terms, named: Sequence[Expected]) -> list[tuple[Expected, Pass]]:
    ids = {item.balance_id for item in named}
    rest = [item for item in items if item.balance_id not in ids]
    rank = {kind: place for place, kind in enumerate(terms.kinds)}

    def by_kind_and_age(item: Expected) -> tuple[int, str, int, str]:
        return rank.get(item.kind, len(rank)), *age(item)

    first = [(item, Pass.NAMED) for item in sorted(named, key=by_kind_and_age)]
    return first + [(item, Pass.OLDEST_FIRST) for item in sorted(rest, key=by_kind_and_age)]


def _unknown_name(incoming: Incoming, named: Sequence[Expected]) -> tuple[Reason, ...]:
    if incoming.balance_id and all(item.balance_id != incoming.balance_id for item in named):
        return (Reason(Differs.BALANCE_UNKNOWN, "balance_id", "", incoming.balance_id),)
    return ()
