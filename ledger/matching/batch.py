"""Matching all the money of a window at once, so that the answer does not depend on the order in which it arrived."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import astuple

from ledger.matching.balances import apply
from ledger.matching.fit import fitting, named_by, of_hospital
from ledger.matching.item import Expected, Incoming, age, arrival
from ledger.matching.match import confirm_amount, confirm_named, refused, remainder
from ledger.matching.outcome import Allocation, Differs, Outcome, Pass, Reason, State
from ledger.matching.score import CONFIRM_POINTS, EVIDENCE, REFERENCE, SCORES, context_bits
from ledger.matching.subsets import exact_subsets
from ledger.matching.terms import DEFAULT, Terms

Decide = Callable[[list[Expected], Incoming], Outcome | None]

EXACT_SUM_POINTS = 30
"""parts that make the amount exactly count like the amount itself"""


class Batch(Struct, frozen=True):
    """The outcomes by source id, in total order, and the items with what is still open of them."""

    outcomes: tuple[tuple[Incoming, Outcome], ...]
    items: tuple[Expected, ...]


def duplicate_key(incoming: Incoming) -> tuple[str, str, int]:
    """What makes money the same money: its trace number, day and amount; without a trace number its source id."""
    if incoming.trace_number:
        return incoming.trace_number, incoming.day, incoming.amount_cents
    return incoming.source_id, "", 0


def match_batch(items: Iterable[Expected], incomings: Iterable[Incoming], terms: Terms = DEFAULT) -> Batch:
    """Each pass over all the money before the next pass begins; what one pass takes is gone for those after it.

    Money seen before (`duplicate_key`) is DUPLICATE and allocates nothing. Two payments that compete for one item without
    naming it are not decided by chance: neither gets it in the amount pass.
    """
    run = _Run(items, incomings, terms)
    for decide in (run.by_name, run.by_amount):
        run.sweep(decide)
    if terms.allocate == "exact":
        run.gather()
    run.sweep(run.by_remainder)
    return Batch(tuple((money, run.outcomes[place]) for place, money in enumerate(run.order)), tuple(run.items.values()))


class _Run:
    """One run of the passes: what is still open, what is still unplaced, and what was decided."""

    def __init__(self, items: Iterable[Expected], incomings: Iterable[Incoming], terms: Terms) -> None:
        self.terms = terms
        self.items = {item.balance_id: item for item in sorted(items, key=age)}
        self.order = sorted(incomings, key=lambda money: (arrival(money), astuple(money)))
        self.outcomes: dict[int, Outcome] = {}
        """by position in the order"""
        self.waiting = self._first_seen()

    def _first_seen(self) -> list[int]:
        seen: dict[tuple[str, str, int], int] = {}
        waiting = []
        for place, money in enumerate(self.order):
            first = seen.setdefault(duplicate_key(money), place)
            if money.amount_cents <= 0:
                self.outcomes[place] = refused(money, self.terms, Reason(Differs.NOT_POSITIVE, "amount", "", str(money.amount_cents)))
            elif first == place:
                waiting.append(place)
            else:
                reason = Reason(Differs.SEEN, "trace_number", self.order[first].source_id, money.source_id)
                self.outcomes[place] = Outcome(State.DUPLICATE, (), money.amount_cents, (reason,), terms=self.terms.version)
        return waiting

    def sweep(self, decide: Decide) -> None:
        """Ask once for each payment that waits; what is decided leaves the queue and lowers what is open."""
        waiting = []
        for place in self.waiting:
            money = self.order[place]
            open_items = [item for item in self.items.values() if item.open_cents > 0]
            outcome = decide(list(of_hospital(open_items, money.hospital_id)), money)
            if outcome is None:
                waiting.append(place)
            else:
                self.settle(place, outcome)
        self.waiting = waiting

    def settle(self, place: int, outcome: Outcome) -> None:
        """Keep the outcome and take its money off the items."""
        self.outcomes[place] = outcome
        touched = [self.items[a.balance_id] for a in outcome.allocations]
        self.items.update((item.balance_id, item) for item in apply(touched, outcome.allocations))

    def by_name(self, items: list[Expected], money: Incoming) -> Outcome | None:
        """Passes 0 and 1."""
        named = named_by([item for item in items if item.open_cents == money.amount_cents], money)
        return confirm_named(named[0], money, self.terms, len(items)) if len(named) == 1 else None

    def by_amount(self, items: list[Expected], money: Incoming) -> Outcome | None:
        """Pass 2: the only item for this money, and the only money for this item."""
        if named_by(items, money):
            return None
        fit = fitting([item for item in items if item.open_cents == money.amount_cents], money, self.terms)
        if len(fit) != 1:
            return None
        rivals = (self.order[place] for place in self.waiting)
        same = (rival for rival in rivals if rival.amount_cents == money.amount_cents and rival is not money)
        if any(of_hospital(fit, rival.hospital_id) and fitting(fit, rival, self.terms) for rival in same):
            return None
        return confirm_amount(fit[0], money, self.terms, len(items))

    def by_remainder(self, items: list[Expected], money: Incoming) -> Outcome | None:
        """The later passes."""
        return remainder(items, money, self.terms)

    def gather(self) -> None:
        """N:1: several payments that name the same item and together make it exactly; several such sums decide nothing."""
        named: dict[str, list[int]] = {}
        for place in self.waiting:
            names = named_by([item for item in self.items.values() if item.open_cents > 0], self.order[place])
            if len(names) == 1:
                named.setdefault(names[0].balance_id, []).append(place)
        for balance_id, places in named.items():
            item = self.items[balance_id]
            answers = exact_subsets([self.order[place].amount_cents for place in places], item.open_cents)
            if len(answers) == 1:
                self._accumulate(item, [places[i] for i in answers[0]])

    def _accumulate(self, item: Expected, places: Sequence[int]) -> None:
        parts = [self.order[place] for place in places]
        bits = [REFERENCE | context_bits(item, part, self.terms) for part in parts]
        sure = min(SCORES[b] for b in bits) + EXACT_SUM_POINTS >= CONFIRM_POINTS
        if not sure or any(not of_hospital([item], part.hospital_id) for part in parts):
            return
        for place, part, b in zip(places, parts, bits, strict=True):
            evidence = (*EVIDENCE[b], f"exact sum {EXACT_SUM_POINTS}")
            allocation = Allocation(item.balance_id, part.amount_cents, Pass.SUBSET, SCORES[b] + EXACT_SUM_POINTS, evidence)
            self.settle(place, Outcome(State.MATCHED, (allocation,), 0, (), (), len(parts), terms=self.terms.version))
        self.waiting = [place for place in self.waiting if place not in places]
