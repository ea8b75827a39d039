"""Evidence of one payment as a file: the journal records that hold it, the hashes of the chain between them, and a signature over it all.

Who has the file and the signer's public key can check, without any server, that the records are the ones that were signed, that each is
what its hash says, and that each names the one before. What the hashes in between stand for is not in the file: that is in the journal.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from journal.chain import Accepted, Place, read_head
from ledger.record import Link, digest

FORMAT: Final = "hms-ach.evidence.v1"


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A journal record whole: where it lies, what its hash is said to be, and its bytes."""

    partition: int
    sequence: int
    offset: int
    hash: str
    value: bytes


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hashes of all records of a partition from `first` on, up to the payment's last one."""

    partition: int
    first: int
    hashes: tuple[str, ...]


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed. `trace` is the payment's trace as the API tells it, made of `records` alone."""

    format: str
    transaction_id: str
    credit_reference: str
    made_at: str
    made_for: str
    trace: Mapping[str, Any]
    records: tuple[Held, ...]
    chains: tuple[Run, ...]


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    payload: Payload
    key: bytes
    """the signer's Ed25519 public key, raw"""
    signature: bytes


class Fault(NamedTuple):
    """Something that does not hold, and where."""

    check: str
    what: str


_decode = msgspec.json.Decoder(Bundle).decode


def canonical(payload: Payload) -> bytes:
    """The bytes that are signed: JSON with its keys in order and nothing between."""
    return msgspec.json.encode(payload, order="sorted")


def signed(payload: Payload, key: Ed25519PrivateKey) -> bytes:
    """The file's bytes."""
    bundle = Bundle(payload, key.public_key().public_bytes_raw(), key.sign(canonical(payload)))
    return msgspec.json.encode(bundle, order="sorted")


def read(data: bytes) -> Bundle | str:
    """The bundle in a file, or the sentence that says why it is none."""
    try:
        bundle = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return f"The file is no evidence bundle: {error}."
    if bundle.payload.format != FORMAT:
        return f"The file has the format {bundle.payload.format}; this program reads {FORMAT}."
    return bundle


def fingerprint(key: bytes) -> str:
    """How people compare a public key: SHA-256 of its bytes, in groups of eight."""
    text = hashlib.sha256(key).hexdigest()
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))


def faults(bundle: Bundle, known: bytes) -> Iterator[Fault]:
    """All that does not hold: the signer, the signature, the records' hashes, the chain. `known` is the public key to trust."""
    if bundle.key != known:
        yield Fault("signer", f"signed by the key {fingerprint(bundle.key)}, not by the one that is trusted")
    try:
        Ed25519PublicKey.from_public_bytes(bundle.key).verify(bundle.signature, canonical(bundle.payload))
    except (InvalidSignature, ValueError):
        yield Fault("signature", "the content is not what was signed")
    if not bundle.payload.records:
        yield Fault("records", "the bundle holds no journal record")
    runs = {run.partition: run for run in bundle.payload.chains}
    for held in bundle.payload.records:
        yield from _record(held, runs.get(held.partition))


def accepted(held: Held) -> Accepted:
    """The record as a reader of the journal has it."""
    return Accepted(held.partition, held.offset, held.value, Place(held.offset + 1, Link(held.sequence + 1, held.hash)))


def _record(held: Held, run: Run | None) -> Iterator[Fault]:
    where = f"partition {held.partition}, record {held.sequence}"
    if digest(held.value) != held.hash:
        yield Fault("hash", f"{where}: its bytes have another hash than is stated")
    head = read_head(held.value)
    if head is None or (head.partition, head.sequence) != (held.partition, held.sequence):
        yield Fault("record", f"{where}: its bytes are not this record")
        return
    place = held.sequence - run.first if run else -1
    if run is None or not 0 <= place < len(run.hashes):
        yield Fault("chain", f"{where}: it is not on the chain that the bundle states")
        return
    if run.hashes[place] != held.hash:
        yield Fault("chain", f"{where}: the chain states another hash")
    if place > 0 and run.hashes[place - 1] != head.previous:
        yield Fault("chain", f"{where}: it follows on another record than the chain states")
