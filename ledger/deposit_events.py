"""Money that comes in without a payment of ours, and what insurers tell of theirs: which bills it is for (X12 835)."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from ledger.envelope import Data, Envelope, OptionalToken, Token
from ledger.money import Cents
from ledger.personal import PSEUDONYM, REFERENCE, personal

Element = Annotated[str, Meta(min_length=1, max_length=50, pattern=r"^[A-Za-z0-9][A-Za-z0-9._@/+=-]*$(?!\n)")]
"""an element of the TRN segment; a colon stands between two of them"""


class DepositData(Data, frozen=True, kw_only=True):
    """Money that came in without a payment of ours: insurer or patient, credited by the bank."""

    deposit_id: Token
    hospital_id: Token
    amount: Cents
    currency: str = "USD"
    settlement_date: date
    reference: Annotated[OptionalToken, personal(REFERENCE)] = ""
    balance_id: OptionalToken = ""
    patient_id: Annotated[OptionalToken, personal(PSEUDONYM)] = ""
    trace_number: OptionalToken = ""


class AdvisedBill(Struct, frozen=True, kw_only=True):
    """One bill of an advice, and what the payer pays of it: nothing, when it denies the claim."""

    bill: Annotated[Token, personal(REFERENCE)]
    """its `balance_id` or its reference"""
    amount: Cents


class RemittanceData(Data, frozen=True, kw_only=True):
    """An insurer's payment, explained: it is applied once money with the same trace and amount has come in."""

    advice_id: Token
    hospital_id: Token
    reassociation_trace: Element
    """TRN02: stands in the deposit's `reference` as `TRN:1:<reassociation_trace>:<payer_id>`"""
    payer_id: Element
    """TRN03: the originating company, 1 and its tax number"""
    amount: Cents
    """BPR02: of the whole payment"""
    currency: str = "USD"
    payment_date: date
    """BPR16"""
    bills: Annotated[list[AdvisedBill], Meta(min_length=1, max_length=600)]


class DepositReceived(Envelope, frozen=True, kw_only=True, tag="deposit.received.v1"):
    data: DepositData


class RemittanceAdvised(Envelope, frozen=True, kw_only=True, tag="remittance.advised.v1"):
    data: RemittanceData


DepositEvent = DepositReceived | RemittanceAdvised
