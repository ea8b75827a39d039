"""Effects as public events: a case for every public effect, ids that follow from the position, the same bytes every time."""

import json
from uuid import UUID, uuid5

import pytest

from journal import topics
from ledger import effects as fx
from ledger.account import LETTER, Status
from ledger.policy import Fired
from ledger.record import Entry
from streams.public import _PUBLIC, outputs

NAMESPACE = UUID("5f0c6b0e-8d1f-5d0a-9d5e-1a3f5c7e9b11")
AT_MS = 1_772_445_600_250
RETRY_MS = 1_773_028_800_000
FIRED = (Fired("large", "review", "5000.01 is above 5000.00", "medium"),)
TRACE = {"trace": "/api/v1/payments/T1/trace"}
DOLLARS = {"amount": "12.34", "currency": "USD"}

CASES: list[tuple[fx.AnyEffect, str, str, dict[str, object]]] = [
    (
        fx.Decided("T1", "held", "table@1", 20, FIRED, "Held: 5000.01.", "", 0),
        topics.DECISIONS,
        "payment.status_changed.v1",
        {
            "transaction_id": "T1",
            "status": "held",
            "status_code": "P",
            "policy": "table@1",
            "score": 20,
            "rules": [{"rule": "large", "outcome": "review", "explanation": "5000.01 is above 5000.00", "severity": "medium"}],
            "explanation": "Held: 5000.01.",
            "reviewer": "",
            "reason": "",
            **TRACE,
        },
    ),
    (
        fx.Moved("T1", "returned", "R01", "insufficient_funds", "2026-03-02", "0910000", "F1", 5),
        topics.DECISIONS,
        "payment.status_changed.v1",
        {
            "transaction_id": "T1",
            "status": "returned",
            "status_code": "R",
            "error_code": "R01",
            "reason": "insufficient_funds",
            "date": "2026-03-02",
            "trace_number": "0910000",
            **TRACE,
        },
    ),
    (
        fx.CreditApplied("T1", "H1", "P1", 1234),
        topics.DECISIONS,
        "billing.credit_applied.v1",
        {"transaction_id": "T1", "hospital_id": "H1", "patient_id": "P1", **DOLLARS, **TRACE},
    ),
    (
        fx.AlertRaised("velocity", "high", "T1", "too many", "velocity", "table@1", "H1", 1234, ("risk",)),
        topics.ALERTS,
        "alert.raised.v1",
        {
            "alert": "velocity",
            "severity": "high",
            "about": "T1",
            "explanation": "too many",
            "rule": "velocity",
            "policy": "table@1",
            "hospital_id": "H1",
            "route": ["risk"],
            "window": "",
            **DOLLARS,
            **TRACE,
        },
    ),
    (
        fx.Charged("B1/late-fee", "fees", "late-fee", "B1", "B1", 1234, "H1", "P1", "2026-04-26", "table@1", "late"),
        topics.DECISIONS,
        "billing.charged.v1",
        {
            "balance_id": "B1/late-fee",
            "component": "fees",
            "name": "late-fee",
            "parent_id": "B1",
            "about": "B1",
            "hospital_id": "H1",
            "patient_id": "P1",
            "due_date": "2026-04-26",
            "policy": "table@1",
            "explanation": "late",
            **DOLLARS,
        },
    ),
    (
        fx.ChargeWaived("B1/late-fee", 1234, "in time"),
        topics.DECISIONS,
        "billing.charge_waived.v1",
        {"balance_id": "B1/late-fee", "reason": "in time", **DOLLARS},
    ),
    (
        fx.Recast("B2", "PL1", -1234, "table@1"),
        topics.DECISIONS,
        "billing.plan_recast.v1",
        {"balance_id": "B2", "plan_id": "PL1", "change": "-12.34", "currency": "USD", "policy": "table@1"},
    ),
    (
        fx.ExceptionOpened("T1/OVERPAID", "OVERPAID", "medium", "T1", 1234, "left over", "H1", RETRY_MS, ((("B1", "B2"), 55),)),
        topics.EXCEPTIONS,
        "exception.opened.v1",
        {
            "exception_id": "T1/OVERPAID",
            "code": "OVERPAID",
            "severity": "medium",
            "about": "T1",
            "detail": "left over",
            "hospital_id": "H1",
            "due": "2026-03-09T04:00:00.000Z",
            "suggested_action": "Match the rest with another balance, or propose a refund.",
            "candidates": [{"balance_ids": ["B1", "B2"], "score": 55}],
            **DOLLARS,
            **TRACE,
        },
    ),
    (
        fx.ExceptionClosed("T1/OVERPAID", "matched", "cara"),
        topics.EXCEPTIONS,
        "exception.closed.v1",
        {"exception_id": "T1/OVERPAID", "how": "matched", "actor": "cara"},
    ),
    (
        fx.WebhookDue("T1", "returned", 0, 31_250, (("PAYMENT_RETURNED", "insufficient_funds", "R01", RETRY_MS), ("X", "", "", 0))),
        topics.WEBHOOKS,
        "webhook.due.v1",
        {
            "transaction_id": "T1",
            "status": "returned",
            "settlement_amount": "0.00",
            "balance": "312.50",
            "currency": "USD",
            "exceptions": [
                {
                    "code": "PAYMENT_RETURNED",
                    "reason": "insufficient_funds",
                    "error_code": "R01",
                    "retry_date": "2026-03-09T04:00:00.000Z",
                },
                {"code": "X", "reason": "", "error_code": "", "retry_date": None},
            ],
        },
    ),
    (
        fx.NotificationDue("retry", "sms", "T1", "P1", 1234, RETRY_MS),
        topics.NOTIFICATIONS,
        "notification.due.v1",
        {
            "template": "retry",
            "channel": "sms",
            "transaction_id": "T1",
            "patient_id": "P1",
            "not_before": "2026-03-09T04:00:00.000Z",
            "hospital_id": "",
            "contact": "",
            **DOLLARS,
        },
    ),
    (
        fx.ConsentChanged("sms", False, "2", "US-NY"),
        topics.NOTIFICATIONS,
        "consent.recorded.v1",
        {"purpose": "sms", "granted": False},
    ),
    (
        fx.EntryDue("T1", 2, "debit", 1234, "WEB", "RETRY PYMT", "H1", "P1", "sealed"),
        topics.ENTRIES,
        "ach.entry_due.v1",
        {
            "transaction_id": "T1",
            "attempt": 2,
            "side": "debit",
            "sec_code": "WEB",
            "company_entry_description": "RETRY PYMT",
            "hospital_id": "H1",
            "patient_id": "P1",
            "instrument": "sealed",
            **DOLLARS,
        },
    ),
]
QUIET = (fx.Refused("DUPLICATE", "T1"), fx.Posted("cash", "suspense", 1, "H1", "T1"), fx.Suspended("T1", 1, "x"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[2]} {type(case[0]).__name__}")
def test_an_effect_as_its_public_event(case: tuple[fx.AnyEffect, str, str, dict[str, object]]) -> None:
    effect, topic, kind, data = case
    entry = Entry(1, 42, "e1", "payment.returned.v1", AT_MS, "CR-1", (*QUIET, effect), 7)
    (output,) = outputs(5, topics.INPUTS, [entry])
    identity = str(uuid5(NAMESPACE, f"{topics.SETTLEMENTS}|5|42|{7 + len(QUIET)}"))
    attributes = {
        "specversion": "1.0",
        "id": identity,
        "source": "/hms-ach/ledger",
        "type": kind,
        "subject": "CR-1",
        "time": "2026-03-02T10:00:00.250Z",
    }
    assert (output.topic, output.key) == (topic, b"CR-1")
    assert json.loads(output.value) == {
        **attributes,
        "datacontenttype": "application/json",
        "data": {"credit_reference": "CR-1", **data, "cause": {"event_id": "e1", "type": "payment.returned.v1"}},
    }
    headers = {name: value.decode() for name, value in output.headers}
    assert headers.pop("content-type") == "application/cloudevents+json; charset=UTF-8"
    assert headers == {f"ce_{name}": value for name, value in attributes.items()}


def test_every_public_effect_has_a_case() -> None:
    assert {type(effect) for effect, *_ in CASES} == set(_PUBLIC)
    assert {topic for topic, *_ in _PUBLIC.values()} == set(topics.PUBLIC)


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_the_letter_that_credit_knows(status: Status) -> None:
    entry = Entry(0, 1, "e", "t", AT_MS, "CR-1", (fx.Moved("T1", status.value),))
    (output,) = outputs(0, topics.INPUTS, [entry])
    assert json.loads(output.value)["data"]["status_code"] == LETTER[status]
    assert LETTER[status] in "PSFR"


def test_the_same_entries_give_the_same_bytes_and_ids_of_their_own() -> None:
    effects = tuple(effect for effect, *_ in CASES)
    entries = [
        Entry(0, 1, "e", "t", AT_MS, "CR-1", effects),
        Entry(0, 1, "e", "t", AT_MS, "CR-2", effects, len(effects)),
        Entry(1, 1, "e", "t", AT_MS, "CR-1", effects),
    ]
    once, again = list(outputs(3, topics.INPUTS, entries)), list(outputs(3, topics.INPUTS, entries))
    assert once == again
    elsewhere = list(outputs(4, topics.INPUTS, entries))
    ids = {json.loads(output.value)["id"] for output in (*once, *elsewhere)}
    assert len(ids) == len(once) * 2 == len(CASES) * 6
