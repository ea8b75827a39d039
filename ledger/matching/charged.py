"""Money for an account that owes charges: it finds a debt, a balance with its fees and interest, and is used up in the book's order.

Without any open charge `ledger.matching.match` alone answers, so that a book that charges nothing changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from ledger.charges import FEES, INTEREST, Owing, Share
from ledger.matching.fit import fitting, named_by, of_hospital
from ledger.matching.item import Expected, Incoming, age
from ledger.matching.near import explained
from ledger.matching.outcome import Allocation, Differs, Outcome, Pass, Reason, State
from ledger.matching.score import AMOUNT, EVIDENCE, REFERENCE, SCORES, context_bits
from ledger.matching.terms import DEFAULT, Terms

Allocate = Callable[[int, Sequence[Owing]], Sequence[Share]]
"""(cents, what is owed) -> where they go: the rule book's order"""


def match_charged(
    items: Sequence[Expected], parents: dict[str, str], incoming: Incoming, allocate: Allocate, known: Terms = DEFAULT
) -> Outcome:
    """Debts that the money names come first; else the only debt that equals it, with or without its charges; then the oldest.

    `parents` names the balance that a charge belongs to. Never more to an item than is open; what nothing takes is left over. What the
    only debt of all, being named, lacks with all its charges may be explained by a fee or tolerance of the `known` terms.
    """
    terms = DEFAULT
    debts = _debts(of_hospital(items, incoming.hospital_id), parents)
    if incoming.amount_cents <= 0 or not debts:
        reason = Reason(Differs.NOTHING_OPEN, "balance")
        return Outcome(State.UNMATCHED, (), max(incoming.amount_cents, 0), (reason,), terms=terms.version)
    charge = _of_charge(items, incoming, terms)
    left = cents = incoming.amount_cents - sum(part.amount_cents for part in charge)
    debts = _debts([_less(item, charge) for item in of_hospital(items, incoming.hospital_id)], parents) if charge else debts
    first, rule = _first(debts, incoming, terms)
    rest = [debt for debt in debts if debt not in first]
    found: list[Allocation] = []
    for chosen, by in ((first, rule), (rest, Pass.OLDEST_FIRST)):
        parts = _pour(chosen, left, incoming, by, terms, allocate)
        left -= sum(part.amount_cents for part in parts)
        found += parts
    if len(debts) == 1 and rule is Pass.NAMED:
        found = _explained(debts[0], cents, known, found)
    state = State.OVERPAID if left else State.MATCHED
    reasons = (Reason(Differs.LEFT_OVER, "amount", str(incoming.amount_cents - left), str(incoming.amount_cents), left),) if left else ()
    return Outcome(state, (*charge, *found), left, reasons, (), len(items), terms=terms.version)


def _explained(debt: "_Debt", cents: int, known: Terms, found: list[Allocation]) -> list[Allocation]:
    """The allocations; where a known cause explains what these cents leave open of the debt, and one of them alone leaves it, with that."""
    because = explained(debt.whole, cents, known)
    paid = {part.balance_id: part for part in found}
    short = [item for item in debt.items if item.balance_id not in paid or paid[item.balance_id].amount_cents < item.open_cents]
    if because is None or len(short) != 1 or short[0].balance_id not in paid:
        return found
    rule, words = because
    part = paid[short[0].balance_id]
    settled = replace(part, rule=rule, evidence=(*part.evidence, words), fee_cents=short[0].open_cents - part.amount_cents)
    return [settled if each is part else each for each in found]


class _Debt:
    """A balance with its charges, or charges that belong to no open balance."""

    def __init__(self, head: Expected, items: list[Expected]) -> None:
        self.head = head
        self.items = items
        self.whole = sum(item.open_cents for item in items)
        self.principal = sum(item.open_cents for item in items if not item.kind)

    def owing(self) -> Owing:
        """Its components."""
        sums: defaultdict[str, int] = defaultdict(int)
        for item in self.items:
            sums[item.kind] += item.open_cents
        return Owing(self.head.balance_id, self.head.due_date, sums[FEES], sums[INTEREST], sums[""])


def _of_charge(items: Sequence[Expected], incoming: Incoming, terms: Terms) -> list[Allocation]:
    """A charge that the money names by its own id, as an entry for a return fee does, is paid before anything else."""
    for item in items:
        if item.kind and item.balance_id == incoming.balance_id:
            part = min(item.open_cents, incoming.amount_cents)
            whole = part == item.open_cents == incoming.amount_cents
            sure = REFERENCE | context_bits(item, incoming, terms) | (AMOUNT if whole else 0)
            return [Allocation(item.balance_id, part, Pass.ID if whole else Pass.NAMED, SCORES[sure], EVIDENCE[sure])]
    return []


def _less(item: Expected, found: Sequence[Allocation]) -> Expected:
    paid = sum(part.amount_cents for part in found if part.balance_id == item.balance_id)
    return replace(item, open_cents=item.open_cents - paid) if paid else item


def _debts(items: Sequence[Expected], parents: dict[str, str]) -> list[_Debt]:
    groups: defaultdict[str, list[Expected]] = defaultdict(list)
    for item in items:
        if not item.open_cents:
            continue
        groups[parents.get(item.balance_id) or item.balance_id].append(item)
    debts = []
    for name, members in groups.items():
        members.sort(key=age)
        head = next((item for item in members if item.balance_id == name), members[0])
        debts.append(_Debt(replace(head, balance_id=name), members))
    return sorted(debts, key=lambda debt: age(debt.head))


def _first(debts: Sequence[_Debt], incoming: Incoming, terms: Terms) -> tuple[list[_Debt], Pass]:
    """The debts that are paid first, and the rule that chose them."""
    named = [debt for debt in debts if named_by([debt.head, *debt.items], incoming)]
    if named:
        if len(named) > 1 or incoming.amount_cents != named[0].whole:
            return named, Pass.NAMED
        ids = {named[0].head.balance_id, *(item.balance_id for item in named[0].items)}
        return named, Pass.ID if incoming.balance_id in ids else Pass.REFERENCE
    same = [debt for debt in debts if incoming.amount_cents in (debt.whole, debt.principal) and fitting([debt.head], incoming, terms)]
    return (same, Pass.UNIQUE_AMOUNT) if len(same) == 1 else ([], Pass.OLDEST_FIRST)


def _pour(debts: list[_Debt], cents: int, incoming: Incoming, rule: Pass, terms: Terms, allocate: Allocate) -> list[Allocation]:
    if not debts or not cents:
        return []
    by_id = {debt.head.balance_id: debt for debt in debts}
    bits = REFERENCE if rule in (Pass.ID, Pass.REFERENCE, Pass.NAMED) else 0
    found = []
    for share in allocate(cents, [debt.owing() for debt in debts]):
        left = share.cents
        kind = "" if share.component not in (FEES, INTEREST) else share.component
        for item in by_id[share.id].items:
            part = min(left, item.open_cents) if item.kind == kind else 0
            if part:
                sure = bits | context_bits(item, incoming, terms) | (AMOUNT if incoming.amount_cents == by_id[share.id].whole else 0)
                found.append(Allocation(item.balance_id, part, rule, SCORES[sure], EVIDENCE[sure]))
                left -= part
        assert not left, share
    return found
