"""Rule books: checked, tried on the past, run beside the one in force, activated; and the phases of hospitals."""

from typing import Annotated, Literal

from pydantic import Field

from api.models.common import Answer, Asked, Instant, Money, OptionalToken, Token

BookText = Annotated[str, Field(min_length=1, max_length=60_000, description="TOML. Larger books: `hms-ach rules`.")]
Person = Annotated[OptionalToken, Field(description="Who does it, for the record: whoever is signed in, so it may be left out.")]
Phase = Literal["shadow", "assisted", "live", "paused", "debits_held"]


class ValidateRequest(Asked):
    """A book to check."""

    text: BookText


class LintFinding(Answer):
    """One error."""

    line: int
    where: str
    message: str


class ValidateAnswer(Answer):
    """Every error at once, in order of lines."""

    valid: bool
    version: str | None
    rules: int
    errors: list[LintFinding]


class ActivateRequest(Asked):
    """A book to put in force: its text, or, to roll back, a version that was in force before."""

    text: BookText | None = None
    version: Token | None = None
    activated_by: Person = ""


class ShadowRequest(Asked):
    """A book to run beside the one in force; an empty text ends the one that runs."""

    text: Annotated[str, Field(max_length=60_000)]
    shadowed_by: Person = ""


class RolloutRequest(Asked):
    """A phase for a hospital."""

    hospital_id: Token
    phase: Phase
    changed_by: Person = ""


class PartitionAnswer(Answer):
    """What one partition's journal says. `already`: it was so before; `silent`: not answered yet, but certain to be."""

    partition: int
    word: Literal["done", "already", "refused", "silent"]
    reason: str
    detail: str


class Announced(Answer):
    """What all partitions say. Repeat the request as often as needed."""

    agreed: bool
    partitions: list[PartitionAnswer]


class BookVersion(Answer):
    """A version that was in force, and can be again."""

    version: str
    activated_at: Annotated[Instant | None, Field(description="The last time; null for the book that ships and was never activated.")]
    activated_by: str


class BookVersions(Answer):
    """Every version that was ever in force."""

    versions: list[BookVersion]


class BookAnswer(Answer):
    """A book's text."""

    version: str
    text: str


class Total(Answer):
    """Payments, their money, and how many came back, by Nacha code."""

    payments: int
    amount: Money
    returned: dict[str, int]
    returned_amount: Money


class Change(Total):
    """Payments that were decided one way and would have been decided another."""

    recorded: str
    candidate: str
    examples: list[str]


class RuleTotal(Total):
    """What one rule of the candidate fires on."""

    rule: str


class BacktestReport(Answer):
    """A candidate against the record."""

    version: str
    differing: int
    sentences: list[str]
    total: Total
    changes: list[Change]
    rules: list[RuleTotal]


class BacktestAnswer(Answer):
    """A back-test: `done` of `total` journal records are read; the report comes with the last one."""

    id: str
    state: Literal["running", "finished", "failed"]
    version: str
    done: int
    total: int
    report: BacktestReport | None


class ShadowRunning(Answer):
    """The shadow of one partition."""

    partition: int
    version: str
    since: Instant
    shadowed_by: str


class ShadowDiffers(Answer):
    """Payments that the shadow would have decided otherwise, and later events (`alert high`, `no alert`), since it began."""

    version: str
    recorded: str
    shadow: str
    payments: int
    amount: Money
    returned: dict[str, int]
    examples: list[str]


class ShadowAnswer(Answer):
    """What runs as a shadow, and what it says. The numbers of the last shadow stay when it has ended."""

    running: list[ShadowRunning]
    differing: list[ShadowDiffers]


class HospitalPhase(Answer):
    """A hospital's phase; two while a change is on its way."""

    hospital_id: str
    phases: list[Phase]
    since: Instant
    changed_by: str


class RolloutAnswer(Answer):
    """Hospitals that an event has spoken of; every other one is live."""

    hospitals: list[HospitalPhase]
