"""A charge: what is owed, and its posting. A waiver is the reverse of what is still open."""

from ledger.account import Account, Item
from ledger.charges import FEES, INTEREST, Charges
from ledger.chart import Account as Gl
from ledger.decide.context import Context
from ledger.effects import AnyEffect, Charged, ChargeWaived, Posted
from ledger.governance import SHADOW

_RECEIVABLE = Gl.PATIENT_RECEIVABLE.value
_INCOME = {FEES: Gl.FEES.value, INTEREST: Gl.INTEREST.value}
LATE_FEE = "late-fee"
RETURN_FEE = "return-fee"


def in_force(hospital_id: str, context: Context) -> Charges | None:
    """What is charged at this hospital; nothing in its shadow phase, when it still works without us."""
    return None if context.phases.get(hospital_id) == SHADOW else context.rules.charges


def charge_id(account: Account, about: str, name: str) -> str:
    """An id that no balance of the account has yet."""
    wished = found = f"{about}/{name}"
    number = 1
    while found in account.items:
        number += 1
        found = f"{wished}/{number}"
    return found


def charged(charge: Charged) -> list[AnyEffect]:
    """The charge and its posting: the patient owes it, and it is income."""
    return [charge, Posted(_RECEIVABLE, _INCOME[charge.component], charge.amount_cents, charge.hospital_id, charge.balance_id, charge.name)]


def waived(item: Item, why: str) -> list[AnyEffect]:
    """What is still open of a charge is taken back; what was paid of it stays paid."""
    if not item.open_cents:
        return []
    return [
        ChargeWaived(item.balance_id, item.open_cents, why),
        Posted(_INCOME[item.component], _RECEIVABLE, item.open_cents, item.hospital_id, item.balance_id, "waived"),
    ]


def open_interest(account: Account, balance_id: str) -> int:
    """Interest of a balance that is still owed."""
    return sum([item.open_cents for item in account.items.values() if item.parent == balance_id and item.component == INTEREST])
