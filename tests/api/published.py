"""One public event of every type, written by the relay's own code out of fixed effects."""

import json
from typing import Any

from journal import topics
from ledger import effects as fx
from ledger.policy import Fired
from ledger.record import Entry
from streams import public

FIRED = Fired("large-payment", "review", "The amount of $12,000.00 is above $10,000.00.", "medium")
EFFECTS: tuple[fx.AnyEffect, ...] = (
    fx.Decided("t-1", "held", "default@1", 20, (FIRED,), FIRED.explanation, "dana"),
    fx.CreditApplied("t-1", "h-1", "p-1", 100_000),
    fx.AlertRaised("large-payment", "medium", "t-1", FIRED.explanation, "large-payment", "default@1", "h-1", 1_200_000, ("risk",)),
    fx.Charged("b-1/late-fee", "fees", "late-fee", "b-1", "b-1", 1_500, "h-1", "p-1", "2026-03-26", "default@1", "Late fee."),
    fx.ChargeWaived("b-1/late-fee", 1_500, "settled on 2026-03-20, within grace"),
    fx.Recast("b-2", "plan-1", -1_334, "default@1"),
    fx.ExceptionOpened("t-1/PAYMENT_HELD", "PAYMENT_HELD", "medium", "t-1", 1_200_000, FIRED.explanation, "h-1"),
    fx.ExceptionClosed("t-1/PAYMENT_HELD", "reviewed"),
    fx.WebhookDue("t-1", "returned", 0, 25_000, (("PAYMENT_RETURNED", "insufficient_funds", "R01", 1_773_000_000_000),)),
    fx.NotificationDue("retry_scheduled", "sms", "t-1", "p-1", 25_000, 1_773_000_000_000, "h-1"),
    fx.ConsentChanged("sms", False, "2", "US-NY"),
    fx.EntryDue("t-1", 2, "debit", 25_000, "WEB", "RETRY PYMT", "h-1", "p-1", ""),
)
MOVED = fx.Moved("t-1", "returned", "R01", "insufficient_funds", "2026-03-05", "091000010000001")


def published(effects: tuple[fx.AnyEffect, ...] = EFFECTS) -> dict[str, Any]:
    """By type, the JSON of the public event of each effect."""
    entry = Entry(0, 41, "evt-0001", "payment.returned.v1", 1_772_460_000_000, "credit-1", effects)
    values = [json.loads(output.value) for output in public.outputs(3, (topics.PAYMENTS,), (entry,))]
    return {value["type"]: value for value in values}
