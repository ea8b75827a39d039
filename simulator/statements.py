"""Statements of the bank and the clock, and a person's click, as messages.

Ids follow from what is said, so saying it again is the same event.
"""

from datetime import date

from journal.topics import CLOCK as CLOCK_TOPIC
from journal.topics import OPERATIONS, SETTLEMENTS
from ledger.money import money
from simulator.message import BANK, CLOCK, PEOPLE, Data, Entry, Message, envelope, message

CLOCK_KEY = b"clock"


def submitted(entry: Entry, at_ms: int, trace_number: str, file_id: str, effective: date) -> Message:
    """The entry left for the network; one without money is a prenote."""
    data: Data = {"trace_number": trace_number, "file_id": file_id, "effective_date": effective.isoformat()}
    if not entry.amount_cents:
        data["prenote"] = True
    return _of_entry("submitted", entry, at_ms, data)


def settled(entry: Entry, at_ms: int, trace_number: str, day: date) -> Message:
    """The entry settled on this banking day."""
    data: Data = {
        "amount": money(entry.amount_cents),
        "currency": "USD",
        "settlement_date": day.isoformat(),
        "trace_number": trace_number,
        "hospital_id": entry.hospital_id,
    }
    return _of_entry("settled", entry, at_ms, data)


def returned(entry: Entry, at_ms: int, trace_number: str, day: date, code: str) -> Message:
    """The receiving bank sent the entry back for this reason."""
    data: Data = {
        "return_code": code,
        "return_date": day.isoformat(),
        "amount": money(entry.amount_cents),
        "currency": "USD",
        "trace_number": trace_number,
    }
    return _of_entry("returned", entry, at_ms, data)


def failed(entry: Entry, at_ms: int) -> Message:
    """The file with the entry was rejected."""
    return _of_entry("failed", entry, at_ms, {"reason": "file rejected by the operator: batch out of balance"})


def deposit(
    deposit_id: str, account: str, hospital_id: str, at_ms: int, amount_cents: int, day: date, reference: str, balance_id: str = ""
) -> Message:
    """Money came in without a payment of ours."""
    data: Data = {
        "deposit_id": deposit_id,
        "hospital_id": hospital_id,
        "amount": money(amount_cents),
        "currency": "USD",
        "settlement_date": day.isoformat(),
        "reference": reference,
        "balance_id": balance_id,
    }
    return message(SETTLEMENTS, BANK, "deposit.received.v1", deposit_id, at_ms, account, data)


def advised(
    deposit_id: str, account: str, hospital_id: str, at_ms: int, amount_cents: int, day: date, reference: str, balance_id: str
) -> Message:
    """The remittance advice of an insurer's deposit, which pays this one bill; `reference` is the deposit's, and holds the trace."""
    _, _, number, payer = reference.split(":")
    data: Data = {
        "advice_id": f"835-{deposit_id}",
        "hospital_id": hospital_id,
        "reassociation_trace": number,
        "payer_id": payer,
        "amount": money(amount_cents),
        "payment_date": day.isoformat(),
        "bills": [{"bill": balance_id, "amount": money(amount_cents)}],
    }
    return message(SETTLEMENTS, BANK, "remittance.advised.v1", f"835-{deposit_id}", at_ms, account, data)


def reviewed(account: str, transaction_id: str, at_ms: int, verdict: str, reviewer: str, comment: str) -> Message:
    """A person decided on a held payment."""
    data: Data = {"transaction_id": transaction_id, "verdict": verdict, "reviewer": reviewer, "comment": comment}
    sent = message(OPERATIONS, PEOPLE, "payment.reviewed.v1", f"review:{transaction_id}", at_ms, account, data)
    return sent._replace(reviews=transaction_id)


def ticks(at_ms: int, partitions: int) -> list[Message]:
    """The clock, told to every partition by its number."""
    return [
        Message(at_ms, CLOCK_TOPIC, CLOCK_KEY, envelope(CLOCK, "tick.v1", f"tick:{at_ms}:{number}", at_ms, "", {}), number)
        for number in range(partitions)
    ]


def _of_entry(word: str, entry: Entry, at_ms: int, data: Data) -> Message:
    data["transaction_id"] = entry.transaction_id
    event_id = f"bank:{entry.transaction_id}:{entry.attempt}:{word}"
    return message(SETTLEMENTS, BANK, f"payment.{word}.v1", event_id, at_ms, entry.account, data)
