"""What the ledger says to the rail: entries that are due, and payments that were canceled."""

from datetime import datetime
from sys import intern
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from ach.sec import PRENOTE
from ledger.money import cents

_CANCELED = b'"canceled"'


class Due(Struct, frozen=True, gc=False):
    """One entry that is to be sent, and where it stands in the topic of entries."""

    partition: int
    offset: int
    credit_reference: str
    transaction_id: str
    attempt: int
    side: str
    """credit or debit, as the receiver sees it"""
    amount_cents: int
    sec: str
    description: str
    hospital_id: str
    patient_id: str
    instrument: str

    @property
    def is_prenote(self) -> bool:
        """Whether it tries the account and moves no money."""
        return self.description == PRENOTE


class _Data(Struct):
    credit_reference: str
    transaction_id: str
    attempt: int
    side: str
    amount: str
    sec_code: str
    company_entry_description: str
    hospital_id: str
    patient_id: str = ""
    instrument: str = ""


class _Event(Struct, tag_field="type", tag="ach.entry_due.v1"):
    data: _Data


class _StatusData(Struct):
    transaction_id: str
    status: str


class _StatusChanged(Struct, tag_field="type", tag="payment.status_changed.v1"):
    time: Annotated[datetime, Meta(tz=True)]
    data: _StatusData


_decode = msgspec.json.Decoder(_Event).decode
_decode_status = msgspec.json.Decoder(_StatusChanged).decode


def decode(partition: int, offset: int, value: bytes) -> Due:
    """The entry in a message of the entries' topic. Raises msgspec.MsgspecError or ValueError for what the ledger never writes."""
    data = _decode(value).data
    return Due(
        partition,
        offset,
        data.credit_reference,
        data.transaction_id,
        data.attempt,
        intern(data.side),
        cents(data.amount),
        intern(data.sec_code),
        intern(data.company_entry_description),
        intern(data.hospital_id),
        data.patient_id,
        data.instrument,
    )


def canceled(value: bytes) -> str:
    """The payment that this decision cancels; empty when it is another decision."""
    if _CANCELED not in value:
        return ""
    try:
        data = _decode_status(value).data
    except msgspec.ValidationError:
        return ""  # another type of event, with the word in one of its texts
    return data.transaction_id if data.status == "canceled" else ""
