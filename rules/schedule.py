"""Repayment schedules: level payments, equal principal or interest only, due monthly, and what changes them later.

Interest of a month is a twelfth of the annual rate on what is still owed. The last instalment takes up the cents, so that the principal of
all instalments sums to the amount lent, exactly. A due date that is no banking day moves; interest does not move with it.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from rules.dates import DayCount, IsBankingDay, Roll, add_months, rolled, year_fraction
from rules.interest import monthly_interest
from rules.rounding import Rounding, percent, rounded

Method = Literal["amortizing", "equal_principal", "interest_only"]
INSTALMENTS_MAX = 600


class ScheduleTerms(Struct, frozen=True, kw_only=True):
    """`[schedule]`: how a plan is cut into instalments. The rate is percent a year."""

    method: Method = "amortizing"
    apr: Decimal = Decimal(0)
    instalments: Annotated[int, Meta(ge=1, le=INSTALMENTS_MAX)] = 12
    roll: Roll = "following"
    rounding: Rounding = "half_up"
    reamortize: Literal["never", "term", "payment"] = "never"
    """what a part or early payment makes of the instalments to come: nothing; as many, each smaller; or as large, and fewer"""


class Instalment(NamedTuple):
    """One instalment: `payment = principal + interest`; `balance` is what is owed after it."""

    number: int
    due: date
    payment_cents: int
    principal_cents: int
    interest_cents: int
    balance_cents: int


def level_payment(principal_cents: int, apr: Decimal, instalments: int, rounding: Rounding = "half_up") -> int:
    """The constant monthly payment that repays the principal: P·r / (1 − (1+r)^−n); a plain share without interest."""
    rate = percent(apr) / 12
    if not rate:
        return rounded(Fraction(principal_cents, instalments), rounding)
    return rounded(principal_cents * rate / (1 - 1 / (1 + rate) ** instalments), rounding)


def schedule(terms: ScheduleTerms, principal_cents: int, first_due: date, is_banking_day: IsBankingDay) -> tuple[Instalment, ...]:
    """All instalments, monthly from `first_due`. One that would be zero is left out. ValueError for a principal that is not positive."""
    if principal_cents <= 0:
        raise ValueError("a plan needs a positive principal")
    dues = [_due(terms, first_due, n, is_banking_day) for n in range(terms.instalments)]
    return _instalments(terms, principal_cents, tuple(enumerate(dues, 1)))


def payoff(
    plan: tuple[Instalment, ...], paid: int, opened: date, on: date, terms: ScheduleTerms, day_count: DayCount = "actual/365"
) -> int:
    """What settles the plan on a day when `paid` instalments are paid in full: the balance and the interest since the last of them.

    Interest runs by the day from the last paid due date, or from `opened`. Zero when everything is paid.
    """
    if paid >= len(plan):
        return 0
    balance_cents = plan[paid].balance_cents + plan[paid].principal_cents
    since = plan[paid - 1].due if paid else opened
    days = year_fraction(since, max(on, since), day_count)
    return balance_cents + rounded(balance_cents * percent(terms.apr) * days, terms.rounding)


def reamortized(
    plan: tuple[Instalment, ...], paid: int, balance_cents: int, terms: ScheduleTerms, keep: Literal["term", "payment"] = "term"
) -> tuple[Instalment, ...]:
    """The instalments still to come after `paid` of the plan, when not the plan's principal is owed: after a partial or an extra payment.

    `keep="term"`: as many instalments as the plan had left, at a new payment; `keep="payment"`: the payment stays, the plan ends earlier or
    its last instalment takes what remains. Numbers and dates stay. ValueError when something is owed and no instalment is left, or for
    a negative balance.
    """
    rest = plan[paid:]
    if balance_cents < 0 or (balance_cents and not rest):
        raise ValueError("a balance is not negative, and needs an instalment to be paid in")
    if not balance_cents:
        return ()
    payment_cents = rest[0].payment_cents if keep == "payment" and terms.method == "amortizing" else None
    return _instalments(terms, balance_cents, tuple((each.number, each.due) for each in rest), payment_cents)


def _due(terms: ScheduleTerms, first_due: date, months: int, is_banking_day: IsBankingDay) -> date:
    return rolled(add_months(first_due, months), terms.roll, is_banking_day)


def _instalments(
    terms: ScheduleTerms, principal_cents: int, dues: tuple[tuple[int, date], ...], payment_cents: int | None = None
) -> tuple[Instalment, ...]:
    level_cents = level_payment(principal_cents, terms.apr, len(dues), terms.rounding) if payment_cents is None else payment_cents
    share_cents = rounded(Fraction(principal_cents, len(dues)), terms.rounding)
    balance_cents, found = principal_cents, []
    for place, (number, due) in enumerate(dues, 1):
        interest_cents = monthly_interest(balance_cents, terms.apr, terms.rounding)
        wished = {"amortizing": level_cents - interest_cents, "equal_principal": share_cents, "interest_only": 0}[terms.method]
        part_cents = balance_cents if place == len(dues) else max(0, min(wished, balance_cents))
        balance_cents -= part_cents
        if part_cents + interest_cents:
            found.append(Instalment(number, due, part_cents + interest_cents, part_cents, interest_cents, balance_cents))
    assert sum(each.principal_cents for each in found) == principal_cents
    return tuple(found)
