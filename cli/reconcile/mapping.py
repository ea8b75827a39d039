"""The mapping of `hms-ach reconcile --map`: which column means what, and the terms, as TOML."""

import tomllib
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from ach.calendar import is_banking_day
from cli.errors import UserError
from ledger.matching.terms import Fee
from ledger.reconcile.layout import Layout
from ledger.reconcile.terms import FileTerms

DEFAULTS = FileTerms()


class Plan(Struct, frozen=True):
    """A mapping file: what the columns are and the terms. Every part may be left out."""

    left: Layout = Layout()
    right: Layout = Layout()
    terms: FileTerms = FileTerms(is_banking_day=is_banking_day)


def read_mapping(path: Path) -> Plan:
    """The plan of a TOML file with the tables `left`, `right` and `terms`. Raises UserError with the entry that is wrong."""
    try:
        text = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=str)
        unknown = set(text) - {"left", "right", "terms"}
        if unknown:
            raise UserError(f"{path}: no table {', '.join(sorted(unknown))}; there are left, right and terms.")
        wrong = [name for name, table in text.items() if not isinstance(table, dict)]
        if wrong:
            raise UserError(f"{path}: {', '.join(wrong)} is no table; write [{wrong[0]}] and its entries below.")
        left, right = (msgspec.convert(_columns(text.get(side, {})), Layout) for side in ("left", "right"))
        return Plan(left, right, _terms(text.get("terms", {})))
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError, InvalidOperation) as error:
        raise UserError(f"{path} is no mapping: {error}.") from error


def _columns(table: dict[str, Any]) -> dict[str, Any]:
    unknown = set(table) - set(Layout.__struct_fields__)
    if unknown:
        raise ValueError(f"unknown entry {', '.join(sorted(unknown))}; there are {', '.join(Layout.__struct_fields__)}")
    return {k: [v] if k in ("reference", "name", "text") and isinstance(v, str) else v for k, v in table.items()}


def _terms(table: dict[str, Any]) -> FileTerms:
    given = msgspec.convert(table, _Given)
    fees = tuple(Fee(fee.name, _hundredths(fee.flat), _hundredths(fee.percent)) for fee in given.fees)
    return FileTerms(
        given.version,
        _hundredths(given.tolerance),
        _hundredths(given.tolerance_percent),
        given.parts,
        fees,
        given.learn_fees,
        DEFAULTS.days_before if given.days_before is None else given.days_before,
        DEFAULTS.days_after if given.days_after is None else given.days_after,
        given.learn_days and given.days_before is None and given.days_after is None,
        given.named_days_before,
        given.named_days_after,
        given.sign,
        is_banking_day,
    )


class _GivenFee(Struct, forbid_unknown_fields=True):
    """A fee as a mapping states it: amounts and percentages are decimal strings."""

    name: str = "fee"
    flat: str | int = "0"
    percent: str | int = "0"


class _Given(Struct, forbid_unknown_fields=True):
    """The terms as a mapping states them."""

    version: str = DEFAULTS.version
    tolerance: str | int = "0.05"
    tolerance_percent: str | int = "0"
    parts: bool = DEFAULTS.parts
    fees: tuple[_GivenFee, ...] = ()
    learn_fees: bool = DEFAULTS.learn_fees
    days_before: int | None = None
    """a window that is given is not learned"""
    days_after: int | None = None
    learn_days: bool = DEFAULTS.learn_days
    named_days_before: int = DEFAULTS.named_days_before
    named_days_after: int = DEFAULTS.named_days_after
    sign: Literal["auto", "same", "opposite", "absolute"] = "auto"


def _hundredths(value: str | int) -> int:
    """A decimal or whole number in hundredths: cents of an amount, basis points of a percentage. They come as digits, never as a float."""
    scaled = Decimal(str(value)) * 100
    if scaled != int(scaled) or scaled < 0:
        raise ValueError(f"{value} is no amount of at most two places")
    return int(scaled)
