"""One file in compact columns: about a hundred bytes a row beside its texts, so that millions fit."""

from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ledger.reconcile import dates, figures
from ledger.reconcile.faults import Bad, Unread, amount_fault
from ledger.reconcile.keys import row_keys
from ledger.reconcile.layout import MONEY_IN, MONEY_OUT, Layout, word

Ints = NDArray[np.int64]

DAY_MEMO_MAX = 200_000


class Row(Struct, frozen=True, gc=False, array_like=True):
    """The texts of one row, kept for names, typing mistakes and the report."""

    number: int
    """1 for the first row of data"""
    id: str
    references: tuple[str, ...]
    name: str
    text: str


def label(row: Row) -> str:
    """What a row is called: its id, else its first reference, else its number."""
    return row.id or next((value for value in row.references if value), str(row.number))


class Store(Protocol):
    """Where the texts lie: memory, or a file for inputs that exceed it."""

    def append(self, data: bytes) -> None:
        """Add these bytes at the end."""

    def read(self, start: int, end: int) -> bytes:
        """The bytes from start to end."""


class Memory:
    """Texts in memory."""

    def __init__(self) -> None:
        self._data = bytearray()

    def append(self, data: bytes) -> None:
        """Add these bytes at the end."""
        self._data += data

    def read(self, start: int, end: int) -> bytes:
        """The bytes from start to end."""
        return bytes(self._data[start:end])


