"""What stands in a sealed instrument: an account at a bank and the name on it, as JSON before it is sealed."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

FIELD = "instrument"
EVENT = "payment.initiated.v1"
"""the event whose field it is: both are a part of what the sealed text is bound to"""


class BankAccount(Struct, frozen=True, forbid_unknown_fields=True):
    """The receiver's account (Nacha Operating Rules, Appendix Three: fields RDFI identification, DFI account number, name)."""

    routing_number: Annotated[str, Meta(pattern=r"^[0-9]{9}$(?!\n)")]
    account_number: Annotated[str, Meta(pattern=r"^[A-Za-z0-9 -]{1,17}$(?!\n)")]
    name: Annotated[str, Meta(min_length=1, max_length=96)]
    """cut to the length that the batch's entry class has room for when the file is made"""
    account_type: Literal["checking", "savings"] = "checking"


encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(BankAccount).decode


def decode(plain: bytes) -> BankAccount | None:
    """The account; None when the text is none."""
    try:
        return _decode(plain)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
