"""Which column means what. A mapping says it; without one the headers are guessed, and the guess is reported."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ledger.reconcile import cells, dates, figures, headers


class Layout(Struct, frozen=True):
    """Column names of one file; empty means that there is none. `date_format` is a name of `dates.FORMATS`, `decimal` a mark."""

    id: str = ""
    date: str = ""
    amount: str = ""
    debit: str = ""
    """money out"""
    credit: str = ""
    """money in"""
    direction: str = ""
    """a column that says debit or credit beside an unsigned amount"""
    fee: str = ""
    currency: str = ""
    reference: tuple[str, ...] = ()
    party: str = ""
    """an identifier of the other party, such as patient_id"""
    name: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    date_format: str = ""
    stray_dates: str = ""
    """US or EU: what 01/02/2026 means in a column of another form"""
    decimal: str = ""
    minor_units: bool = False
    assumed: tuple[str, ...] = ()
    """what could not be read from the file for certain, in sentences"""


MONEY_OUT = frozenset({"DEBIT", "DR", "D", "DBIT", "OUT", "OUTFLOW", "WITHDRAWAL", "PAYMENT_OUT", "MONEY_OUT", "OUTGOING", "REFUND"})
MONEY_IN = frozenset({"CREDIT", "CR", "C", "CRDT", "IN", "INFLOW", "DEPOSIT", "PAYMENT_IN", "MONEY_IN", "INCOMING", "RECEIPT"})


def guess(columns: Sequence[str], samples: Sequence[Mapping[str, str]]) -> Layout:
    """The layout that the headers and the first rows suggest; `given` a mapping, use `complete` instead."""
    return complete(Layout(), columns, samples)


def complete(given: Layout, columns: Sequence[str], samples: Sequence[Mapping[str, str]]) -> Layout:
    """The given layout with everything it leaves open guessed. Raises ValueError when a column is missing or no amount is found."""
    _refuse_unknown(given, columns)
    plain = headers.plain_names(columns)
    known = headers.with_short_names(plain)

    def first(names: Sequence[str]) -> str:
        return next((known[name] for name in names if name in known), "")

    layout = given
    if not (given.amount or given.debit or given.credit):
        debit, credit = first(headers.DEBIT), first(headers.CREDIT)
        amount = "" if debit and credit else first(headers.AMOUNT) or _ending(plain, "amount", "amt", "total")
        layout = replace(layout, amount=amount, debit="" if amount else debit, credit="" if amount else credit)
    if not (layout.amount or layout.debit or layout.credit):
        found = cells.only_amounts(columns, samples)
        if not found:
            raise ValueError(f"no column of amounts among {', '.join(columns)}; name it in a mapping")
        layout = replace(layout, amount=found, assumed=(*layout.assumed, f"{found} holds the amounts"))
    layout = replace(
        layout,
        date=layout.date or first(headers.DATE) or _ending(plain, "date", "time", "at") or cells.first_dates(columns, samples),
        currency=layout.currency or first(headers.CURRENCY),
        fee=layout.fee or first(headers.FEE),
        direction=layout.direction or _direction(layout, plain, samples),
        id=layout.id or first(headers.ID) or _own_id(columns, samples),
    )
    taken = {layout.id, layout.date, layout.amount, layout.debit, layout.credit, layout.fee, layout.currency, layout.direction}
    rest = [(name, header) for name, header in reversed(plain.items()) if header not in taken]
    party = layout.party or next((plain[name] for name in headers.PARTY if name in plain and plain[name] not in taken), "")
    references = tuple(header for name, header in rest if header != party and headers.is_reference(name))
    layout = replace(
        layout,
        party=party,
        reference=layout.reference or references,
        name=layout.name or tuple(header for name, header in rest if headers.NAME.search(name)),
        text=layout.text or tuple(header for name, header in rest if headers.TEXT.search(name)),
    )
    return _formats(layout, samples)


def _formats(layout: Layout, samples: Sequence[Mapping[str, str]]) -> Layout:
    assumed = list(layout.assumed)
    column = layout.amount or layout.credit or layout.debit
    minor = layout.minor_units or bool(re.search(r"cents|minor|pence", column, re.IGNORECASE))
    number = figures.detect((row.get(column, "") for row in samples), minor_units=minor)
    if not number.certain and not layout.decimal and not minor:
        assumed.append(f"{column}: the decimal mark is taken for a point")
    comma = (layout.decimal or number.decimal) == ","
    days = (row.get(layout.date, "") for row in samples) if layout.date else ()
    form = dates.detect(days, decimal_comma=comma)
    if form.others and not layout.date_format:
        assumed.append(f"{layout.date}: read as {form.name}, {' or '.join(form.others)} would do as well")
    return replace(
        layout,
        minor_units=minor,
        decimal=layout.decimal or number.decimal,
        date_format=layout.date_format or form.name,
        stray_dates=layout.stray_dates or form.numeric,
        assumed=tuple(assumed),
    )


def _direction(layout: Layout, plain: Mapping[str, str], samples: Sequence[Mapping[str, str]]) -> str:
    """A column of debit/credit words, when the amounts beside it carry no sign of their own."""
    if not layout.amount or any(row.get(layout.amount, "").strip().startswith(("-", "(")) for row in samples):
        return ""
    for name in headers.DIRECTION:
        words = {word(row.get(plain[name], "")) for row in samples} if name in plain else set()
        if words and words <= MONEY_IN | MONEY_OUT:
            return plain[name]
    return ""


def word(text: str) -> str:
    """A cell as one upper-case word."""
    return text.strip().upper().replace(" ", "_").replace("-", "_")


def _own_id(columns: Sequence[str], samples: Sequence[Mapping[str, str]]) -> str:
    """The first column that is called an identifier and never repeats."""
    for header in columns:
        values = [row.get(header, "") for row in samples]
        if headers.IDENTIFIER.search(header.lower()) and all(values) and len(set(values)) == len(values):
            return header
    return ""


def _ending(plain: dict[str, str], *endings: str) -> str:
    return next((header for name, header in reversed(plain.items()) if name.endswith(endings)), "")


def _refuse_unknown(given: Layout, columns: Sequence[str]) -> None:
    named = [given.id, given.date, given.amount, given.debit, given.credit, given.direction, given.fee, given.currency, given.party]
    unknown = [name for name in (*named, *given.reference, *given.name, *given.text) if name and name not in columns]
    if unknown:
        raise ValueError(f"no such column: {', '.join(unknown)}; there are {', '.join(columns)}")
    if given.stray_dates not in ("", "US", "EU"):
        raise ValueError("stray_dates is US or EU")
    if given.date_format and given.date_format not in dates.FORMATS:
        raise ValueError(f"no date format {given.date_format}; there are {', '.join(dates.FORMATS)}")
    if given.decimal not in ("", ".", ","):
        raise ValueError("the decimal mark is . or ,")
