"""Fixed-width fields and record layouts: how a value becomes columns and columns become a value.

A layout is data: names, columns and kinds, as they stand in Nacha's tables. Reading never fails: what cannot be
understood comes back as a remark beside a harmless value. Writing is strict: what does not fit is a ValueError.
Source: Nacha Operating Rules, Appendix Two and Three (justification and filling of alphameric and numeric fields).
"""

from collections.abc import Iterator
from enum import Enum, auto
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import astuple

from ach.problems import Rule
from ach.routing import is_digits

RECORD_COLUMNS = 94


class Kind(Enum):
    """How a field is filled."""

    ALPHA = auto()
    """text, left justified, blank filled; trailing blanks are no part of it"""
    RIGHT = auto()
    """an identification, right justified, blank filled"""
    NUMBER = auto()
    """a number, right justified, zero filled"""
    DIGITS = auto()
    """an identification that is always so many digits"""
    OPTIONAL_DIGITS = auto()
    """the same, or blank"""


class Field(NamedTuple):
    """One field: its name and its columns, counted from 1, both ends included."""

    name: str
    start: int
    end: int
    kind: Kind = Kind.ALPHA

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.end - self.start + 1

    def render(self, value: Any) -> str:
        """The columns for this value; ValueError when it does not fit or is not of this kind."""
        width = self.end - self.start + 1
        if self.kind is Kind.NUMBER:
            text = f"{value:0{width}d}" if value >= 0 else ""
        elif self.kind is Kind.ALPHA:
            text = value.ljust(width)
        elif self.kind is Kind.RIGHT:
            text = value.rjust(width)
        elif value.isdigit() or not value:
            text = value if value or self.kind is Kind.DIGITS else " " * width
        else:
            text = ""
        if len(text) != width:
            raise ValueError(f"{self.name} does not fit columns {self.start}-{self.end} ({self.kind.name.lower()})")
        return text


class Remark(NamedTuple):
    """A field that could not be taken as it stands."""

    field: Field
    rule: Rule
    message: str
    value: str


class Layout:
    """The layout of one record: its code in column 1, its value type and its fields in order of their columns."""

    def __init__(self, name: str, code: str, record: type[Struct], *fields: Field) -> None:
        """`record`'s attributes are the fields in the same order, possibly followed by others with defaults."""
        self.name = name
        self.code = code
        self.record = record
        self.fields = fields
        self._by_name = {field.name: field for field in fields}
        self._template = _template(code, fields)
        self._numeric = _numeric_columns(fields)
        self._reserved = _reserved_columns(code, fields)
        self._optional = [(at, field) for at, field in enumerate(fields) if field.kind is Kind.OPTIONAL_DIGITS]

    def find(self, name: str) -> Field | None:
        """The field of this name, if the record has one."""
        return self._by_name.get(name)

    def parse(self, line: str) -> tuple[Any, list[Remark]]:
        """The value in a line of 94 columns, and remarks on every field that could not be taken as it stands."""
        values: list[str | int] = []
        remarks: list[Remark] = []
        for field in self.fields:
            raw = line[field.start - 1 : field.end]
            kind = field.kind
            if kind is Kind.ALPHA:
                values.append(raw.rstrip())
            elif kind is Kind.RIGHT:
                values.append(raw.strip())
            elif is_digits(raw):
                values.append(int(raw) if kind is Kind.NUMBER else raw)
            else:
                values.append(_badly_filled(field, raw, remarks))
        return self.record(*values), remarks

    def reserved(self, line: str) -> Iterator[tuple[int, int]]:
        """First and last column of every reserved stretch of this line that is not blank."""
        for columns in self._reserved:
            if not line[columns].isspace():
                yield columns.start + 1, columns.stop

    def render(self, record: Struct) -> str:
        """The 94 columns of this value; ValueError naming the field that does not fit or is not printable ASCII."""
        values = astuple(record)[: len(self.fields)]
        line = self._template % values
        if len(line) != RECORD_COLUMNS or not all(line[columns].isdigit() for columns in self._numeric):
            self._refuse_misfits(values)
        if not (line.isascii() and line.isprintable()):
            raise ValueError(f"{self.name}: only printable ASCII can be written")
        if any(values[at] and not line[field.start - 1 : field.end].isdigit() for at, field in self._optional):
            self._refuse_misfits(values)
        return line

    def _refuse_misfits(self, values: tuple[Any, ...]) -> None:
        for field, value in zip(self.fields, values, strict=True):
            try:
                field.render(value)
            except ValueError as error:
                raise ValueError(f"{self.name}: {error}") from None


def _template(code: str, fields: tuple[Field, ...]) -> str:
    """The record as a %-format: every field padded to its columns, blanks where columns are reserved."""
    parts, column = [code], len(code) + 1
    for field in fields:
        parts.append(" " * (field.start - column))
        if field.kind is Kind.NUMBER:
            parts.append(f"%0{field.width}d")
        else:
            parts.append(f"%{'-' if field.kind is Kind.ALPHA else ''}{field.width}s")
        column = field.end + 1
    return "".join([*parts, " " * (RECORD_COLUMNS + 1 - column)])


def _numeric_columns(fields: tuple[Field, ...]) -> list[slice]:
    """The stretches of columns that hold nothing but digits, as slices of a line."""
    stretches: list[slice] = []
    for field in fields:
        if field.kind in (Kind.NUMBER, Kind.DIGITS):
            if stretches and stretches[-1].stop == field.start - 1:
                stretches[-1] = slice(stretches[-1].start, field.end)
            else:
                stretches.append(slice(field.start - 1, field.end))
    return stretches


def _reserved_columns(code: str, fields: tuple[Field, ...]) -> list[slice]:
    """The stretches of columns that belong to no field, as slices of a line."""
    taken = {at for field in fields for at in range(field.start - 1, field.end)} | set(range(len(code)))
    stretches: list[slice] = []
    for at in range(RECORD_COLUMNS):
        if at not in taken:
            if stretches and stretches[-1].stop == at:
                stretches[-1] = slice(stretches[-1].start, at + 1)
            else:
                stretches.append(slice(at, at + 1))
    return stretches


def _badly_filled(field: Field, raw: str, remarks: list[Remark]) -> str | int:
    """What a numeric field that is not all digits most likely means: blanks are forgiven, anything else is not."""
    text = raw.strip()
    numeric = is_digits(text)
    if not text and field.kind is Kind.OPTIONAL_DIGITS:
        return ""
    if numeric or not text:
        mandatory = field.kind is Kind.DIGITS and not text
        rule, message = (Rule.MANDATORY, "is blank") if mandatory else (Rule.ZERO_FILLED, "is not zero filled")
        remarks.append(Remark(field, rule, message, raw))
        return int(text or 0) if field.kind is Kind.NUMBER else text.rjust(field.width, "0") if text else ""
    rule = Rule.DIGITS if field.kind is Kind.OPTIONAL_DIGITS else Rule.NUMERIC
    remarks.append(Remark(field, rule, "is not a number", raw))
    return 0 if field.kind is Kind.NUMBER else raw.strip()
