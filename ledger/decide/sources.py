"""Money that came in, whether as a payment of ours or as a deposit: whose it is and how much of it has no place yet."""

from typing import NamedTuple

from ledger.account import Account, Item, Payment
from ledger.matching.item import Expected, Incoming

SEEN = "DUPLICATE_DEPOSIT"
"""exception of a deposit that looks like another one"""


class Source(NamedTuple):
    """A payment or deposit as matching sees it."""

    source_id: str
    hospital_id: str
    suspended_cents: int
    allocated: tuple[tuple[str, int], ...]
    reference: str
    balance_id: str
    day: str
    payment: Payment | None

    def incoming(self, patient_id: str, at_ms: int) -> Incoming:
        """What of it lies in suspense."""
        return Incoming(
            self.source_id,
            self.suspended_cents,
            reference=self.reference,
            balance_id=self.balance_id,
            patient_id=patient_id,
            hospital_id=self.hospital_id,
            at_ms=at_ms,
            day=self.day,
        )


def source_of(account: Account, source_id: str) -> Source | None:
    """The payment or deposit with this id."""
    payment = account.payments.get(source_id)
    if payment is not None:
        return Source(
            source_id,
            payment.hospital_id,
            payment.suspended_cents,
            payment.allocated,
            payment.reference,
            payment.balance_id,
            payment.day,
            payment,
        )
    deposit = account.deposits.get(source_id)
    if deposit is None:
        return None
    return Source(
        source_id,
        deposit.hospital_id or account.hospital_id,
        deposit.suspended_cents,
        deposit.allocated,
        deposit.reference,
        deposit.balance_id,
        deposit.day,
        None,
    )


def open_items(account: Account) -> list[Expected]:
    """Balances with something still due, as matching sees them."""
    return [expected(item) for item in account.items.values() if item.open_cents]


def expected(item: Item) -> Expected:
    """A balance as matching sees it."""
    return Expected(
        item.balance_id,
        item.reference,
        item.open_cents,
        item.due_date,
        item.opened_at_ms,
        item.patient_id,
        item.hospital_id,
        item.component,
    )
