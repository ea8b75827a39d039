"""The tables of money as decisions ask them: `ledger.charges.Charges` over the arithmetic of this package."""

from collections.abc import Sequence
from datetime import date, timedelta

from ledger.charges import FeeLine, Owing, Share
from rules.allocation import AllocationTerms, Due, allocate
from rules.dates import add_months
from rules.fees import charge
from rules.interest import accrued
from rules.late import late_fee
from rules.return_fee import return_fee
from rules.schedule import Instalment, reamortized
from rules.terms import Terms


class BookCharges:
    """What a book charges. Dates are ISO; they come from events that were checked when they were read."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        interest = terms.interest
        self._bears_interest = bool(interest.apr or interest.promotional_apr)
        self.compounds = interest.compounding != "simple"
        self.return_fee_by_entry = terms.return_fee.collect == "entry"

    def late_day(self, due: str) -> str:
        """The day after the days of grace; empty without late fees."""
        late = self._terms.late_fee
        if not (late.flat_cents or late.percent) or not due:
            return ""
        return (date.fromisoformat(due) + timedelta(days=late.grace_days + 1)).isoformat()

    def late_fee(self, overdue_cents: int, due: str, day: str) -> int:
        """The late fee of one instalment; that it is charged once is for the ledger to know."""
        return late_fee(self._terms.late_fee, overdue_cents, (date.fromisoformat(day) - date.fromisoformat(due)).days)

    def interest_from(self, opened: str, due: str) -> str:
        """Opening or due date, as `[interest]` says; never before the opening."""
        if not self._bears_interest:
            return ""
        return max(due, opened) if self._terms.interest.accrues == "due_date" else opened

    def period_end(self, since: str, after: str) -> str:
        """Months are counted from `since`, so that a 31st is back on the 31st after February; days are days."""
        start, day = date.fromisoformat(since), date.fromisoformat(after)
        if self._terms.interest.posted == "daily":
            return (max(start, day) + timedelta(days=1)).isoformat()
        months = max(1, (day.year - start.year) * 12 + day.month - start.month)
        end = add_months(start, months)
        return (end if end > day else add_months(start, months + 1)).isoformat()

    def interest(self, base_cents: int, since: str, start: str, end: str) -> int:
        """Rounded once for the whole span."""
        first, last = max(since, start), end
        return accrued(self._terms.interest, base_cents, date.fromisoformat(since), date.fromisoformat(first), date.fromisoformat(last))

    def fees(self, amount_cents: int, direction: str, hospital_id: str) -> tuple[FeeLine, ...]:
        """The lines of `[[fee]]` that come to something."""
        found = charge(self._terms.fee, self._terms.fees, amount_cents, direction, hospital_id)
        return tuple(FeeLine(line.name, line.fee_cents) for line in found.lines if line.fee_cents)

    def return_fee(self, amount_cents: int, reason: str) -> int:
        """The fee of `[return_fee]`."""
        return return_fee(self._terms.return_fee, amount_cents, reason)

    def recast(self, instalments: Sequence[tuple[str, int, int]]) -> tuple[int, ...] | None:
        """The open principal spread anew over the same dates, by the method and rate of `[schedule]`."""
        terms = self._terms.schedule
        keep = terms.reamortize
        if keep == "never" or not instalments:
            return None
        usual_cents = max(original for _, _, original in instalments)
        plan = tuple(
            Instalment(number, date.fromisoformat(due), usual_cents, usual_cents, 0, 0) for number, (due, _, _) in enumerate(instalments, 1)
        )
        found = {each.number: each.principal_cents for each in reamortized(plan, 0, sum(open_ for _, open_, _ in instalments), terms, keep)}
        return tuple(found.get(number, 0) for number in range(1, len(instalments) + 1))


def charges_of(terms: Terms) -> BookCharges | None:
    """What the terms charge; None when they charge nothing, so that the ledger need not ask."""
    late, interest = terms.late_fee, terms.interest
    something = (
        late.flat_cents,
        late.percent,
        interest.apr,
        interest.promotional_apr,
        terms.fee,
        terms.return_fee.flat_cents,
        terms.schedule.reamortize != "never",
    )
    return BookCharges(terms) if any(something) else None


def shares(terms: AllocationTerms, amount_cents: int, owing: Sequence[Owing]) -> tuple[Share, ...]:
    """Money used up on what is owed, in the order of the book; what is left over has no share."""
    dues = [Due(each.id, date.fromisoformat(each.due), *each[2:]) for each in owing]
    return tuple(Share(part.id, part.component, part.cents) for part in allocate(terms, amount_cents, dues).parts)
