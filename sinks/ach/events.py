"""What the rail says to the ledger: CloudEvents on the bank's topic, with ids that follow from files and trace numbers."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgspec

from ledger.money import money
from sinks.ach.filecut import SOURCE
from sinks.ach.ids import derived

_encode = msgspec.json.Encoder().encode


class Message(NamedTuple):
    """An event that is ready to be produced on a topic."""

    key: bytes
    value: bytes


def submitted(
    account: str,
    transaction_id: str,
    file_id: str,
    trace_number: str,
    effective: date,
    at: datetime,
    *,
    corrected: bool = False,
    prenote: bool = False,
) -> Message:
    """The entry is in a file that is with the bank; `corrected`: as a notice of change wants it; `prenote`: it moves no money."""
    data: dict[str, Any] = {
        "transaction_id": transaction_id,
        "trace_number": trace_number,
        "file_id": file_id,
        "effective_date": effective.isoformat(),
        "corrected": corrected,
    }
    if prenote:
        data["prenote"] = True
    return event("payment.submitted.v1", derived("submitted", file_id, trace_number), account, at, data)


def failed(account: str, transaction_id: str, attempt: int, reason: str, at: datetime) -> Message:
    """The entry never reached the network."""
    return event(
        "payment.failed.v1", derived("failed", transaction_id, attempt), account, at, {"transaction_id": transaction_id, "reason": reason}
    )


def settled(
    account: str, transaction_id: str, hospital_id: str, trace_number: str, file_id: str, amount_cents: int, day: date, at: datetime
) -> Message:
    """The bank settled the entry on this day."""
    data = {
        "transaction_id": transaction_id,
        "amount": money(amount_cents),
        "currency": "USD",
        "settlement_date": day.isoformat(),
        "trace_number": trace_number,
        "hospital_id": hospital_id,
    }
    return event("payment.settled.v1", derived("settled", file_id, trace_number), account, at, data)


def returned(
    identity: str,
    account: str,
    transaction_id: str,
    trace_number: str,
    code: str,
    amount_cents: int,
    day: date,
    at: datetime,
    *,
    prenote: bool = False,
) -> Message:
    """The receiving bank sent the entry, or the prenote, back."""
    data: dict[str, Any] = {
        "transaction_id": transaction_id,
        "return_code": code,
        "return_date": day.isoformat(),
        "amount": money(amount_cents),
        "currency": "USD",
        "trace_number": trace_number,
    }
    if prenote:
        data["prenote"] = True
    return event("payment.returned.v1", identity, account, at, data)


def changed(
    identity: str, account: str, transaction_id: str, trace_number: str, code: str, fields: tuple[str, ...], day: date, at: datetime
) -> Message:
    """The receiving bank wants the next entry corrected. What it says of the account is not in the event."""
    data = {
        "transaction_id": transaction_id,
        "change_code": code,
        "notice_date": day.isoformat(),
        "trace_number": trace_number,
        "fields": fields,
    }
    return event("account.changed.v1", identity, account, at, data)


def disputed(
    stage: str, identity: str, account: str, transaction_id: str, trace_number: str, code: str, amount_cents: int, day: date, at: datetime
) -> Message:
    """A return was dishonored by our bank, or that was contested by theirs (`stage` dishonored or contested)."""
    word = {"dishonored": "dishonor", "contested": "contest"}[stage]
    data = {
        "transaction_id": transaction_id,
        f"{word}_code": code,
        f"{word}_date": day.isoformat(),
        "amount": money(amount_cents),
        "currency": "USD",
        "trace_number": trace_number,
    }
    return event(f"return.{stage}.v1", identity, account, at, data)


def event(kind: str, identity: str, account: str, at: datetime, data: dict[str, Any]) -> Message:
    """A CloudEvent about one account; its credit reference is subject, key and part of the data."""
    value = {
        "specversion": "1.0",
        "id": identity,
        "source": SOURCE,
        "type": kind,
        "time": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "subject": account,
        "datacontenttype": "application/json",
        "data": {"credit_reference": account, **data},
    }
    return Message(account.encode(), _encode(value))
