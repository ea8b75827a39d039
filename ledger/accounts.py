"""A partition's accounts: those that were changed lately as values, the rest as the JSON of their checkpoints.

An account at rest takes a quarter of the memory that its value takes (0.7 against 2.5 kB for one settled payment), and most accounts
rest: a payment plan is touched a few times a month. What an account is does not depend on where it is kept. One that comes back from rest
brings its payments as they are there (`ledger.payments`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import FieldInfo, astuple, fields

from ledger.account import Account
from ledger.payments import Payments

LIVELY = 2_000
"""accounts changed before those that were not changed meanwhile are laid to rest: at most twice as many are kept as values"""
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Account).decode


def _field(each: FieldInfo) -> tuple[str, Any, Any]:
    """A field as it is at rest."""
    kind = dict[str, msgspec.Raw] if each.name == "payments" else each.type
    if each.default_factory is not msgspec.NODEFAULT:
        return each.name, kind, msgspec.field(default_factory=each.default_factory)
    return each.name, kind, each.default if each.default is not msgspec.NODEFAULT else msgspec.field()


_FIELDS = fields(Account)
_PAYMENTS = [each.name for each in _FIELDS].index("payments")
_Resting = msgspec.defstruct("_Resting", [_field(each) for each in _FIELDS], frozen=True, array_like=True, gc=False)
_decode_resting = msgspec.json.Decoder(_Resting).decode


def _wake(raw: bytes) -> Account:
    parts = [*astuple(_decode_resting(raw))]
    parts[_PAYMENTS] = Payments(parts[_PAYMENTS], raw)
    return Account(*parts).whole()


class Accounts(Mapping[str, Account]):
    """Accounts by credit reference.

    Two generations: a change puts an account among the young. When there are `lively` of them, the old that none of them replaced are
    laid to rest, and the young become the old.
    """

    def __init__(self, lively: int = LIVELY) -> None:
        self._lively = lively
        self._young: dict[str, Account] = {}
        self._old: dict[str, Account] = {}
        self._resting: dict[str, bytes] = {}

    def get(self, reference: str, default: Any = None, /) -> Any:
        """The account, or the default. It is a copy of an account that rests: put it back when it changes."""
        found = self._young.get(reference) or self._old.get(reference)
        if found is not None:
            return found
        raw = self._resting.get(reference)
        return default if raw is None else _wake(raw)

    def __getitem__(self, reference: str) -> Account:
        found: Account | None = self.get(reference)
        if found is None:
            raise KeyError(reference)
        return found

    def __setitem__(self, reference: str, account: Account) -> None:
        young = self._young
        if reference not in young:
            if len(young) >= self._lively:
                self._age()
                young = self._young
            if self._old.pop(reference, None) is None:
                self._resting.pop(reference, None)
        young[reference] = account

    def __contains__(self, reference: object) -> bool:
        return reference in self._young or reference in self._old or reference in self._resting

    def __iter__(self) -> Iterator[str]:
        yield from [*self._young, *self._old, *self._resting]

    def __len__(self) -> int:
        return len(self._young) + len(self._old) + len(self._resting)

    def at_rest(self, reference: str) -> bytes | None:
        """JSON of an account that rests; None when it is kept as a value, or is not known."""
        return self._resting.get(reference)

    def lay_to_rest(self, raw: bytes) -> Account:
        """Take in an account from the JSON of its checkpoint, and return what it is."""
        account = _decode(raw)
        self._young.pop(account.credit_reference, None)
        self._old.pop(account.credit_reference, None)
        self._resting[account.credit_reference] = raw
        return account

    def _age(self) -> None:
        for reference, account in self._old.items():
            self._resting[reference] = _encode(account)
        self._old, self._young = self._young, {}
