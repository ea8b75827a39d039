"""Personal data: keys, what is held of a person, revealing, holding, erasing."""

from typing import Annotated, Literal

from pydantic import Field

from api.models.common import Answer, Asked, Instant, OptionalToken, Words


class PublicKey(Answer):
    """A public key as a JWK (RFC 7517): seal to it with ECDH-ES+A256KW and A256GCM, with this `kid`, and `ctx` in the protected header."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    kid: str
    use: Literal["enc"]
    alg: Literal["ECDH-ES+A256KW"]


class AccountStanding(Answer):
    """An account of a person."""

    credit_reference: str
    state: Annotated[Literal["", "erased", "restricted"], Field(description="restricted: to be erased once open payments have ended.")]
    legal_hold: bool


class ConsentStanding(Answer):
    """The latest word of a person for one purpose, in one account."""

    credit_reference: str
    purpose: str
    granted: Annotated[bool, Field(description="Given, or withdrawn.")]
    version: Annotated[str, Field(description="Of the text that was agreed to.")]
    jurisdiction: str
    at: Instant


class SubjectAnswer(Answer):
    """What is held of a person, without showing it."""

    patient_id: str
    accounts: list[AccountStanding]
    consents: list[ConsentStanding]
    sealed: Annotated[bool, Field(description="There is a key, so there may be sealed data.")]
    erased_at: Instant | None
    erased_by: str


class EraseRequest(Asked):
    """An erasure that was asked for."""

    ticket: Annotated[OptionalToken, Field(description="The case under which it was asked for.")] = ""
    requested_by: Annotated[OptionalToken, Field(description="Who does it, while nobody is signed in.")] = ""


class HoldRequest(Asked):
    """A legal hold begins or ends."""

    held: bool
    ticket: OptionalToken = ""
    requested_by: OptionalToken = ""


class AccountAnswer(Answer):
    """What the ledger said for one account."""

    credit_reference: str
    outcome: Literal["done", "already", "deferred", "refused"]
    reason: str = ""


class SubjectChanged(Answer):
    """What came of it in each account. `complete`: in all of them; then, after an erasure, the person's keys are destroyed."""

    patient_id: str
    complete: bool
    accounts: list[AccountAnswer]


class RevealRequest(Asked):
    """Why somebody must see it."""

    purpose: Annotated[Words, Field(min_length=1, max_length=200, description="Goes into the journal; holds no personal data.")]
    ticket: OptionalToken = ""
    requested_by: OptionalToken = ""


Deed = Literal["revealed", "hold_began", "hold_ended", "erased", "restricted"]


class LogLine(Answer):
    """What was done with a person's data in one account; `restricted`: to be erased once open payments have ended."""

    at: Instant
    what: Deed
    patient_id: str
    credit_reference: str
    by: str
    ticket: str
    purpose: Annotated[str, Field(description="Why it was revealed.")]
    transaction_id: Annotated[str, Field(description="The payment whose bank account was revealed.")]


class LogAnswer(Answer):
    """The log, newest first. `more`: there are older lines."""

    lines: list[LogLine]
    more: bool


class RevealAnswer(Answer):
    """A bank account in the clear. Not to be kept."""

    transaction_id: str
    routing_number: str
    account_number: str
    account_type: Literal["checking", "savings"]
    name: str
