"""The corrected entry after R11: one, within 60 days of the return, without a new authorization.

Source: Nacha Operating Rules, 2.12.5 and the meaning of R11 as of 2020-04-01. It is a new entry, no re-presentment: the amount or the
date was wrong, so they may differ from the original's.
"""

from ledger.account import Account
from ledger.decide import duties
from ledger.decide.context import Context
from ledger.effects import DutyClosed
from ledger.standing import CORRECTED_ENTRY


def refuse(account: Account, original: str, context: Context) -> str:
    """Why no corrected entry for this payment may be sent; empty when one may."""
    duty = duties.find(account, CORRECTED_ENTRY, original)
    if duty is None:
        return f"{original} was not returned R11, or was corrected before"
    if context.rail.business_date(context.at_ms) > duty.until:
        return f"{original} could be corrected until {duty.until}"
    return ""


def by(original: str, transaction_id: str) -> DutyClosed:
    """The corrected entry is on its way."""
    return DutyClosed(CORRECTED_ENTRY, original, f"corrected by {transaction_id}")
