"""A message of an outbox: due, until it has arrived or is given up."""

import msgspec
from msgspec import Struct


class Due(Struct, frozen=True, gc=False):
    """One event of an outbox and where it stands there. `value` is the event as it was written."""

    partition: int
    offset: int
    id: str
    """CloudEvents id: derived from its cause, so the same for ever"""
    type: str
    account: str
    value: bytes


class _Head(Struct):
    id: str
    type: str
    subject: str


_decode = msgspec.json.Decoder(_Head).decode


def read(partition: int, offset: int, value: bytes) -> Due:
    """The event at this place. Raises msgspec.MsgspecError for what the relay never writes."""
    head = _decode(value)
    return Due(partition, offset, head.id, head.type, head.subject, value)
