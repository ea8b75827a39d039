"""What notices of change say of accounts, sealed for the patient: outside the sandbox it never lies in the clear.

A correction is tied to the bank account that it speaks of, not to the credit account: a patient's other accounts stay as they are, and so
does one that CREDIT has named anew since.
"""

from collections.abc import Callable
from hashlib import sha256

import msgspec

from ach.notices import Correction
from journal.keys.sealer import Sealer, Unopened
from journal.keys.store import SubjectErasedError
from ledger.seal import identity
from sinks.ach.lineage import SentEntry

EVENT = "account.corrected.v1"
FIELD = "correction"
"""event and field: both are a part of what the sealed text is bound to"""
_KEY_HEX = 32
_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Correction).decode

SealCorrection = Callable[[SentEntry, Correction], str]
"""Seals what a notice says of an entry's account; empty when there is nobody to seal it for."""


def account_key(instrument: str) -> str:
    """What tells a sealed instrument's account from another without opening it; empty for none."""
    return sha256(identity(instrument).encode()).hexdigest()[:_KEY_HEX] if instrument else ""


def sealing(sealer: Sealer) -> SealCorrection:
    """Seals for the entry's patient; nothing for one who was erased. What it gives back raises KeyAccessError without the master key."""

    def seal(entry: SentEntry, correction: Correction) -> str:
        if not entry.patient_id or not entry.account_key:
            return ""
        try:
            return sealer.seal(entry.patient_id, EVENT, FIELD, _encode(correction))
        except SubjectErasedError:
            return ""

    return seal


def sealing_nothing(_entry: SentEntry, _correction: Correction) -> str:
    """For a process that says nothing of what it reads."""
    return ""


def open_correction(sealer: Sealer, sealed: str, patient_id: str) -> Correction | None:
    """The correction; None when it cannot be opened. Raises KeyAccessError when the master key is not held."""
    plain = sealer.open(sealed, EVENT, FIELD, patient_id)
    if isinstance(plain, Unopened):
        return None
    try:
        return _decode(plain)
    except msgspec.MsgspecError:
        return None
