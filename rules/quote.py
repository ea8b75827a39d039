"""What a book makes of a debt: the instalments of a plan, what settles it early, and the least payment without a plan."""

from datetime import date

from msgspec import Struct

from rules.dates import IsBankingDay
from rules.minimum import minimum_payment
from rules.schedule import Instalment, payoff, schedule
from rules.terms import Terms


class Quote(Struct, frozen=True):
    """Amounts are cents; the principal of all instalments is the debt, exactly."""

    instalments: tuple[Instalment, ...]
    payment_cents: int
    """all instalments together"""
    interest_cents: int
    payoff_cents: int
    """what settles the plan on the day asked for, or now that nothing is paid"""
    minimum_cents: int
    """the least payment on the debt where it has no plan: `[minimum_payment]`; 0 where the book asks for none"""


def quote(
    terms: Terms,
    principal_cents: int,
    first_due: date,
    is_banking_day: IsBankingDay,
    *,
    opened: date | None = None,
    paid: int = 0,
    on: date | None = None,
) -> Quote:
    """The plan of `[schedule]` for this debt, monthly from `first_due`.

    `payoff_cents` is for the day `on` when `paid` instalments are paid in full; interest since the last of them, or since `opened`, runs by
    the day count of `[interest]`. Without `on` none has run. ValueError for a debt that is not positive.
    """
    plan = schedule(terms.schedule, principal_cents, first_due, is_banking_day)
    paid = min(paid, len(plan))
    since = plan[paid - 1].due if paid else opened or on or first_due
    return Quote(
        instalments=plan,
        payment_cents=sum(each.payment_cents for each in plan),
        interest_cents=sum(each.interest_cents for each in plan),
        payoff_cents=payoff(plan, paid, since, on or since, terms.schedule, terms.interest.day_count),
        minimum_cents=minimum_payment(terms.minimum_payment, principal_cents),
    )
