"""Fixed-width fields and record layouts: how a value becomes columns and columns become a value.

A layout is data: names, columns and kinds, as they stand in Nacha's tables. Reading never fails: what cannot be
understood comes back as a remark beside a harmless value. Writing is strict: what does not fit is a ValueError.
Source: Nacha Operating Rules, Appendix Two and Three (justification and filling of alphameric and numeric fields).
"""

from enum import Enum, auto
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import astuple

from ach.problems import Rule

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
        starts = [field.start for field in fields[1:]] + [RECORD_COLUMNS + 1]
        self._lead = code + " " * (fields[0].start - 1 - len(code))
        self._plan = [(field, " " * (following - field.end - 1)) for field, following in zip(fields, starts, strict=True)]

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
            elif raw.isdigit() and raw.isascii():
                values.append(int(raw) if kind is Kind.NUMBER else raw)
            else:
                values.append(_badly_filled(field, raw, remarks))
        return self.record(*values), remarks

    def render(self, record: Struct) -> str:
        """The 94 columns of this value; ValueError naming the field that does not fit or is not printable ASCII."""
        parts = [self._lead]
        try:
            for (field, gap), value in zip(self._plan, astuple(record), strict=False):
                parts.append(field.render(value))
                parts.append(gap)
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from None
        line = "".join(parts)
        if not (line.isascii() and line.isprintable()):
            raise ValueError(f"{self.name}: only printable ASCII can be written")
        return line


def _badly_filled(field: Field, raw: str, remarks: list[Remark]) -> str | int:
    """What a numeric field that is not all digits most likely means: blanks are forgiven, anything else is not."""
    text = raw.strip()
    numeric = text.isdigit() and text.isascii()
    if not text and field.kind is Kind.OPTIONAL_DIGITS:
        return ""
    if numeric or not text:
        mandatory = field.kind is Kind.DIGITS and not text
        rule, message = (Rule.MANDATORY, "is blank") if mandatory else (Rule.ZERO_FILLED, "is not zero filled")
        remarks.append(Remark(field, rule, message, raw))
        return int(text or 0) if field.kind is Kind.NUMBER else text.rjust(field.width, "0") if text else ""
    remarks.append(Remark(field, Rule.NUMERIC, "is not a number", raw))
    return 0 if field.kind is Kind.NUMBER else raw.strip()
