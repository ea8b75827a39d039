"""The events of `ach.files.v1`: the cut, from which its files can always be made again; that its files are sent; a wish for a cut.

Cuts form a chain like the journal's records: each names the hash of the one before it, and the first to continue the chain
wins. So a paused and resumed rail can write, but not be believed.
"""

from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from ach.builder import Route
from ach.notices import Correction
from ach.outgoing import Originator
from ach.packing import Limits
from sinks.ach.ranges import Range

SOURCE = "/hms-ach/ach"
GENESIS = "0" * 64
REQUEST_SECONDS_MAX = 120
"""a wish for a cut that nobody answered so long is void"""

Instant = Annotated[datetime, Meta(tz=True)]


class Terms(Struct, frozen=True, kw_only=True):
    """Everything but the entries that a file is made of."""

    bank: str
    created: Instant
    route: Route
    limits: Limits
    originators: dict[str, Originator]
    """by hospital"""
    next_day: date
    """effective date of ordinary entries"""
    same_day: date | None = None
    """effective date of entries that settle on the same day, when the cut is for one"""
    window: str = ""
    """the same-day window that is asked for, as the company descriptive date says it"""
    same_day_limit_cents: int = 0
    mixed: bool = False
    sandbox: bool = False
    """accounts are made up"""
    corrections: dict[str, Correction] = {}
    """by credit reference: what notices of change have corrected, in the sandbox"""
    sealed_corrections: dict[str, tuple[str, ...]] = {}
    """by account key: the same outside of it, sealed, in the order in which it counts"""
    file_of_day: int
    first_sequence: int
    heartbeat: bool = False
    """nothing was to be sent: the one file has no batches"""


class MadeFile(Struct, frozen=True):
    """One file of a cut."""

    file_id: str
    name: str
    sha256: str
    lines: int
    entries: int
    debit_cents: int
    credit_cents: int


class CutData(Struct, frozen=True, kw_only=True):
    """A cut: the terms, the ranges of messages it takes, those of them that are left out and why, and the files that come of it."""

    number: int
    previous: str
    """hash of the cut before this one"""
    cut_off: str
    """what it was cut for: a cut-off, or a person's request"""
    terms: Terms
    ranges: list[Range]
    left_out: list[tuple[int, int, str]]
    """partition, offset and reason"""
    heard: list[tuple[int, int]]
    """partition and offset: every cancellation before it is in this cut or an earlier one"""
    files: list[MadeFile]
    next_file_of_day: int
    next_sequence: int


class SentData(Struct, frozen=True):
    """The files of this cut are in the outbox (and with the bank, if they are pushed), and every entry is announced."""

    number: int
    at: Instant


class RequestData(Struct, frozen=True):
    """Someone wants a cut now."""

    by: str = ""


class AnswerData(Struct, frozen=True):
    """Everything that waited when this wish was heard is cut."""

    request: str


class CorrectedData(Struct, frozen=True, kw_only=True):
    """A notice of change: the next entries to this account go out as it wants them. In the clear in the sandbox alone."""

    credit_reference: str
    transaction_id: str
    trace_number: str
    """of the entry that drew the notice"""
    code: str
    day: date
    apply_by: date
    """six banking days after the notice"""
    correction: Correction | None = None
    sealed: str = ""
    """the same, sealed for the patient"""
    account_key: str = ""
    """of the bank account that the sealed one speaks of"""


class Envelope(Struct, frozen=True, kw_only=True, tag_field="type"):
    """CloudEvents attributes."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str = SOURCE
    time: Instant


class FileCut(Envelope, frozen=True, kw_only=True, tag="file.cut.v1"):
    data: CutData


class FileSent(Envelope, frozen=True, kw_only=True, tag="file.sent.v1"):
    data: SentData


class CutRequested(Envelope, frozen=True, kw_only=True, tag="cut.requested.v1"):
    data: RequestData


class CutAnswered(Envelope, frozen=True, kw_only=True, tag="cut.answered.v1"):
    data: AnswerData


class AccountCorrected(Envelope, frozen=True, kw_only=True, tag="account.corrected.v1"):
    data: CorrectedData


FileEvent = FileCut | FileSent | CutRequested | CutAnswered | AccountCorrected
_decode: Callable[[bytes], FileEvent] = msgspec.json.Decoder(FileEvent).decode
encode = msgspec.json.Encoder(order="deterministic").encode


def decode(value: bytes) -> FileEvent:
    """The event in a message. Raises msgspec.MsgspecError for anything else."""
    return _decode(value)


def hash_of(value: bytes) -> str:
    """What the next cut names this one by."""
    return sha256(value).hexdigest()
