"""Reading a TOML table into a frozen struct: every wrong, missing or unknown key is reported with its line.

Keys are the struct's fields; a field `limit_cents` is the key `limit` and takes dollars, a Decimal field is a percentage. TOML numbers with
a point must have been read as `Decimal`; a binary float is refused wherever money or a rate is meant.
"""

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple, Protocol, TypeVar, get_args, get_origin, runtime_checkable

import msgspec
from msgspec.structs import FieldInfo, fields

from ledger.money import CENTS_MAX
from rules.lines import Place
from rules.lint import LintError

S = TypeVar("S", bound=msgspec.Struct)
_DIGITS_MAX = 20


@runtime_checkable
class HasProblems(Protocol):
    """A table whose keys can each be right and still not fit together."""

    def problems(self) -> tuple[str, ...]:
        """What does not fit."""


class Source(NamedTuple):
    """One table of the text."""

    name: str
    number: int
    values: Mapping[str, Any]
    line_of: Mapping[Place, int]

    def line(self, key: str = "") -> int:
        """Line of a key, or of the table when the key is not there."""
        return self.line_of.get((self.name, self.number, key), self.line_of.get((self.name, self.number, ""), 1))

    def error(self, key: str, message: str) -> LintError:
        """An error at this key."""
        label = self.values.get("name", self.number + 1 if self.number else "")
        where = f"{self.name} {label}".strip()
        return LintError(self.line(key), f"{where}, {key}" if key else where, message)


def read_table(cls: type[S], source: Source, errors: list[LintError]) -> S | None:
    """The struct, or None after its errors have been appended to `errors`."""
    before = len(errors)
    by_key = {field.name.removesuffix("_cents"): field for field in fields(cls)}
    errors.extend(source.error(key, _unknown(key, by_key)) for key in source.values if key not in by_key)
    read: dict[str, Any] = {}
    for key, field in by_key.items():
        if key in source.values:
            try:
                read[field.name] = _convert(field, source.values[key])
            except (ValueError, TypeError) as problem:
                errors.append(source.error(key, str(problem)))
        elif field.required:
            errors.append(source.error(key, f"`{key}` is missing"))
    if len(errors) > before:
        return None
    value = cls(**read)
    errors.extend(source.error("", problem) for problem in _misfits(value))
    return value


def dollars_to_cents(value: object) -> int:
    """Cents of a TOML amount: `"2500.00"`, `2500` or `2500.50`.

    Refuses a third decimal, negatives, and more than the ledger's largest amount.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise TypeError('an amount is dollars, such as 2500 or "2500.00"')
    amount = plain_decimal(value)
    if not 0 <= amount * 100 <= CENTS_MAX:
        raise ValueError(f"{value} is out of range")
    if amount != round(amount, 2):
        raise ValueError(f"{value} has more than two decimals")
    return int(amount * 100)


def plain_decimal(value: str | int | Decimal) -> Decimal:
    """The number as an exact Decimal of ordinary size: an exponent in a text must not become a number of a million digits."""
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise ValueError(f"`{value}` is not a number") from None
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or len(digits) > _DIGITS_MAX or not -_DIGITS_MAX <= exponent <= _DIGITS_MAX:
        raise ValueError(f"a number has at most {_DIGITS_MAX} digits on either side of the point")
    return number


def _convert(field: FieldInfo, value: object) -> object:
    if field.name.endswith("_cents"):
        return dollars_to_cents(value)
    if Decimal in (field.type, *get_args(field.type)):
        return _percentage(value)
    item = _struct_items(field.type)
    if item is not None:
        return _read_items(item, value)
    try:
        return msgspec.convert(value, field.type, strict=True)
    except msgspec.ValidationError as problem:
        raise ValueError(str(problem)) from None


def _percentage(value: object) -> Decimal:
    """Every Decimal of a book is a percentage."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise TypeError('a percentage is a number, such as 2.9 or "2.9"')
    rate = plain_decimal(value)
    if not 0 <= rate <= 100:
        raise ValueError(f"{value} is no percentage from 0 to 100")
    return rate


def _misfits(value: object) -> tuple[str, ...]:
    return value.problems() if isinstance(value, HasProblems) else ()


def _struct_items(annotation: Any) -> type[msgspec.Struct] | None:
    """The struct in `tuple[Struct, ...]`."""
    first = get_args(annotation)[0] if get_origin(annotation) is tuple else None
    return first if isinstance(first, type) and issubclass(first, msgspec.Struct) else None


def _read_items(cls: type[msgspec.Struct], value: object) -> tuple[msgspec.Struct, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError("a list of tables is expected")
    errors: list[LintError] = []
    items = [read_table(cls, Source(f"entry {n}", 0, item, {}), errors) for n, item in enumerate(value, 1)]
    if errors:
        raise ValueError("; ".join(f"{e.where}: {e.message}" for e in errors))
    return tuple(item for item in items if item is not None)


def _unknown(key: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(key, known, 1)
    return f"`{key}` is not known here" + (f"; did you mean `{near[0]}`?" if near else f"; known: {', '.join(known)}")
