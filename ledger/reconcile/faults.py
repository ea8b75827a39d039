"""Rows that cannot be read: which cell, and why. Each is kept and reported, and takes no part."""

from collections.abc import Mapping

from msgspec import Struct

from ledger.reconcile.figures import NumberFormat, units
from ledger.reconcile.layout import MONEY_IN, MONEY_OUT, Layout, word


class Unread(Struct, frozen=True):
    """What stands in the place of a row that the file itself does not hold in one piece, such as a broken line."""

    value: str
    why: str


class Bad(Struct, frozen=True):
    """A row that takes no part, by its number, with the cell that is at fault; no column when it is the whole row."""

    number: int
    column: str
    value: str
    why: str
    id: str = ""

    def sentence(self) -> str:
        """The fault in one sentence."""
        where = f"row {self.number}, {self.column}" if self.column else f"row {self.number}"
        return f"{where}: {self.why}: {self.value}" if self.value else f"{where}: {self.why}"


def amount_fault(layout: Layout, row: Mapping[str, str], form: NumberFormat) -> tuple[str, str, str]:
    """Column, value and reason of a row whose amount cannot be told."""
    columns = [layout.amount] if layout.amount else [name for name in (layout.credit, layout.debit) if name]
    filled = [(name, value) for name in columns if (value := row.get(name, "").strip())]
    for column, value in filled:
        if units(value, form) is None:
            return (
                column,
                value,
                f"no amount with {form.decimal} as its decimal mark" if not form.minor_units else "no whole number of cents",
            )
    way = row.get(layout.direction, "")
    if filled and layout.direction and word(way) not in MONEY_IN | MONEY_OUT:
        return layout.direction, way, "neither a debit nor a credit"
    return " or ".join(columns), "", "there is no amount"
