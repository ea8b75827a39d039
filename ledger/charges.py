"""What a rule book charges, as decisions see it. `rules.charges` supplies it from the tables of money; dates are ISO `YYYY-MM-DD`."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

FEES = "fees"
INTEREST = "interest"
PRINCIPAL = "principal"
COMPONENTS = (FEES, INTEREST, PRINCIPAL)
"""what an amount that a patient owes is made of"""


class FeeLine(NamedTuple):
    """One fee on one payment."""

    name: str
    cents: int


class Owing(NamedTuple):
    """What is open on one debt, by component: an instalment with its charges, or a charge that belongs to none."""

    id: str
    due: str
    fees_cents: int
    interest_cents: int
    principal_cents: int


class Share(NamedTuple):
    """Cents for one component of one debt."""

    id: str
    component: str
    cents: int


class Charges(Protocol):
    """A book that charges something. All of it is arithmetic on the arguments; amounts are cents."""

    @property
    def compounds(self) -> bool:
        """Whether interest that is owed bears interest."""

    @property
    def return_fee_by_entry(self) -> bool:
        """Whether a return fee is debited at once, in an entry of its own, where the patient's authorization is in force."""

    def late_day(self, due: str) -> str:
        """The first day on which something due then bears a late fee; empty when nothing ever does."""

    def late_fee(self, overdue_cents: int, due: str, day: str) -> int:
        """The late fee on what is overdue on this day; 0 for none."""

    def interest_from(self, opened: str, due: str) -> str:
        """The day from which a balance's interest is counted: opening or due date, as the book says; empty when it bears none."""

    def period_end(self, since: str, after: str) -> str:
        """The end of the interest period that holds the day `after`, counted from `since`: the first such day later than `after`."""

    def interest(self, base_cents: int, since: str, start: str, end: str) -> int:
        """Interest on a base that does not change from `start` to the day before `end`; grace and promotion are counted from `since`."""

    def fees(self, amount_cents: int, direction: str, hospital_id: str) -> tuple[FeeLine, ...]:
        """The fees on a payment that is approved; those of nothing are left out."""

    def return_fee(self, amount_cents: int, reason: str) -> int:
        """The fee on a debit of this amount that came back for this reason (`ledger.policy.ReturnAction.reason`); 0 for none."""

    def recast(self, instalments: Sequence[tuple[str, int, int]]) -> tuple[int, ...] | None:
        """New open amounts of the instalments to come, given (due date, open, original) of each, after a payment that fits none of them.

        Their sum stays. None when the book leaves a plan as it is.
        """
