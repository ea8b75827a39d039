"""The receiver's account of an entry: opened when its file is made, and nowhere before.

In the sandbox the account of an entry that names none is made up; anywhere else such an entry is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b

from msgspec import Struct

from ach.notices import Correction
from ach.routing import check_digit
from journal.keys.sealer import Sealer, Unopened
from ledger import bank_account
from sinks.ach.corrections import account_key, open_correction
from sinks.ach.due import Due

NO_INSTRUMENT = "NO_INSTRUMENT"
LOCKED = "INSTRUMENT_LOCKED"
MALFORMED = "INSTRUMENT_MALFORMED"
CORRECTION_LOCKED = "CORRECTION_LOCKED"
REASONS = {
    NO_INSTRUMENT: "no instrument",
    LOCKED: "the sealed instrument cannot be opened",
    MALFORMED: "the sealed instrument is no bank account",
    CORRECTION_LOCKED: "a notice of change speaks of the account and cannot be opened",
}
"""Why an entry has no account that can be used, in words."""
_SAVINGS = 3
"""first digit of the transaction codes of savings accounts"""


class Instrument(Struct, frozen=True, gc=False):
    """An account at a bank, and the name on it."""

    routing_number: str
    account: str
    name: str
    savings: bool = False


Opener = Callable[[Due, Sequence[str]], Instrument | str]
"""Gives the account of an entry, with what sealed notices of change have corrected, or the name of the reason why it names none that
can be used."""


def corrected(account: Instrument, correction: Correction | None) -> Instrument:
    """The account as a notice of change wants it. Direction and kind of an entry are ours: of a corrected transaction code only
    whether it names a savings account is taken.
    """
    if correction is None:
        return account
    code = correction.transaction_code
    return Instrument(
        correction.routing_number or account.routing_number,
        correction.account or account.account,
        correction.name or account.name,
        code // 10 == _SAVINGS if code else account.savings,
    )


def unsealed(sealer: Sealer) -> Opener:
    """Opens what the ledger kept sealed. The opener raises KeyAccessError when the master key is not held: no payment may fail for that."""

    def open_(due: Due, corrections: Sequence[str]) -> Instrument | str:
        plain = sealer.open(due.instrument, bank_account.EVENT, bank_account.FIELD, due.patient_id)
        if isinstance(plain, Unopened):
            return LOCKED
        found = bank_account.decode(plain)
        if found is None:
            return MALFORMED
        account = Instrument(found.routing_number, found.account_number, found.name, found.account_type == "savings")
        for sealed in corrections:
            correction = open_correction(sealer, sealed, due.patient_id)
            if correction is None:  # an entry that does not carry it must not go out
                return CORRECTION_LOCKED
            account = corrected(account, correction)
        return account

    return open_


def keyless(_due: Due, _corrections: Sequence[str] = ()) -> str:
    """What a process without keys can open: nothing."""
    return LOCKED


def opener(unseal: Opener, corrections: Mapping[str, Sequence[str]], *, sandbox: bool) -> Callable[[Due], Instrument | str]:
    """Sealed instruments are opened, with the corrections of their account; without one the sandbox makes an account up."""

    def open_(due: Due) -> Instrument | str:
        if due.instrument:
            return unseal(due, corrections.get(account_key(due.instrument), ()) if corrections else ())
        return made_up(due) if sandbox else NO_INSTRUMENT

    return open_


def made_up(due: Due) -> Instrument:
    """A made-up account that follows from the credit reference alone. Its name says that it is one."""
    digest = blake2b(due.credit_reference.encode(), digest_size=16, person=b"hms-ach-sandbox").digest()
    # 2..12 are the Federal Reserve districts in which a routing number may begin
    district = 1 + digest[0] % 12
    identification = f"{district:02d}{int.from_bytes(digest[1:5]) % 1_000_000:06d}"
    account = f"SB{int.from_bytes(digest[5:12]) % 10**12:012d}"
    return Instrument(f"{identification}{check_digit(identification)}", account, f"SANDBOX {account[-6:]}")
