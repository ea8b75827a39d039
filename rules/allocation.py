"""Where the cents of a payment go: fees, interest and principal of what is due, in the order of the book."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

Component = Literal["fees", "interest", "principal"]


class AllocationTerms(Struct, frozen=True, kw_only=True):
    """`[allocation]`: the order in which a payment is used up."""

    order: tuple[Component, ...] = ("fees", "interest", "principal")
    by: Literal["instalment", "component"] = "instalment"
    """instalment: the oldest is settled whole before the next; component: first the fees of all, oldest first, then their interest, …"""

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the order, for the lint."""
        return (
            () if sorted(self.order) == ["fees", "interest", "principal"] else ("the order names fees, interest and principal once each",)
        )


class Due(NamedTuple):
    """What is owed on one instalment."""

    id: str
    due: date
    fees_cents: int
    interest_cents: int
    principal_cents: int


class Part(NamedTuple):
    """Cents that go to one component of one instalment."""

    id: str
    component: Component
    cents: int


class Allocation(NamedTuple):
    """The parts in the order they were filled, and what is left over: payment = parts + left."""

    parts: tuple[Part, ...]
    left_cents: int


def allocate(terms: AllocationTerms, payment_cents: int, dues: Iterable[Due]) -> Allocation:
    """Use up a payment on what is due, oldest due date first, equal dates by id. Never more to a component than it is owed."""
    left_cents, parts = payment_cents, []
    for due, component in _places(terms, sorted(dues, key=lambda each: (each.due, each.id))):
        cents = min(left_cents, _owed(due, component))
        if cents > 0:
            parts.append(Part(due.id, component, cents))
            left_cents -= cents
    assert sum(part.cents for part in parts) + left_cents == payment_cents
    return Allocation(tuple(parts), left_cents)


def _places(terms: AllocationTerms, dues: list[Due]) -> Iterator[tuple[Due, Component]]:
    if terms.by == "instalment":
        return ((due, component) for due in dues for component in terms.order)
    return ((due, component) for component in terms.order for due in dues)


def _owed(due: Due, component: Component) -> int:
    return {"fees": due.fees_cents, "interest": due.interest_cents, "principal": due.principal_cents}[component]
