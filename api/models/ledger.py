"""The ledger's postings as they are exported."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.models.common import Answer, Currency, Instant, Money

Basis = Literal["posted_at", "business_date"]
Format = Literal["json", "csv", "ndjson"]


class LedgerLine(Answer):
    """One posting: the amount is debited to one account and credited to another."""

    posting_id: Annotated[str, Field(description="Derived from the input's place in Kafka: the same in every export, for ever.")]
    posted_at: Annotated[Instant, Field(description="When the journal recorded it.")]
    event_time: Annotated[Instant, Field(description="The time of the event that caused it.")]
    business_date: Annotated[dt.date, Field(description="Banking day, New York, that the event belongs to.")]
    credit_reference: str
    hospital_id: str
    about: Annotated[str, Field(description="The transaction, deposit or balance that it belongs to.")]
    debit_account: str
    credit_account: str
    amount: Money
    currency: Currency
    memo: str
    journal_partition: int
    journal_sequence: Annotated[int, Field(description="Journal record that holds it, see the trace's proof.")]


class ControlTotals(Answer):
    """What all lines of the range add up to. A reader that does not arrive at the same has not read all of them."""

    count: int
    debits: Money
    credits: Money
    currency: Currency


class LedgerPage(Answer):
    """A page of postings, ordered by business date, journal partition and position. `totals` are those of the whole range."""

    basis: Basis
    from_: Annotated[str, Field(alias="from")]
    to: str
    lines: list[LedgerLine]
    totals: ControlTotals
    sha256: Annotated[str, Field(description="SHA-256 over this page's lines as NDJSON.")]
    complete: Annotated[bool, Field(description="True on the last page alone: everything up to here is the whole range.")]
    next: Annotated[str | None, Field(description="The next page; also in the Link header (RFC 8288).")]
