"""Types that every model uses."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ledger.money import cents, money
from ledger.personal import found_in, found_in_token

AMOUNT_PATTERN: Final = r"^(0|[1-9][0-9]{0,12})\.[0-9]{2}$"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Asked(BaseModel):
    """A body that somebody sends: unknown fields and loose types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Answer(BaseModel):
    """A body that we send."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _positive(text: str) -> str:
    try:
        value = cents(text)
    except ValueError as error:
        raise PydanticCustomError("amount", str(error)) from None
    if value <= 0:
        raise PydanticCustomError("amount", "an amount is more than zero")
    return text


Amount = Annotated[
    str, AfterValidator(_positive), Field(json_schema_extra={"pattern": AMOUNT_PATTERN}, examples=["1000.00"], description="Dollars.")
]
"""A positive amount as a client sends it."""
Money = Annotated[str, Field(pattern=r"^-?(0|[1-9][0-9]*)\.[0-9]{2}$", examples=["1000.00"])]
"""An amount as we send it; a minus sign in front where money was taken back."""
Currency = Annotated[Literal["USD"], Field(description="ISO 4217; domestic ACH moves US dollars alone.")]


def _opaque(text: str) -> str:
    return _without(text, found_in_token(text))


def _impersonal(text: str) -> str:
    return _without(text, found_in(text))


def _without(text: str, found: str) -> str:
    if found:
        raise PydanticCustomError("personal", "{found} may not stand here", {"found": found})
    return text


Token = Annotated[str, AfterValidator(_opaque), Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@/+=-]*$")]
"""An opaque identifier, never personal data."""
OptionalToken = Annotated[str, AfterValidator(_opaque), Field(max_length=128, pattern=r"^[A-Za-z0-9._:@/+=-]*$")]
Words = Annotated[str, AfterValidator(_impersonal)]
"""A person's words, which must not give anybody away."""
StatusCode = Annotated[Literal["P", "S", "F", "R"], Field(description="P pending, S settled, F failed, R returned.")]
Instant = Annotated[datetime, Field(description="RFC 3339, UTC.")]


class Links(Answer):
    """Where to go from here."""

    self: str
    trace: str
    balance: str


class Proof(Answer):
    """A record of the hash chain. `hash` is SHA-256 of the record's bytes at this Kafka offset, `previous` the one before it."""

    topic: Literal["ledger.journal.v1"] = "ledger.journal.v1"
    partition: int
    sequence: int
    offset: int
    previous: str
    hash: str


def instant(at_ms: int) -> datetime:
    """The instant of epoch milliseconds."""
    return _EPOCH + timedelta(milliseconds=at_ms)


def maybe_instant(at_ms: int) -> datetime | None:
    """The same; 0 is none."""
    return instant(at_ms) if at_ms else None


def epoch_ms(at: datetime) -> int:
    """Epoch milliseconds of an instant that carries an offset."""
    return (at - _EPOCH) // _MILLISECOND


def dollars(amount_cents: int) -> Money:
    """Money on the wire."""
    return money(amount_cents)
