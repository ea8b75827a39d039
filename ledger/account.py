"""The state of one credit account: the fold of its effects. A change is a new value."""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

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


class Item(Struct, frozen=True, array_like=True):
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


class Payment(Struct, frozen=True, array_like=True):
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


class Deposit(Struct, frozen=True, array_like=True):
    """Money that came in without a payment of ours."""

    deposit_id: str
    amount_cents: int
    day: str
    reference: str
    allocated: tuple[tuple[str, int], ...] = ()
    suspended_cents: int = 0


class ParkedEvent(Struct, frozen=True, array_like=True):
    """A bank event that waits for its payment."""

    transaction_id: str
    event: str
    until_ms: int
    amount_cents: int


class Account(Struct, frozen=True, array_like=True):
    """One credit account. Dicts are never changed in place."""

    credit_reference: str
    patient_id: str = ""
    hospital_id: str = ""
    opened_at_ms: int = 0
    items: dict[str, Item] = {}
    payments: dict[str, Payment] = {}
    deposits: dict[str, Deposit] = {}
    client_references: dict[str, str] = {}
    """client reference to transaction id"""
    consents: dict[str, bool] = {}
    mandates: dict[str, bool] = {}
    """mandate id to whether it is in force"""
    suspense_cents: int = 0
    parked: tuple[ParkedEvent, ...] = ()
    exceptions: dict[str, int] = {}
    """open exceptions and their amounts"""
    windows: Windows = EMPTY
    returns_at_ms: tuple[int, ...] = ()
    unauthorized_at_ms: tuple[int, ...] = ()
    instruments: tuple[str, ...] = ()
    """instruments that settled a payment before"""

    def open_items(self) -> list[Item]:
        """Balances with something still due, in order of arrival."""
        return [item for item in self.items.values() if item.open_cents]

    def open_cents(self) -> int:
        """Sum of what is still due."""
        return sum([item.open_cents for item in self.items.values()])

    def with_payment(self, payment: Payment) -> "Account":
        """This account with one payment put in or replaced."""
        return replace(self, payments={**self.payments, payment.transaction_id: payment})
