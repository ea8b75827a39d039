"""What an account owes."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.models.common import Answer, Currency, Instant, Money

Component = Annotated[Literal["principal", "fees", "interest"], Field(description="What CREDIT opened, or what the rule book charged.")]

ItemState = Annotated[
    Literal["EXPECTED", "PARTIALLY_MATCHED", "MISSING"],
    Field(
        description="EXPECTED: open, its window has not closed. PARTIALLY_MATCHED: some money came. MISSING: the window closed, none came."
    ),
]


class Components(Answer):
    """What is open, by component; together the open amount."""

    fees: Money
    interest: Money
    principal: Money


class OpenItem(Answer):
    """A balance or a charge with something still due."""

    balance_id: str
    hospital_id: str
    plan_id: str
    reference: str
    component: Component
    parent_id: Annotated[str, Field(description="Of a charge: the balance that it belongs to, if any.")]
    name: Annotated[str, Field(description="Of a charge: late-fee, interest, return-fee, or the fee's name in the rule book.")]
    explanation: Annotated[str, Field(description="Of a charge: what it was charged for, in a sentence.")]
    original_amount: Money
    open_amount: Money
    due_date: dt.date | None
    state: ItemState
    missing_from: Annotated[
        dt.date | None,
        Field(
            description="The banking day from which it counts as missing: its due date, settlement, three days of delay and one of grace."
        ),
    ]
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
    open_components: Components
    suspense_amount: Annotated[Money, Field(description="Money received that matches nothing yet.")]
    open_items: list[OpenItem]
    next_due: NextDue | None
