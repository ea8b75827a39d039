"""A payment: the request, its first answer, and how it stands."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.models.common import Amount, Answer, Asked, Currency, Instant, Links, Money, OptionalToken, StatusCode, Token
from ledger.account import Status
from ledger.personal import INSTRUMENT

_SEALED = r"^$|^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){4}$"


class BankAccountBody(Asked):
    """An account at a bank, and the name on it."""

    routing_number: Annotated[str, Field(pattern=r"^[0-9]{9}$")]
    account_number: Annotated[str, Field(pattern=r"^[A-Za-z0-9 -]{1,17}$")]
    name: Annotated[str, Field(min_length=1, max_length=96)]
    account_type: Literal["checking", "savings"] = "checking"


class InitiateRequest(Asked):
    """A payment that CREDIT asks for."""

    patient_id: Token
    hospital_id: Token
    amount: Amount
    credit_reference: Annotated[Token, Field(description="The patient's loan account in CREDIT.")]
    currency: Currency = "USD"
    direction: Annotated[
        Literal["disbursement", "repayment", "preapproval"],
        Field(
            description="disbursement: to the hospital. repayment: a debit of the patient, who must have authorized it. "
            "preapproval: a hold that becomes a disbursement."
        ),
    ] = "disbursement"
    reference: Annotated[OptionalToken, Field(description="What the money is for; matching compares it with the balances' own.")] = ""
    client_reference: Annotated[OptionalToken, Field(description="The client's own name for this payment, unique for ever.")] = ""
    balance_id: Annotated[OptionalToken, Field(description="The balance that a repayment pays.")] = ""
    sec_code: Annotated[Literal["", "PPD", "WEB", "TEL", "CCD"], Field(description="Nacha standard entry class; empty: by direction.")] = ""
    instrument: Annotated[
        str,
        Field(
            max_length=8000,
            pattern=_SEALED,
            description="Bank account, sealed to the patient's key or to ours (`/api/v1/privacy/key`): a JWE compact string.",
            json_schema_extra={"x-personal": INSTRUMENT},
        ),
    ] = ""
    bank_account: Annotated[
        BankAccountBody | None,
        Field(description="The same in the clear; sealed before it leaves this process.", json_schema_extra={"x-personal": INSTRUMENT}),
    ] = None


class Rule(Answer):
    """A rule that fired, with the values that made it fire in its explanation."""

    rule: str
    outcome: str
    explanation: str
    severity: Annotated[str, Field(description="Severity of the alert that it raised; empty for none.")] = ""


class InitiateAnswer(Answer):
    """What was decided, or `pending` when that takes longer than the API waits."""

    transaction_id: str
    status: Literal["approved", "declined", "held", "pending"]
    status_code: StatusCode
    estimated_time: Annotated[
        Instant | None,
        Field(description="When the money is expected to settle; of a held payment, if it is approved the same day; null for declined."),
    ]
    explanation: Annotated[str, Field(description="Why, in one sentence; empty while pending.")] = ""
    policy: Annotated[str, Field(description="Version of the rule book that decided; empty while pending.")] = ""
    rules: tuple[Rule, ...] = ()
    links: Links


class NextEvent(Answer):
    """What has to happen next, and by when somebody will look if it does not."""

    event: Annotated[str, Field(examples=["payment.settled.v1"])]
    by: Instant | None


class HistoryItem(Answer):
    """One change of the payment."""

    status: Status
    status_code: StatusCode
    at: Annotated[Instant, Field(description="The event's own time.")]
    posted_at: Annotated[Instant, Field(description="When the journal recorded it.")]
    cause: Annotated[str, Field(description="Type of the event that brought it about.", examples=["payment.settled.v1"])]
    event_id: str
    policy: str = ""
    rules: tuple[Rule, ...] = ()
    explanation: str = ""
    reviewer: str = ""
    error_code: str = ""
    reason: str = ""
    date: Annotated[dt.date | None, Field(description="Settlement, return or effective date.")] = None
    trace_number: str = ""
    attempt: Annotated[int, Field(description="Number of the presentment that was scheduled; the original entry is 1.")] = 0


class StatusAnswer(Answer):
    """How a payment stands, and how it came there."""

    transaction_id: str
    credit_reference: str
    status: Status
    status_code: StatusCode
    direction: str
    amount: Money
    currency: Currency
    hospital_id: str
    client_reference: str
    settlement_date: dt.date | None
    error_code: Annotated[str | None, Field(description="Nacha return code, or our word; null while nothing went wrong.", examples=["R01"])]
    reason: str | None
    estimated_time: Instant | None
    next: NextEvent | None
    history: list[HistoryItem]
    links: Links
