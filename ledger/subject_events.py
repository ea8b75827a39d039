"""Events about a person's data: erasure, legal hold, and who looked at what. Each goes to every account of the person."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.envelope import Envelope, OptionalToken, Token
from ledger.personal import FREE_TEXT, PSEUDONYM, personal


class SubjectData(Struct, frozen=True, kw_only=True):
    """Whose data, in which account, and at whose word."""

    credit_reference: Token
    patient_id: Annotated[Token, personal(PSEUDONYM)]
    by: Token
    ticket: OptionalToken = ""
    """the case under which it was asked for"""


class ErasedData(SubjectData, frozen=True, kw_only=True):
    """The person's keys are to be destroyed."""


class HeldData(SubjectData, frozen=True, kw_only=True):
    """A legal hold begins or ends: while it lasts nothing is erased."""

    held: bool


class RevealedData(SubjectData, frozen=True, kw_only=True):
    """Somebody is shown a sealed field, for a purpose."""

    field: Literal["instrument", "contact"]
    transaction_id: OptionalToken = ""
    purpose: Annotated[str, Meta(min_length=1, max_length=200), personal(FREE_TEXT)]


class SubjectErased(Envelope, frozen=True, kw_only=True, tag="subject.erased.v1"):
    data: ErasedData


class SubjectHeld(Envelope, frozen=True, kw_only=True, tag="subject.held.v1"):
    data: HeldData


class SubjectRevealed(Envelope, frozen=True, kw_only=True, tag="subject.revealed.v1"):
    data: RevealedData


SubjectEvent = SubjectErased | SubjectHeld | SubjectRevealed
