"""Transaction codes: which account, credit or debit, and whether money moves.

Source: Nacha Operating Rules, Appendix Three (transaction code). The first digit is the kind of account, the second what
happens to it; the 80s are accounting advices (ADV) and follow no such scheme.
"""

from enum import StrEnum
from typing import NamedTuple


class Use(StrEnum):
    """What kind of entry a transaction code marks."""

    LIVE = "live"
    PRENOTE = "prenote"
    ZERO_DOLLAR = "zero_dollar"
    RETURN = "return"
    """a return or a notice of change"""
    ADVICE = "advice"


class TransactionCode(NamedTuple):
    """One transaction code."""

    code: int
    account: str
    """checking, savings, general_ledger, loan or advice"""
    is_debit: bool
    use: Use


_ACCOUNTS = {2: "checking", 3: "savings", 4: "general_ledger", 5: "loan"}
_SECOND_DIGITS = {
    1: (False, Use.RETURN),
    2: (False, Use.LIVE),
    3: (False, Use.PRENOTE),
    4: (False, Use.ZERO_DOLLAR),
    6: (True, Use.RETURN),
    7: (True, Use.LIVE),
    8: (True, Use.PRENOTE),
    9: (True, Use.ZERO_DOLLAR),
}
_LOAN_DEBIT = TransactionCode(55, "loan", True, Use.LIVE)
_NOT_FOR_LOANS = {57, 58, 59}

TRANSACTION_CODES = {
    10 * tens + units: TransactionCode(10 * tens + units, account, is_debit, use)
    for tens, account in _ACCOUNTS.items()
    for units, (is_debit, use) in _SECOND_DIGITS.items()
    if 10 * tens + units not in _NOT_FOR_LOANS
}
TRANSACTION_CODES[55] = _LOAN_DEBIT
TRANSACTION_CODES.update({code: TransactionCode(code, "advice", code % 2 == 0, Use.ADVICE) for code in range(81, 89)})


def is_debit(code: int) -> bool:
    """Whether this code takes money from the receiver; False for unknown codes."""
    found = TRANSACTION_CODES.get(code)
    return found is not None and found.is_debit


def opposite(code: int) -> int:
    """The code that undoes a live entry: credit for debit on the same account. ValueError when `code` is not live.

    Source: Nacha Operating Rules 2.9 (reversing entries); a loan account's debit is 55.
    """
    found = TRANSACTION_CODES.get(code)
    if found is None or found.use is not Use.LIVE:
        raise ValueError(f"transaction code {code} moves no money, so nothing undoes it")
    if found.account == "loan":
        return 107 - code
    return code - 5 if found.is_debit else code + 5


def return_of(code: int) -> int:
    """The code under which an entry with this code comes back, as a return or a notice of change. ValueError if none."""
    found = TRANSACTION_CODES.get(code)
    if found is None or found.use is Use.ADVICE:
        raise ValueError(f"an entry with transaction code {code} is not returned")
    return code // 10 * 10 + (6 if found.is_debit else 1)