class Side:
    """Rows are added one after the other; then `columns` are read as arrays. Row indexes count the readable rows from 0."""

    def __init__(self, layout: Layout, store: Store | None = None) -> None:
        self.layout = layout
        self.bad: list[Bad] = []
        self.currencies: dict[str, int] = {"": 0}
        self._store = store or Memory()
        self._ends = array("q", [0])
        self._amounts = array("q")
        self._fees = array("q")
        self._days = array("i")
        self._currency = array("h")
        self._party = array("q")
        self._keys = array("q")
        self._key_rows = array("i")
        self._key_kinds = array("b")
        self._memo: dict[str, int | None] = {}
        self._number = 0
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Row).decode
        self._amount_of = self._amount_reader()

    def extend(self, rows: Iterable[Mapping[str, str] | Unread]) -> None:
        """Add rows; cells are texts. A row without a readable amount, or with an unreadable date, goes to `bad`."""
        for row in rows:
            self._number += 1
            if isinstance(row, Unread):
                self.bad.append(Bad(self._number, "", row.value, row.why))
            else:
                self._add(row)

    def __len__(self) -> int:
        return len(self._amounts)

    def row(self, index: int) -> Row:
        """The texts of a row."""
        return self._decode(self._store.read(self._ends[index], self._ends[index + 1]))

    @property
    def amount(self) -> Ints:
        """Amounts in units, positive for money in."""
        return np.frombuffer(self._amounts, np.int64) if self._amounts else np.empty(0, np.int64)

    @property
    def fee(self) -> Ints:
        """The fee that stands in the row itself, 0 without one."""
        return np.frombuffer(self._fees, np.int64) if self._fees else np.zeros(len(self), np.int64)

    @property
    def day(self) -> Ints:
        """Day numbers, 0 for unknown."""
        return np.array(self._days, np.int64)

    @property
    def currency(self) -> Ints:
        """Codes into `currencies`."""
        return np.array(self._currency, np.int64)

    @property
    def party(self) -> Ints:
        """Hash of the other party's identifier, 0 for unknown."""
        return np.frombuffer(self._party, np.int64) if self._party else np.zeros(len(self), np.int64)

    def keys(self) -> tuple[Ints, Ints, Ints]:
        """Hash, row and kind of every key."""
        return np.array(self._keys, np.int64), np.array(self._key_rows, np.int64), np.array(self._key_kinds, np.int64)

    def _add(self, row: Mapping[str, str]) -> None:
        layout, cell = self.layout, row.get
        amount = self._amount_of(row)
        if amount is None:
            self._refuse(row, *amount_fault(layout, row, self._number_format))
            return
        day = self._day(cell(layout.date, "")) if layout.date else 0
        if day is None:
            self._refuse(row, layout.date, cell(layout.date, ""), f"no date in the form {layout.date_format}, nor in only one other")
            return
        own_id = cell(layout.id, "") if layout.id else ""
        references = tuple([cell(column, "") for column in layout.reference])
        name = " ".join([cell(column, "") for column in layout.name]).strip()
        text = " ".join([cell(column, "") for column in layout.text]).strip()
        index = len(self._amounts)
        for kind, key in row_keys(own_id, references, (text, name)):
            self._keys.append(hash(key))
            self._key_rows.append(index)
            self._key_kinds.append(kind)
        if layout.currency:
            code = word(cell(layout.currency, ""))
            self._currency.append(self.currencies.setdefault(code, len(self.currencies)))
        else:
            self._currency.append(0)
        if layout.party:
            party = word(cell(layout.party, ""))
            self._party.append(hash(party) if party else 0)
        if layout.fee:
            self._fees.append(abs(figures.units(cell(layout.fee, ""), self._number_format) or 0))
        self._amounts.append(amount)
        self._days.append(day)
        data = self._encode(Row(self._number, own_id, references, name, text))
        self._store.append(data)
        self._ends.append(self._ends[-1] + len(data))

    def _refuse(self, row: Mapping[str, str], column: str, value: str, why: str) -> None:
        self.bad.append(Bad(self._number, column, value, why, row.get(self.layout.id, "") if self.layout.id else ""))

    def _day(self, text: str) -> int | None:
        if text not in self._memo:
            if len(self._memo) >= DAY_MEMO_MAX:
                self._memo.clear()
            form = self.layout.date_format
            known = dates.day_number(text, form) or dates.stray_day(text, form, self.layout.stray_dates)
            self._memo[text] = known if text.strip() else 0
        return self._memo[text]

    def _amount_reader(self) -> Callable[[Mapping[str, str]], int | None]:
        layout = self.layout
        form = self._number_format = figures.NumberFormat("," if layout.decimal == "," else ".", layout.minor_units)
        if not layout.amount:

            def from_two(row: Mapping[str, str]) -> int | None:
                paid_in, paid_out = row.get(layout.credit, "").strip(), row.get(layout.debit, "").strip()
                inward = figures.units(paid_in, form) if paid_in else 0
                outward = figures.units(paid_out, form) if paid_out else 0
                readable = inward is not None and outward is not None and (paid_in or paid_out)
                return abs(inward) - abs(outward) if readable else None  # type: ignore[arg-type]

            return from_two
        if not layout.direction:
            return lambda row: figures.units(row.get(layout.amount, ""), form)

        def directed(row: Mapping[str, str]) -> int | None:
            value, way = figures.units(row.get(layout.amount, ""), form), word(row.get(layout.direction, ""))
            if value is None or way in MONEY_IN:
                return value
            return -value if way in MONEY_OUT else None

        return directed


def align_currencies(left: Side, right: Side) -> tuple[Ints, Ints]:
    """Currency codes that both sides share. Where one file has no such column, currency cannot be told apart: all codes are 0.

    A blank takes the file's currency when it has only one; otherwise blanks equal blanks alone.
    """
    if not (left.layout.currency and right.layout.currency):
        return np.zeros(len(left), np.int64), np.zeros(len(right), np.int64)
    codes = {name: n for n, name in enumerate(sorted(left.currencies.keys() | right.currencies.keys()))}
    return _aligned(left, codes), _aligned(right, codes)


def _aligned(side: Side, codes: Mapping[str, int]) -> Ints:
    known = [name for name in side.currencies if name]
    for_blank = known[0] if len(known) == 1 else ""
    return np.array([codes[name or for_blank] for name in side.currencies], np.int64)[side.currency]
