"""What the windows of hospitals and patients tell: an event among the others, so that their alerts are journalled like any alert."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.envelope import Envelope, Token
from ledger.money import Cents
from ledger.personal import PSEUDONYM, personal


class WindowExceededData(Struct, frozen=True, kw_only=True):
    """A payment or return took a window beyond what its watch calls usual. It is told in that payment's account."""

    credit_reference: Token
    window_id: Token
    """derived from subject, watch and window: the same window is told once"""
    watch: Token
    severity: Literal["low", "medium", "high", "critical"]
    subject: Annotated[Token, personal(PSEUDONYM)]
    """hospital, or patient"""
    transaction_id: Token
    hospital_id: Token
    amount: Cents
    policy: Token
    """version of the rule book that the watch is of"""
    explanation: Annotated[str, Meta(max_length=1_000)]


class WindowExceeded(Envelope, frozen=True, kw_only=True, tag="window.exceeded.v1"):
    data: WindowExceededData
