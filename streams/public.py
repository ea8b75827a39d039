"""Effects as public events: CloudEvents in structured JSON, with the effect's derived id, keyed by credit reference.

The same entry always gives the same bytes, so that a reader may drop repeats by id.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from journal import topics
from ledger import effects as fx
from ledger.account import LETTER, Status
from ledger.governance import alert_id
from ledger.ids import effect_id
from ledger.money import money
from ledger.record import Entry
from ledger.sla import suggested_action
from streams.engine.machine import Output

SOURCE = "/hms-ach/ledger"
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_json = msgspec.json.Encoder().encode
_SAME_OF_ALL = (
    ("content-type", b"application/cloudevents+json; charset=UTF-8"),
    ("ce_specversion", b"1.0"),
    ("ce_source", SOURCE.encode()),
)
_LETTERS = {status.value: letter for status, letter in LETTER.items()}


def outputs(partition: int, sources: Sequence[str], entries: Sequence[Entry]) -> Iterator[Output]:
    """Public messages of journalled entries, in the order of their effects."""
    for entry in entries:
        told = [(number, effect, rule) for number, effect in enumerate(entry.effects) if (rule := _PUBLIC.get(type(effect)))]
        if not told:
            continue
        topic, ordinal, event = sources[entry.source], entry.ordinal, _Event(entry)
        for number, effect, (where, kind, data_of) in told:
            own = effect_id(topic, partition, entry.offset, ordinal + number)
            identity = alert_id(effect.alert, effect.window, own) if type(effect) is fx.AlertRaised else own
            yield event.output(where, kind, identity, data_of(effect))


class _Event:
    """What all public events of an entry have in common."""

    def __init__(self, entry: Entry) -> None:
        time, account = instant(entry.at_ms), entry.account.encode()
        self._key = account
        self._after_type = {**({"subject": entry.account} if account else {}), "time": time, "datacontenttype": "application/json"}
        self._reference = {"credit_reference": entry.account}
        self._cause = {"event_id": entry.event_id, "type": entry.type}
        self._last = (*((("ce_subject", account),) if account else ()), ("ce_time", time.encode()))

    def output(self, topic: str, kind: str, identity: str, data: dict[str, Any]) -> Output:
        """The message of one effect."""
        data = {**self._reference, **data, "cause": self._cause}
        value = {"specversion": "1.0", "id": identity, "source": SOURCE, "type": kind, **self._after_type, "data": data}
        headers = (*_SAME_OF_ALL, ("ce_id", identity.encode()), ("ce_type", kind.encode()), *self._last)
        return Output(topic, self._key, _json(value), headers)


def instant(at_ms: int) -> str:
    """RFC 3339 time in UTC with milliseconds."""
    days, rest = divmod(at_ms, 86_400_000)
    seconds, milliseconds = divmod(rest, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{_day(days)}T{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{milliseconds:03}Z"


@lru_cache(maxsize=512)
def _day(days: int) -> str:
    """ISO date of a number of days since 1970."""
    return date.fromordinal(_EPOCH_DAY + days).isoformat()


def _decided(effect: fx.Decided) -> dict[str, Any]:
    return {
        "transaction_id": effect.transaction_id,
        "status": effect.status,
        "status_code": _LETTERS[effect.status],
        "policy": effect.policy,
        "score": effect.score,
        "rules": [
            {"rule": fired.rule, "outcome": fired.outcome, "explanation": fired.explanation, "severity": fired.severity}
            for fired in effect.fired
        ],
        "explanation": effect.explanation,
        "reviewer": effect.reviewer,
        "reason": effect.reason,
        "trace": _trace(effect.transaction_id),
    }


def _moved(effect: fx.Moved) -> dict[str, Any]:
    return {
        "transaction_id": effect.transaction_id,
        "status": effect.status,
        "status_code": _LETTERS[effect.status],
        "error_code": effect.code,
        "reason": effect.reason,
        "date": effect.day,
        "trace_number": effect.trace_number,
        "trace": _trace(effect.transaction_id),
    }


def _credit_applied(effect: fx.CreditApplied) -> dict[str, Any]:
    return {
        "transaction_id": effect.transaction_id,
        "hospital_id": effect.hospital_id,
        "patient_id": effect.patient_id,
        "amount": money(effect.amount_cents),
        "currency": "USD",
        "trace": _trace(effect.transaction_id),
    }


def _alert(effect: fx.AlertRaised) -> dict[str, Any]:
    return {
        "alert": effect.alert,
        "severity": effect.severity,
        "about": effect.about,
        "explanation": effect.explanation,
        "rule": effect.rule,
        "policy": effect.policy,
        "hospital_id": effect.hospital_id,
        "amount": money(effect.amount_cents),
        "currency": "USD",
        "route": effect.route,
        "window": effect.window,
        "trace": _trace(effect.about),
    }


def _charged(effect: fx.Charged) -> dict[str, Any]:
    return {
        "balance_id": effect.balance_id,
        "component": effect.component,
        "name": effect.name,
        "parent_id": effect.parent_id,
        "about": effect.about,
        "amount": money(effect.amount_cents),
        "currency": "USD",
        "hospital_id": effect.hospital_id,
        "patient_id": effect.patient_id,
        "due_date": effect.due_date,
        "policy": effect.policy,
        "explanation": effect.explanation,
    }


def _waived(effect: fx.ChargeWaived) -> dict[str, Any]:
    return {"balance_id": effect.balance_id, "amount": money(effect.waived_cents), "currency": "USD", "reason": effect.reason}


def _recast(effect: fx.Recast) -> dict[str, Any]:
    return {
        "balance_id": effect.balance_id,
        "plan_id": effect.plan_id,
        "change": money(effect.change_cents),
        "currency": "USD",
        "policy": effect.policy,
    }


def _exception_opened(effect: fx.ExceptionOpened) -> dict[str, Any]:
    return {
        "exception_id": effect.exception_id,
        "code": effect.code,
        "severity": effect.severity,
        "about": effect.about,
        "amount": money(effect.amount_cents),
        "currency": "USD",
        "detail": effect.detail,
        "hospital_id": effect.hospital_id,
        "trace": _trace(effect.about),
        "due": instant(effect.due_ms) if effect.due_ms else None,
        "suggested_action": suggested_action(effect.code),
        "candidates": [{"balance_ids": ids, "score": score} for ids, score in effect.candidates],
    }


def _exception_closed(effect: fx.ExceptionClosed) -> dict[str, Any]:
    return {"exception_id": effect.exception_id, "how": effect.how, "actor": effect.actor}


def _webhook(effect: fx.WebhookDue) -> dict[str, Any]:
    return {
        "transaction_id": effect.transaction_id,
        "status": effect.status,
        "settlement_amount": money(effect.settlement_cents),
        "balance": money(effect.balance_cents),
        "currency": "USD",
        "exceptions": [
            {"code": code, "reason": reason, "error_code": error, "retry_date": instant(retry_ms) if retry_ms else None}
            for code, reason, error, retry_ms in effect.exceptions
        ],
    }


def _notification(effect: fx.NotificationDue) -> dict[str, Any]:
    return {
        "template": effect.template,
        "channel": effect.channel,
        "transaction_id": effect.transaction_id,
        "patient_id": effect.patient_id,
        "amount": money(effect.amount_cents),
        "currency": "USD",
        "not_before": instant(effect.at_ms) if effect.at_ms else None,
        "hospital_id": effect.hospital_id,
        "contact": effect.contact,
    }


def _consent(effect: fx.ConsentChanged) -> dict[str, Any]:
    return {"purpose": effect.purpose, "granted": effect.granted}


def _entry_due(effect: fx.EntryDue) -> dict[str, Any]:
    return {
        "transaction_id": effect.transaction_id,
        "attempt": effect.attempt,
        "side": effect.side,
        "amount": money(effect.amount_cents),
        "currency": "USD",
        "sec_code": effect.sec_code,
        "company_entry_description": effect.description,
        "hospital_id": effect.hospital_id,
        "patient_id": effect.patient_id,
        "instrument": effect.instrument,
    }


def _trace(transaction_id: str) -> str:
    return f"/api/v1/payments/{transaction_id}/trace"


_PUBLIC: dict[type, tuple[str, str, Callable[[Any], dict[str, Any]]]] = {
    fx.Decided: (topics.DECISIONS, "payment.status_changed.v1", _decided),
    fx.Moved: (topics.DECISIONS, "payment.status_changed.v1", _moved),
    fx.CreditApplied: (topics.DECISIONS, "billing.credit_applied.v1", _credit_applied),
    fx.Charged: (topics.DECISIONS, "billing.charged.v1", _charged),
    fx.ChargeWaived: (topics.DECISIONS, "billing.charge_waived.v1", _waived),
    fx.Recast: (topics.DECISIONS, "billing.plan_recast.v1", _recast),
    fx.AlertRaised: (topics.ALERTS, "alert.raised.v1", _alert),
    fx.ExceptionOpened: (topics.EXCEPTIONS, "exception.opened.v1", _exception_opened),
    fx.ExceptionClosed: (topics.EXCEPTIONS, "exception.closed.v1", _exception_closed),
    fx.WebhookDue: (topics.WEBHOOKS, "webhook.due.v1", _webhook),
    fx.NotificationDue: (topics.NOTIFICATIONS, "notification.due.v1", _notification),
    fx.ConsentChanged: (topics.NOTIFICATIONS, "consent.recorded.v1", _consent),
    fx.EntryDue: (topics.ENTRIES, "ach.entry_due.v1", _entry_due),
}

assert set(_LETTERS) == {status.value for status in Status}
