"""What all events that come in have in common."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.personal import FREE_TEXT, personal

# `$` alone would let a line feed pass at the end
Token = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@/+=-]*$(?!\n)")]
"""An opaque identifier; never personal data."""
OptionalToken = Annotated[str, Meta(max_length=128, pattern=r"^[A-Za-z0-9._:@/+=-]*$(?!\n)")]
Text = Annotated[str, Meta(max_length=500), personal(FREE_TEXT)]


class Data(Struct, frozen=True, kw_only=True, gc=False):
    """What every payload names: the account, which is also the message's key."""

    credit_reference: Token


class Envelope(Struct, frozen=True, kw_only=True, gc=False, tag_field="type"):
    """CloudEvents attributes; `type` selects the class."""

    id: Annotated[str, Meta(min_length=1, max_length=256)]
    source: Annotated[str, Meta(min_length=1, max_length=256)]
    time: Annotated[datetime, Meta(tz=True)]
    specversion: Literal["1.0"]
    subject: Annotated[str, Meta(max_length=256)] = ""
    traceparent: Annotated[str, Meta(max_length=64)] = ""
    idempotencykey: Annotated[str, Meta(max_length=256)] = ""
