"""Payments to ask a worker for, and how to look at its answers."""

import time
from collections import Counter

from journal import topics
from ledger import effects as fx
from tests.live.worker_world import Placed
from tests.streams.messages import cloud_event


def now_text(ahead_s: int = 0) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + ahead_s))


def ask(account: str, transaction: str, *, direction: str = "preapproval", time_text: str = "") -> tuple[str, bytes, bytes, int]:
    """A payment, as a message to be placed by its key."""
    data = {
        "credit_reference": account,
        "transaction_id": transaction,
        "patient_id": "P1",
        "hospital_id": "H1",
        "amount": "100.00",
        "direction": direction,
    }
    value = cloud_event("payment.initiated.v1", data, f"ask-{transaction}", time_text or now_text())
    return topics.PAYMENTS, account.encode(), value, -1


def accounts_of(name: str, count: int) -> list[str]:
    return [f"{name}-{number:04d}" for number in range(count)]


def each_once(found: list[Placed]) -> None:
    """Every input position has its entries in one piece: ordinals go on without a gap or a repeat."""
    ordinals: Counter[tuple[str, int, int]] = Counter()
    for placed in found:
        assert placed.entry.ordinal == ordinals[placed.position], placed
        ordinals[placed.position] += len(placed.entry.effects)


def answer(found: list[Placed], position: tuple[str, int, int]) -> fx.AnyEffect:
    """The first effect of an event."""
    (entry,) = [placed.entry for placed in found if placed.position == position]
    return entry.effects[0]
