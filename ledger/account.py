"""The state of one credit account: the fold of its effects. A change is a new value.

Accounts are held by the million, nearly all of them at rest (`ledger.accounts`): values hold no cycles and stay out of the garbage
collector's sight.
"""

from enum import StrEnum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from ledger.advice import Advice, Traces, traced
from ledger.casework import Adjustment, Case
from ledger.standing import Bar, Change, Duty
from ledger.windows import EMPTY, Windows


class Status(StrEnum):
    """Life of a payment. `settled` is not final for ACH: a return may still come."""

    RECEIVED = "received"
    HELD = "held"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELED = "canceled"
    SUBMITTED = "submitted"
    SETTLED = "settled"
    COMPLETED = "completed"
    RETURNED = "returned"
    FAILED = "failed"
    RETRY_SCHEDULED = "retry_scheduled"
    CHARGED_BACK = "charged_back"


LETTER = {
    Status.RECEIVED: "P",
    Status.HELD: "P",
    Status.APPROVED: "P",
    Status.SUBMITTED: "P",
    Status.RETRY_SCHEDULED: "P",
    Status.SETTLED: "S",
    Status.COMPLETED: "S",
    Status.DECLINED: "F",
    Status.CANCELED: "F",
    Status.FAILED: "F",
    Status.RETURNED: "R",
    Status.CHARGED_BACK: "R",
}
"""The one-letter code that CREDIT uses: Pending, Settled, Failed, Returned."""


class Item(Struct, frozen=True, array_like=True, gc=False):
    """A balance the patient owes: an expected item of matching. `open_cents` is what is still due."""

    balance_id: str
    reference: str
    open_cents: int
    original_cents: int
    due_date: str
    opened_at_ms: int
    hospital_id: str
    patient_id: str
    plan_id: str = ""
    component: str = ""
    """`fees` or `interest` for a charge; empty for what CREDIT opened, the principal"""
    parent: str = ""
    """of a charge: the balance it belongs to, if any"""


class Accrual(Struct, frozen=True, array_like=True, gc=False):
    """A balance that may come to bear late fees or interest, and how far it has. It was opened while the rule book charged something."""

    since: str
    """the day it was opened"""
    accrued_to: str
    """interest is posted, or counted in `pending_cents`, for every day before this one"""
    pending_cents: int = 0
    """interest of the running period, from the time before a payment changed what is owed"""
    due_ms: int = 0
    """when the clock should look at the balance again; 0 for never"""


class Payment(Struct, frozen=True, array_like=True, gc=False):
    """A payment and where it stands. `attempts` counts entries sent to the bank, re-presentments included."""

    transaction_id: str
    direction: str
    status: str
    amount_cents: int
    hospital_id: str
    patient_id: str
    reference: str
    client_reference: str
    balance_id: str
    sec_code: str
    instrument: str
    body_sha256: str
    initiated_at_ms: int
    attempts: int = 0
    trace_number: str = ""
    day: str = ""
    """date of the last bank event"""
    first_settlement_date: str = ""
    """settlement, or failing that effective, date of the original entry: the 180 days of re-presentment run from it"""
    code: str = ""
    held_cents: int = 0
    """posted hold of a pre-approval"""
    in_transit_cents: int = 0
    """posted to ACH in transit, not yet settled"""
    allocated: tuple[tuple[str, int], ...] = ()
    """(balance id, cents) that this payment's money went to"""
    suspended_cents: int = 0
    due_ms: int = 0
    came_back: tuple[tuple[str, str, str], ...] = ()
    """entries of this payment that the bank returned: (their settlement or effective date, return date, code)"""
    paid_before: tuple[tuple[str, int], ...] = ()
    """(balance id, cents) that the latest returned entry had paid: what a re-presentment would pay again"""
    disputed: tuple[tuple[str, str], ...] = ()
    """(date, code) of each dishonor and contest of its returns"""


class Deposit(Struct, frozen=True, array_like=True, gc=False):
    """Money that came in without a payment of ours."""

    deposit_id: str
    amount_cents: int
    day: str
    reference: str
    allocated: tuple[tuple[str, int], ...] = ()
    suspended_cents: int = 0
    hospital_id: str = ""
    balance_id: str = ""
    """the balance that it named"""
    trace_number: str = ""
    explained: tuple[tuple[str, int], ...] = ()
    """(balance id, cents) that it was short of, and that the rule book's matching terms explained"""

    @staticmethod
    def difference_id(deposit_id: str) -> str:
        """What adjusts a balance by such a difference; no adjustment of a person may have an id that begins so."""
        return f"~{deposit_id}"


