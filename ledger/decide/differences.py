"""What a deposit is short of its bill for a cause that the rule book knows: the bill is settled, and the difference posted for itself.

Dr matching_differences Cr patient_receivable. Taking the match back takes the difference back.
"""

from collections.abc import Collection, Sequence

from ledger.account import Account, Deposit
from ledger.chart import Account as Gl
from ledger.effects import AnyEffect, BalanceAdjusted, Posted
from ledger.matching.outcome import Allocation

_DIFFERENCES = Gl.MATCHING_DIFFERENCES.value
_RECEIVABLE = Gl.PATIENT_RECEIVABLE.value


def explained(source_id: str, hospital_id: str, allocations: Sequence[Allocation]) -> list[AnyEffect]:
    """The differences of what was just matched; the words for each are the last of its match's evidence."""
    effects: list[AnyEffect] = []
    for part in allocations:
        if part.fee_cents:
            adjusted = BalanceAdjusted(part.balance_id, Deposit.difference_id(source_id), -part.fee_cents, hospital_id)
            effects += [adjusted, Posted(_DIFFERENCES, _RECEIVABLE, part.fee_cents, hospital_id, source_id, part.evidence[-1])]
    return effects


def taken_back(account: Account, source_id: str, hospital_id: str, balance_ids: Collection[str]) -> list[AnyEffect]:
    """The exact reverse, for the balances that the deposit no longer pays."""
    deposit = account.deposits.get(source_id)
    effects: list[AnyEffect] = []
    for balance_id, cents in deposit.explained if deposit else ():
        if balance_id in balance_ids:
            adjusted = BalanceAdjusted(balance_id, Deposit.difference_id(source_id), cents, hospital_id)
            effects += [
                adjusted,
                Posted(_RECEIVABLE, _DIFFERENCES, cents, hospital_id, source_id, f"difference of {balance_id} owed again"),
            ]
    return effects
