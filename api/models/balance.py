"""What an account owes."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from api.models.common import Answer, Currency, Instant, Money


class OpenItem(Answer):
    """A balance with something still due."""

    balance_id: str
    hospital_id: str
    plan_id: str
    reference: str
    original_amount: Money
    open_amount: Money
    due_date: dt.date | None
    opened_at: Instant


class NextDue(Answer):
    """The earliest date on which something is due, and all that is due on it."""

    date: dt.date
    amount: Money
    balance_ids: list[str]


class BalanceAnswer(Answer):
    """An account as the ledger stood at `as_of`: what was posted later does not count, however early it is dated."""

    credit_reference: str
    as_of: Instant
    currency: Currency
    open_amount: Money
    suspense_amount: Annotated[Money, Field(description="Money received that matches nothing yet.")]
    open_items: list[OpenItem]
    next_due: NextDue | None
