"""Matching one payment with the open items of its account. The passes run in order; the first that is sure takes the money."""

from collections.abc import Sequence

from ledger.matching.fit import fitting, named_by, of_hospital
from ledger.matching.item import Expected, Incoming
from ledger.matching.near import nearest
from ledger.matching.outcome import Allocation, Differs, Outcome, Pass, Reason, State
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
        return refused(incoming, terms, Reason(Differs.NOT_POSITIVE, "amount", "", str(amount)))
    items = of_hospital(items, incoming.hospital_id)
    same = [item for item in items if item.open_cents == amount]
    named = named_by(same, incoming)
    if len(named) == 1:
        sure = confirm_named(named[0], incoming, terms, len(items))
        if sure is not None:
            return sure
    elif not named and not (len(items) > len(same) and named_by(items, incoming)):
        fit = fitting(same, incoming, terms)
        if len(fit) == 1:
            return confirm_amount(fit[0], incoming, terms, len(items))
    return remainder(items, incoming, terms)


def remainder(items: Sequence[Expected], incoming: Incoming, terms: Terms) -> Outcome:
    """The later passes, for money that is exactly no single item."""
    if not items:
        return refused(incoming, terms, Reason(Differs.NOTHING_OPEN, "balance"))
    named = named_by(items, incoming)
    if terms.allocate == "oldest_first":
        return oldest_first(items, incoming, terms, named)
    return nearest(items, incoming, terms, named)


def confirm_named(item: Expected, incoming: Incoming, terms: Terms, looked_at: int) -> Outcome | None:
    """Passes 0 and 1: the whole of a named item, or None when too little else agrees."""
    bits = REFERENCE | AMOUNT | context_bits(item, incoming, terms)
    if SCORES[bits] < CONFIRM_POINTS:
        return None
    rule = Pass.ID if item.balance_id == incoming.balance_id else Pass.REFERENCE
    return _whole(item, incoming.amount_cents, rule, bits, looked_at, terms)


def confirm_amount(item: Expected, incoming: Incoming, terms: Terms, looked_at: int) -> Outcome:
    """Pass 2: the only item of this amount. Its score is low by design; being the only one is the evidence."""
    return _whole(item, incoming.amount_cents, Pass.UNIQUE_AMOUNT, AMOUNT | context_bits(item, incoming, terms), looked_at, terms)


def refused(incoming: Incoming, terms: Terms, reason: Reason) -> Outcome:
    """Nothing to match: all of the money is left."""
    return Outcome(State.UNMATCHED, residual_cents=max(incoming.amount_cents, 0), reasons=(reason,), terms=terms.version)


def _whole(item: Expected, amount_cents: int, rule: Pass, bits: int, looked_at: int, terms: Terms) -> Outcome:
    allocation = Allocation(item.balance_id, amount_cents, rule, SCORES[bits], EVIDENCE[bits])
    return Outcome(State.MATCHED, (allocation,), 0, (), (), looked_at, terms.window(item.due_date), terms.version)
