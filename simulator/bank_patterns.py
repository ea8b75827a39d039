"""How the bank sandbox answers an entry: by its amount, or by patterns a tester writes down.

Without any pattern the amount decides: `…77.NN` comes back as RNN, `…78.NN` draws the notice of change CNN, all else settles and
stays so. So 177.01 is returned for want of funds, and 1278.02 names another routing number.

    [[answers]]                # TOML; the first that fits decides, an empty field fits all
    account = "0007"           # end of the account number
    trace = ""                 # end of the trace number
    amount = "250.00"
    code = "R10"
    after_banking_days = 12    # after the settlement
    then = ["R68", "R73"]      # our bank dishonors the return, theirs contests that: each a banking day later
"""

import tomllib

import msgspec
from msgspec import Struct

from ach.codes import ReturnKind, change_code, return_code
from ach.notices import Correction
from ach.records import Entry
from ach.routing import check_digit
from ach.transaction_codes import TRANSACTION_CODES
from ledger.money import cents

RETURN_DOLLARS, CHANGE_DOLLARS = 77, 78
_ADDED_ROUTING = 1_000


class PatternError(Exception):
    """The patterns cannot be used: one sentence that says why."""


class Pattern(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One pattern and its answer."""

    code: str
    account: str = ""
    trace: str = ""
    amount: str = ""
    after_banking_days: int = 1
    then: tuple[str, ...] = ()

    def fits(self, entry: Entry) -> bool:
        """Whether the answer is for this entry."""
        return (
            entry.dfi_account_number.endswith(self.account)
            and entry.trace_number.endswith(self.trace)
            and (not self.amount or entry.amount_cents == cents(self.amount))
        )


class _Patterns(Struct, frozen=True, forbid_unknown_fields=True):
    answers: tuple[Pattern, ...] = ()


def parse(text: str) -> tuple[Pattern, ...]:
    """The patterns in this TOML, in order. PatternError when it cannot be used."""
    try:
        found = msgspec.convert(tomllib.loads(text), _Patterns).answers
        for pattern in found:
            cents(pattern.amount or "0.00")
            if not _is_code(pattern.code):
                raise PatternError(f"there is no return or change code {pattern.code}")
            kinds = [return_code(code).kind for code in pattern.then]
            if kinds != [ReturnKind.DISHONORED, ReturnKind.CONTESTED][: len(kinds)]:
                raise PatternError(f"{' and '.join(pattern.then)} are no dishonor and its contest")
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise PatternError(str(error)) from None
    return found


def answer_of(entry: Entry, patterns: tuple[Pattern, ...]) -> Pattern | None:
    """What becomes of this entry after it has settled; None when nothing does."""
    for pattern in patterns:
        if pattern.fits(entry):
            return pattern
    dollars, number = divmod(entry.amount_cents, 100)
    letter = {RETURN_DOLLARS: "R", CHANGE_DOLLARS: "C"}.get(dollars % 100)
    code = f"{letter}{number:02d}"
    return Pattern(code=code) if letter and _is_code(code) else None


def correction_of(code: str, entry: Entry) -> Correction:
    """Corrected data for a notice of change with this code: made up, and the same each time."""
    account = f"N{entry.dfi_account_number.strip()[-15:]}"
    identification = f"{(int(entry.rdfi_identification) + _ADDED_ROUTING) % 10**8:08d}"
    routing = f"{identification}{check_digit(identification)}"
    savings = TRANSACTION_CODES[entry.transaction_code].account == "savings"
    transaction = entry.transaction_code + (-10 if savings else 10)
    named = {
        "C01": Correction(account=account),
        "C02": Correction(routing_number=routing),
        "C03": Correction(routing_number=routing, account=account),
        "C04": Correction(name="CORRECTED NAME"),
        "C05": Correction(transaction_code=transaction),
        "C06": Correction(account=account, transaction_code=transaction),
        "C07": Correction(routing_number=routing, account=account, transaction_code=transaction),
        "C09": Correction(identification_number="CORRECTED ID"),
    }
    return named[code]


def _is_code(code: str) -> bool:
    if code.startswith("C"):
        known = change_code(code)
        return known is not None and code in {"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C09"}
    return return_code(code).kind is ReturnKind.RETURN
