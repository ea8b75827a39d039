"""An account's payments as they come back from rest: each stays the JSON of its checkpoint until somebody asks for it.

A payment plan has dozens of payments and an event concerns one of them. What the others are is decided by nobody, so they are neither
decoded nor encoded again: what is left of their cost is that of copying their bytes.
"""

from collections.abc import ItemsView, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import msgspec
from msgspec import Raw

from ledger.account import Payment

if TYPE_CHECKING:
    from _collections_abc import dict_items, dict_values

_decode = msgspec.json.Decoder(Payment).decode
_word = msgspec.json.Encoder().encode


class Payments(dict[str, Payment]):
    """A dict of payments by id, some of them `msgspec.Raw` underneath. Reading gives payments alone; msgspec writes what is raw as it is.

    Like every dict of an account it is never changed in place: a raw payment that was asked for is replaced by its equal.
    """

    __slots__ = ("_account",)

    def __init__(self, payments: Mapping[str, Any], account: bytes) -> None:
        """`account` is the JSON that holds what is raw."""
        super().__init__(payments)
        self._account = account

    def __getitem__(self, name: str) -> Payment:
        found: Any = super().__getitem__(name)
        if type(found) is Raw:
            found = _decode(found)
            self[name] = found
        return cast("Payment", found)

    def get(self, name: str, default: Any = None, /) -> Any:
        """The payment, or the default."""
        found: Any = super().get(name, default)
        return self[name] if type(found) is Raw else found

    def values(self) -> "dict_values[str, Payment]":
        """All payments."""
        self._decode_all()
        return super().values()

    def items(self) -> "dict_items[str, Payment]":
        """All payments with their ids."""
        self._decode_all()
        return super().items()

    def copy(self) -> "Payments":
        """Another dict of the same; what is raw stays so."""
        return Payments(self, self._account)

    def __eq__(self, other: object) -> bool:
        self._decode_all()
        if isinstance(other, Payments):
            other._decode_all()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def _decode_all(self) -> None:
        for name, found in self._underneath():
            if type(found) is Raw:
                self[name] = _decode(found)

    def _underneath(self) -> ItemsView[str, Any]:
        return super().items()

    def naming(self, word: str) -> Iterator[Payment]:
        """Payments that may hold this text as one of their values; those at rest that cannot are left out."""
        needle = _word(word)
        rests = needle in self._account
        for name, found in self._underneath():
            if type(found) is not Raw:
                yield found
            elif rests and needle in bytes(found):
                yield self[name]


def naming(payments: Mapping[str, Payment], word: str) -> Iterator[Payment]:
    """Every payment that holds this text as one of its values, and perhaps others."""
    return payments.naming(word) if isinstance(payments, Payments) else iter(payments.values())
