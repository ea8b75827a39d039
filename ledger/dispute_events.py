"""What a bank tells of an entry besides settlement and return: a notice of change, and the dispute of a return between two banks."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from ledger.envelope import Data, Envelope, OptionalToken, Token
from ledger.money import Cents
from ledger.personal import INSTRUMENT, personal

Code = Annotated[str, Meta(min_length=1, max_length=8)]
AccountField = Literal["account", "routing_number", "transaction_code", "name", "identification_number"]


class AccountChangedData(Data, frozen=True, kw_only=True):
    """The receiving bank wants the next entry to this account corrected (notice of change, Nacha's change code C01 to C14)."""

    transaction_id: Token
    change_code: Code
    notice_date: date
    trace_number: OptionalToken = ""
    fields: tuple[AccountField, ...] = ()
    """what the notice corrects; empty when it makes no sense and should be refused"""
    correction: Annotated[str, Meta(max_length=8000), personal(INSTRUMENT)] = ""
    """the account as it is to be named, sealed as `ledger.seal` says, or empty"""


class DishonoredData(Data, frozen=True, kw_only=True):
    """Our bank sent a return back: the entry stands again (R61, R62, R67 to R70)."""

    transaction_id: Token
    dishonor_code: Code
    dishonor_date: date
    amount: Cents
    currency: str = "USD"
    trace_number: OptionalToken = ""


class ContestedData(Data, frozen=True, kw_only=True):
    """The receiving bank contests our dishonor, or sends its return anew and corrected: the return stands (R71 to R77)."""

    transaction_id: Token
    contest_code: Code
    contest_date: date
    amount: Cents
    currency: str = "USD"
    trace_number: OptionalToken = ""


class AccountChanged(Envelope, frozen=True, kw_only=True, tag="account.changed.v1"):
    data: AccountChangedData


class ReturnDishonored(Envelope, frozen=True, kw_only=True, tag="return.dishonored.v1"):
    data: DishonoredData


class ReturnContested(Envelope, frozen=True, kw_only=True, tag="return.contested.v1"):
    data: ContestedData


DisputeEvent = AccountChanged | ReturnDishonored | ReturnContested
