"""A payment's facts to its answers. Pure: the facts may come from ClickHouse, from the journal's latest records, or both."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from api.estimate import next_event, settles_ms
from api.explained import explained
from api.facts import Fact
from api.models.common import Links, StatusCode, dollars, instant, maybe_instant
from api.models.payment import HistoryItem, InitiateAnswer, InitiateRequest, NextEvent, Rule, StatusAnswer
from ledger.account import LETTER, Status
from ledger.effects import AnyEffect, Decided
from ledger.policy import Fired
from sinks.clickhouse.rows import INPUTS

PAYMENTS: Final = "payment_events"
_BAD: Final = frozenset({Status.DECLINED, Status.CANCELED, Status.FAILED, Status.RETURNED, Status.CHARGED_BACK, Status.RETRY_SCHEDULED})
_fired = msgspec.json.Decoder(list[Fired]).decode


def links(transaction_id: str, credit_reference: str) -> Links:
    """Where a payment can be looked at."""
    base = f"/api/v1/payments/{transaction_id}"
    return Links(self=f"{base}/status", trace=f"{base}/trace", balance=f"/api/v1/balances/{credit_reference}")


def letter(status: Status) -> StatusCode:
    """CREDIT's one-letter code."""
    return LETTER[status]  # type: ignore[return-value]


def rules_of(fired: Iterable[Fired]) -> list[Rule]:
    """The rules that fired, as we show them."""
    return [Rule(rule=each.rule, outcome=each.outcome, explanation=each.explanation, severity=each.severity) for each in fired]


def rules_in(text: str) -> list[Rule]:
    """The same out of a table's column."""
    return rules_of(_fired(text)) if text else []


def initiated(transaction_id: str, credit_reference: str, at_ms: int, effects: Sequence[AnyEffect]) -> InitiateAnswer | None:
    """The first answer, out of the effects of the event that asked for the payment; None when they hold no decision on it."""
    for effect in effects:
        if isinstance(effect, Decided) and effect.transaction_id == transaction_id:
            return _first(transaction_id, credit_reference, at_ms, effect.status, effect.explanation, effect.policy, rules_of(effect.fired))
    return None


def repeated(facts: Sequence[Fact], transaction_id: str) -> InitiateAnswer | None:
    """The first answer again, out of what is stored; None while nothing is."""
    for fact in _changes(facts, transaction_id):
        values = fact.values
        if values["kind"] == "decided":
            rules = rules_in(values["fired"])
            return _first(transaction_id, fact.account, fact.at_ms, values["status"], values["explanation"], values["policy"], rules)
    return None


def pending(transaction_id: str, credit_reference: str, at_ms: int) -> InitiateAnswer:
    """The answer while nothing is decided yet."""
    return InitiateAnswer(
        transaction_id=transaction_id,
        status="pending",
        status_code="P",
        estimated_time=maybe_instant(settles_ms(Status.RECEIVED, at_ms) or 0),
        links=links(transaction_id, credit_reference),
    )


def status_of(facts: Sequence[Fact], transaction_id: str) -> StatusAnswer | None:
    """How the payment stands, or None when no fact tells of its beginning."""
    changes = _changes(facts, transaction_id)
    begun = next((fact for fact in changes if fact.values["kind"] == "initiated"), None)
    if begun is None:
        return None
    inputs = {(fact.source_topic, fact.partition, fact.source_offset): fact for fact in facts if fact.table == INPUTS}
    last = next(fact for fact in reversed(changes) if fact.values["status"])
    status = Status(last.values["status"])
    error, reason = _what_went_wrong(status, last)
    settled = [fact.values["day"] for fact in changes if fact.values["status"] == Status.SETTLED and fact.values["day"]]
    due_ms = last.values["due_at"]
    estimate = settles_ms(status, last.at_ms, last.values["day"], due_ms)
    waits_for = next_event(status)
    return StatusAnswer(
        transaction_id=transaction_id,
        credit_reference=begun.account,
        status=status,
        status_code=letter(status),
        direction=begun.values["direction"],
        amount=dollars(begun.values["amount_cents"]),
        currency="USD",
        hospital_id=begun.values["hospital_id"],
        client_reference=begun.values["client_reference"],
        settlement_date=day_of(settled[-1]) if settled else None,
        error_code=error,
        reason=reason,
        estimated_time=maybe_instant(estimate or 0),
        next=NextEvent(event=waits_for, by=maybe_instant(due_ms)) if waits_for else None,
        history=_history(changes, inputs),
        links=links(transaction_id, begun.account),
    )


def day_of(text: str) -> dt.date | None:
    """A date of the tables; none when it is empty."""
    return dt.date.fromisoformat(text) if text else None


def _changes(facts: Iterable[Fact], transaction_id: str) -> list[Fact]:
    return [fact for fact in facts if fact.table == PAYMENTS and fact.values["transaction_id"] == transaction_id]


def _first(
    transaction_id: str, credit_reference: str, at_ms: int, status: str, explanation: str, policy: str, rules: list[Rule]
) -> InitiateAnswer:
    return InitiateAnswer(
        transaction_id=transaction_id,
        status=status,
        status_code=letter(Status(status)),
        estimated_time=maybe_instant(settles_ms(Status(status), at_ms) or 0),
        explanation=explained(status, explanation),
        policy=policy,
        rules=rules,
        links=links(transaction_id, credit_reference),
    )


def _what_went_wrong(status: Status, last: Fact) -> tuple[str | None, str | None]:
    if status not in _BAD:
        return None, None
    if last.values["kind"] == "decided":
        return status.value, last.values["explanation"] or None
    return last.values["code"] or status.value, last.values["reason"] or None


def _history(changes: Sequence[Fact], inputs: dict[Any, Fact]) -> list[HistoryItem]:
    """One item for each change of the status; the number of a re-presentment goes to the change that comes with it."""
    items: list[HistoryItem] = []
    attempt = 0
    for fact in changes:
        values = fact.values
        if values["kind"] == "retry":
            attempt = values["attempt"]
            continue
        cause = inputs.get((fact.source_topic, fact.partition, fact.source_offset))
        status = Status(values["status"])
        items.append(
            HistoryItem(
                status=status,
                status_code=letter(status),
                at=instant(fact.at_ms),
                posted_at=instant(fact.recorded_ms),
                cause=cause.values["type"] if cause else "",
                event_id=cause.values["event_id"] if cause else "",
                policy=values["policy"],
                rules=rules_in(values["fired"]),
                explanation=explained(values["status"], values["explanation"], values["reviewer"]) if values["kind"] == "decided" else "",
                reviewer=values["reviewer"],
                error_code=values["code"],
                reason=values["reason"],
                date=day_of(values["day"]),
                trace_number=values["trace_number"],
                attempt=attempt if status is Status.RETRY_SCHEDULED else 0,
            )
        )
        attempt = 0
    return items


def waiting_status(transaction_id: str, request: InitiateRequest, at_ms: int) -> StatusAnswer:
    """A payment that Kafka has and that nobody has decided yet."""
    return StatusAnswer(
        transaction_id=transaction_id,
        credit_reference=request.credit_reference,
        status=Status.RECEIVED,
        status_code="P",
        direction=request.direction,
        amount=request.amount,
        currency="USD",
        hospital_id=request.hospital_id,
        client_reference=request.client_reference,
        settlement_date=None,
        error_code=None,
        reason=None,
        estimated_time=maybe_instant(settles_ms(Status.RECEIVED, at_ms) or 0),
        next=NextEvent(event=next_event(Status.RECEIVED) or "", by=None),
        history=[],
        links=links(transaction_id, request.credit_reference),
    )
