"""Matching one payment with the open items of its account. The passes run in order; the first that is sure takes the money."""

from collections.abc import Sequence

from ledger.matching.item import Expected, Incoming
from ledger.matching.near import nearest
from ledger.matching.outcome import Allocation, Differs, Outcome, Pass, Reason, State
from ledger.matching.reference import normalize
from ledger.matching.score import AMOUNT, CONFIRM_POINTS, EVIDENCE, REFERENCE, SCORES, context_bits
from ledger.matching.spread import oldest_first
from ledger.matching.terms import DEFAULT, Terms


def match(items: Sequence[Expected], incoming: Incoming, terms: Terms = DEFAULT) -> Outcome:
    """Where the money goes: allocations that are confirmed, the rest as residual, and reasons for everything that did not match.

    Passes: the id or the reference with the exact amount; an exact amount that is unique among the items; a named item less a
    known fee or within the tolerance; then, by the terms, oldest due first or an exact sum; what is only near is proposed.
    The result does not depend on the order of `items`. Allocations never exceed the payment nor an item's open amount.
    """
    amount = incoming.amount_cents
    if amount <= 0:
        return _refused(incoming, terms, Reason(Differs.NOT_POSITIVE, "amount", "", str(amount)))
    hospital = incoming.hospital_id
    if hospital:
        for item in items:
            if item.hospital_id != hospital and item.hospital_id:
                items = [item for item in items if item.hospital_id in ("", hospital)]
                break
    same = [item for item in items if item.open_cents == amount]
    named = _named(same, incoming)
    if len(named) == 1:
        item = named[0]
        bits = REFERENCE | AMOUNT | context_bits(item, incoming, terms)
        rule = Pass.ID if item.balance_id == incoming.balance_id else Pass.REFERENCE
        if SCORES[bits] >= CONFIRM_POINTS:
            return _whole(item, amount, rule, bits, len(items), terms)
    elif not named and not (len(items) > len(same) and _named(items, incoming)):
        patient = incoming.patient_id
        fit = [i for i in same if (not patient or not i.patient_id or i.patient_id == patient) and terms.in_time(i.due_date, incoming.day)]
        if len(fit) == 1:
            item = fit[0]
            return _whole(item, amount, Pass.UNIQUE_AMOUNT, AMOUNT | context_bits(item, incoming, terms), len(items), terms)
    if not items:
        return _refused(incoming, terms, Reason(Differs.NOTHING_OPEN, "balance"))
    if terms.allocate == "oldest_first":
        return oldest_first(items, incoming, terms, _named(items, incoming))
    return nearest(items, incoming, terms, _named(items, incoming))


def _named(items: Sequence[Expected], incoming: Incoming) -> list[Expected]:
    """The items that the money names by id or by reference."""
    balance_id, reference = incoming.balance_id, incoming.reference
    if not reference:
        return [item for item in items if item.balance_id == balance_id] if balance_id else []
    key = normalize(reference)
    return [
        item
        for item in items
        if item.balance_id == balance_id
        or item.balance_id == reference
        or (key and item.reference and (item.reference == reference or normalize(item.reference) == key))
    ]


def _whole(item: Expected, amount_cents: int, rule: Pass, bits: int, looked_at: int, terms: Terms) -> Outcome:
    allocation = Allocation(item.balance_id, amount_cents, rule, SCORES[bits], EVIDENCE[bits])
    return Outcome(State.MATCHED, (allocation,), 0, (), (), looked_at, terms.window(item.due_date), terms.version)


def _refused(incoming: Incoming, terms: Terms, reason: Reason) -> Outcome:
    return Outcome(State.UNMATCHED, residual_cents=max(incoming.amount_cents, 0), reasons=(reason,), terms=terms.version)