class ParkedEvent(Struct, frozen=True, array_like=True, gc=False):
    """A bank event that waits for its payment."""

    transaction_id: str
    event: str
    until_ms: int
    amount_cents: int
    hospital_id: str = ""
    """of the posting to suspense, once it is given up"""


ERASED = "erased"
RESTRICTED = "restricted"
"""until open payments have ended and the person can be erased"""
PURPOSES = ("payments", "analytics", "sms", "email")
"""what a person can consent to"""


def _nothing() -> dict[str, Any]:
    """The one empty dict of all accounts; it is never changed."""
    return _NOTHING


_NOTHING: dict[str, Any] = {}


class Account(Struct, frozen=True, array_like=True, gc=False):
    """One credit account. Dicts are never changed in place."""

    credit_reference: str
    patient_id: str = ""
    hospital_id: str = ""
    opened_at_ms: int = 0
    items: dict[str, Item] = field(default_factory=_nothing)
    payments: dict[str, Payment] = field(default_factory=_nothing)
    deposits: dict[str, Deposit] = field(default_factory=_nothing)
    consents: dict[str, bool] = field(default_factory=_nothing)
    mandates: dict[str, bool] = field(default_factory=_nothing)
    """mandate id to whether it is in force"""
    suspense_cents: int = 0
    parked: tuple[ParkedEvent, ...] = ()
    exceptions: dict[str, int] = field(default_factory=_nothing)
    """open exceptions and their amounts"""
    windows: Windows = EMPTY
    returns_at_ms: tuple[int, ...] = ()
    unauthorized_at_ms: tuple[int, ...] = ()
    instruments: tuple[str, ...] = ()
    """instruments that settled a payment before"""
    given_up: tuple[ParkedEvent, ...] = ()
    """parked events whose payment never came, so that neither a repeat nor the payment itself counts their money twice"""
    accruals: dict[str, Accrual] = field(default_factory=_nothing)
    """by balance id"""
    noticed: tuple[str, ...] = ()
    """windows across accounts whose alerts were raised here last"""
    bars: tuple[Bar, ...] = ()
    duties: tuple[Duty, ...] = ()
    changes: tuple[Change, ...] = ()
    cases: dict[str, Case] = field(default_factory=_nothing)
    """owner and deadline of each open exception"""
    adjustments: dict[str, Adjustment] = field(default_factory=_nothing)
    acts: tuple[str, ...] = ()
    """event ids of what people did last"""
    contacts: dict[str, str] = field(default_factory=_nothing)
    """by purpose of the consent, the sealed number or address that it is for"""
    privacy: str = ""
    """`ERASED`, `RESTRICTED`, or empty"""
    legal_hold: bool = False
    snoozes: dict[str, int] = field(default_factory=_nothing)
    """rules that a person put to sleep for this account, and until when"""
    missing: tuple[str, ...] = ()
    """balances of which people were told that their window closed without their money"""
    advices: dict[str, Advice] = field(default_factory=_nothing)
    """of insurers, by id: their money is waited for, or found"""
    traces: Traces = field(default_factory=_nothing)
    """what finds advice and deposit by their trace, however many there are"""

    def open_items(self) -> list[Item]:
        """Balances with something still due, in order of arrival."""
        return [item for item in self.items.values() if item.open_cents]

    def open_cents(self) -> int:
        """Sum of what is still due."""
        return sum([item.open_cents for item in self.items.values()])

    def with_payment(self, payment: Payment) -> "Account":
        """This account with one payment put in or replaced."""
        return replace(self, payments=self.payments_with(payment))

    def payments_with(self, payment: Payment) -> dict[str, Payment]:
        """The payments with one put in or replaced; those at rest stay so (`ledger.payments`)."""
        payments = self.payments.copy()
        payments[payment.transaction_id] = payment
        return payments

    def whole(self) -> "Account":
        """This account, as it comes from a checkpoint; those of earlier versions do not hold the traces."""
        if self.traces or not (self.deposits or self.advices):
            return self
        named = ((each.deposit_id, each.reference) for each in self.deposits.values())
        return replace(self, traces=traced(named, self.advices.values()))


def same(text: str, kept: str) -> str:
    """The text; as the one that is kept already when they are equal: names repeat, and accounts are many."""
    return kept if text == kept else text
