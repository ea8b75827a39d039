"""A person's word on a match: confirming a candidate. Revoking is `balances.unmatch`."""

from collections.abc import Sequence

from ledger.matching.fit import of_hospital
from ledger.matching.item import Expected, Incoming
from ledger.matching.match import refused
from ledger.matching.outcome import Allocation, Differs, Outcome, Pass, Reason, State
from ledger.matching.score import differences
from ledger.matching.terms import DEFAULT, Terms


def confirm(items: Sequence[Expected], incoming: Incoming, balance_ids: Sequence[str], reviewer: str, terms: Terms = DEFAULT) -> Outcome:
    """The money poured over these balances in the order given, whatever else differs; the differences stay as reasons.

    Refused (UNMATCHED, BALANCE_UNKNOWN) when one of them is not open here any more, or belongs to another hospital.
    """
    if incoming.amount_cents <= 0:
        return refused(incoming, terms, Reason(Differs.NOT_POSITIVE, "amount", "", str(incoming.amount_cents)))
    open_items = {item.balance_id: item for item in of_hospital(items, incoming.hospital_id) if item.open_cents > 0}
    unknown = [balance_id for balance_id in balance_ids if balance_id not in open_items]
    if unknown or not balance_ids:
        return refused(incoming, terms, Reason(Differs.BALANCE_UNKNOWN, "balance_id", "", ",".join(unknown)))
    left = incoming.amount_cents
    allocations: list[Allocation] = []
    reasons: list[Reason] = []
    closed = True
    for item in map(open_items.__getitem__, dict.fromkeys(balance_ids)):
        part = min(left, item.open_cents)
        if part:
            score, differing = differences(item, incoming, terms)
            allocations.append(Allocation(item.balance_id, part, Pass.PERSON, score, (f"confirmed by {reviewer}",)))
            reasons.extend(differing)
        closed = closed and part == item.open_cents
        left -= part
    state = State.OVERPAID if left else State.MATCHED if closed else State.PARTIALLY_MATCHED
    return Outcome(state, tuple(allocations), left, tuple(reasons), (), len(items), terms=terms.version)
