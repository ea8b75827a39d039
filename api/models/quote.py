"""What a rule book makes of a debt."""

import datetime as dt
from typing import Annotated

from pydantic import BeforeValidator, Field

from api.models.common import Amount, Answer, Asked, Money, Token
from api.models.rules import BookText
from rules.schedule import INSTALMENTS_MAX

_FIRST, _LAST = dt.date(2000, 1, 1), dt.date(2199, 12, 31)
_MEANT = f"A date from {_FIRST} to {_LAST}."


def _date(said: object) -> object:
    try:
        found = dt.date.fromisoformat(said) if isinstance(said, str) and len(said) == len("2026-01-31") else None
    except ValueError:
        found = None
    if found is None or not _FIRST <= found <= _LAST:
        raise ValueError(_MEANT)
    return found


Day = Annotated[dt.date, BeforeValidator(_date), Field(description=_MEANT)]


class QuoteRequest(Asked):
    """A debt, and by which book: its text, or a version that was in force; without either the one in force."""

    amount: Amount
    first_due: Day
    text: BookText | None = None
    version: Token | None = None
    opened: Annotated[Day | None, Field(description="From which day interest runs before the first instalment; for the payoff.")] = None
    paid: Annotated[int, Field(ge=0, le=INSTALMENTS_MAX, description="Instalments paid in full; for the payoff.")] = 0
    on: Annotated[Day | None, Field(description="The day of the payoff; without one no interest has run since the last instalment.")] = None


class QuotedInstalment(Answer):
    """One instalment: the payment is principal and interest; the balance is what is owed after it."""

    number: int
    due_date: dt.date
    payment: Money
    principal: Money
    interest: Money
    balance: Money


class QuoteAnswer(Answer):
    """The plan of the book's `[schedule]`; nothing is opened by it."""

    version: str
    instalments: list[QuotedInstalment]
    total: Money
    interest: Money
    payoff: Annotated[Money, Field(description="What settles the plan early.")]
    minimum_payment: Annotated[Money, Field(description="The least payment where the debt has no plan; 0.00 where the book asks for none.")]
