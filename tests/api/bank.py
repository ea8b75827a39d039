"""Events of CREDIT and the bank for the ledger in memory, from short words."""

import datetime as dt
from typing import Any

from journal import topics
from ledger import events
from ledger.money import Cents, cents
from tests.api.ledger_fake import World

_KINDS: dict[str, tuple[type, type, str]] = {
    "balance": (events.BalanceOpened, events.BalanceData, topics.PAYMENTS),
    "mandate": (events.MandateGranted, events.MandateGrantedData, topics.PAYMENTS),
    "consent": (events.ConsentChanged, events.ConsentData, topics.PAYMENTS),
    "submitted": (events.PaymentSubmitted, events.SubmittedData, topics.SETTLEMENTS),
    "settled": (events.PaymentSettled, events.SettledData, topics.SETTLEMENTS),
    "returned": (events.PaymentReturned, events.ReturnedData, topics.SETTLEMENTS),
    "deposit": (events.DepositReceived, events.DepositData, topics.SETTLEMENTS),
    "reviewed": (events.PaymentReviewed, events.ReviewedData, topics.OPERATIONS),
}


def tell(world: World, kind: str, account: str = "credit-1", minutes: int = 0, **data: Any) -> None:
    """One event, `minutes` after the last one."""
    world.ledger.now_ms += minutes * 60_000
    event, payload, topic = _KINDS[kind]
    values = {
        name: Cents(cents(value)) if name == "amount" else dt.date.fromisoformat(value) if name.endswith("date") else value
        for name, value in data.items()
    }
    time = dt.datetime.fromtimestamp(world.ledger.now_ms / 1000, dt.UTC)
    world.ledger.decide(
        event(
            id=f"{kind}-{world.ledger.now_ms}",
            source="/test",
            time=time,
            specversion="1.0",
            data=payload(credit_reference=account, **values),
        ),
        topic,
    )
