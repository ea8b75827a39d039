"""The mission's three use cases on a real broker with a worker process, message by message, as CREDIT and the bank see them."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from journal import topics
from journal.partitioner import partition_of
from ledger import effects as fx
from simulator.scenarios import Scenario, er_preapproval, monthly_reconciliation, returned_for_funds
from tests.live.worker_world import PARTITIONS, Placed, World, world

pytestmark = pytest.mark.live
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def live() -> Iterator[World]:
    with world() as made:
        made.start()
        yield made


def play(live: World, scenario: Scenario) -> list[Placed]:
    """Send a scenario's steps; where only time passes, the clock's tick. The entries of its account."""
    for step in scenario.steps:
        sent = live.send_all((message.topic, message.key, message.value, message.partition) for message in step.messages)
        if not sent:
            sent = live.tick(step.tick_ms, [partition_of(scenario.account.encode(), PARTITIONS)])
        found = live.until_journalled(sent)
    return [placed for placed in found if placed.entry.account == scenario.account]


def effects(found: list[Placed], kind: type) -> list[Any]:
    return [effect for placed in found for effect in placed.entry.effects if type(effect) is kind]


def past(days: int) -> int:
    """Ten in the morning in New York on a Tuesday, at least so many days ago."""
    now = int(time.time() * 1000) - days * DAY_MS
    tuesday = now - (now // DAY_MS - 5) % 7 * DAY_MS
    return tuesday // DAY_MS * DAY_MS + 15 * 3_600_000


def test_urgent_care_is_preapproved_at_once_and_credited_to_the_hospital(live: World) -> None:
    """5.1: $1,000 asked for, approved, and on the hospital's account before the patient is admitted."""
    scenario = er_preapproval("live", past(40))
    found = play(live, scenario)
    transaction = scenario.transactions["preapproval"]

    (asked,) = [placed.entry for placed in found if placed.entry.type == "payment.initiated.v1"]
    assert [effect.status for effect in effects([Placed(0, asked)], fx.Decided)] == ["approved"]
    assert effects([Placed(0, asked)], fx.Posted) == [
        fx.Posted("holds", "hospital_payable", 100_000, "H01", transaction, "pre-approved credit")
    ]
    told = live.until_published(1, topics.DECISIONS, lambda event: event["type"] == "billing.credit_applied.v1")
    assert [(event["subject"], event["data"]["amount"], event["data"]["hospital_id"]) for event in told] == [
        (scenario.account, "1000.00", "H01")
    ]
    changes = live.until_published(3, topics.DECISIONS, lambda event: _of(event, transaction, "payment.status_changed.v1"))
    assert [event["data"]["status"] for event in changes][:3] == ["approved", "submitted", "settled"]
    assert [event["data"]["status_code"] for event in changes][:3] == ["P", "P", "S"]
    (entry,) = live.until_published(1, topics.ENTRIES, lambda event: _of(event, transaction))
    assert (entry["data"]["side"], entry["data"]["company_entry_description"]) == ("credit", "DISBURSE")


def test_monthly_repayments_match_by_themselves_and_the_rest_is_flagged(live: World) -> None:
    """5.2: three repayments find their instalments; one for somebody else's invoice pays what is owed, the rest is an exception."""
    scenario = monthly_reconciliation("live", past(100))
    found = play(live, scenario)

    matched = effects(found, fx.Matched)
    paid = {name: sum(part.amount_cents for part in matched if part.source_id == source) for name, source in scenario.transactions.items()}
    assert paid == {"by_reference": 25_000, "by_id": 25_000, "partial": 10_000, "foreign_reference": 40_000}
    (opened,) = effects(found, fx.ExceptionOpened)
    foreign = scenario.transactions["foreign_reference"]
    assert (opened.code, opened.about, opened.amount_cents) == ("OVERPAID", foreign, 99_999 - 40_000)
    (flagged,) = live.until_published(
        1, topics.EXCEPTIONS, lambda event: event["subject"] == scenario.account and event["type"] == "exception.opened.v1"
    )
    assert flagged["data"]["amount"] == "599.99"
    debited, credited = Counter[str](), Counter[str]()
    for posting in effects(found, fx.Posted):
        debited[posting.debit] += posting.amount_cents
        credited[posting.credit] += posting.amount_cents
    assert debited.total() == credited.total()
    assert debited["patient_receivable"] == credited["patient_receivable"] == 100_000
    assert (debited["cash"], credited["suspense"]) == (100_000 + 59_999, 59_999)


def test_a_return_for_funds_is_told_and_presented_again_five_days_later(live: World) -> None:
    """5.3: R01 (Nacha's insufficient funds); the webhook says when it is tried again, the patient gets an SMS, RETRY PYMT follows."""
    scenario = returned_for_funds("live", past(60))
    found = play(live, scenario)
    transaction = scenario.transactions["repayment"]

    webhooks = live.until_published(2, topics.WEBHOOKS, lambda event: _of(event, transaction))
    assert [(event["data"]["status"], event["data"]["balance"]) for event in webhooks] == [("returned", "312.50"), ("settled", "0.00")]
    (problem,) = webhooks[0]["data"]["exceptions"]
    assert (problem["code"], problem["error_code"], problem["reason"]) == ("PAYMENT_RETURNED", "R01", "insufficient_funds")
    (retry,) = effects(found, fx.RetryScheduled)
    assert problem["retry_date"] == time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(retry.at_ms / 1000))
    (returned,) = [placed.entry for placed in found if placed.entry.type == "payment.returned.v1"]
    days = (retry.at_ms - returned.at_ms) / DAY_MS
    assert 4 <= days <= 9, "five days, rolled forward to a banking day"
    assert time.gmtime(retry.at_ms / 1000).tm_wday < 5

    told = live.until_published(3, topics.NOTIFICATIONS, lambda event: _of(event, transaction))
    assert {(event["data"]["channel"], event["data"]["template"]) for event in told} >= {("sms", "retry_scheduled"), ("sms", "retry")}
    entries = live.until_published(2, topics.ENTRIES, lambda event: _of(event, transaction))
    assert [(event["data"]["attempt"], event["data"]["company_entry_description"], event["data"]["amount"]) for event in entries] == [
        (1, "PATIENTPAY", "312.50"),
        (2, "RETRY PYMT", "312.50"),
    ]
    assert [part.amount_cents for part in effects(found, fx.Matched)] == [31_250]
    assert [move.status for move in effects(found, fx.Moved)] == [
        "submitted",
        "returned",
        "retry_scheduled",
        "approved",
        "submitted",
        "settled",
    ]


def _of(event: dict[str, Any], transaction: str, kind: str = "") -> bool:
    return event["data"].get("transaction_id") == transaction and kind in {"", event["type"]}
