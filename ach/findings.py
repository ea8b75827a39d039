"""A finding: what a check says about one record, before it is known where in the file that record stands."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ach.fields import Layout
from ach.problems import Rule


class Finding(NamedTuple):
    """A broken rule, the field it concerns and what stands there."""

    rule: Rule
    field: str
    message: str
    value: str = ""
    addenda: int | None = None
    """which addenda record of the entry, from 0; None for the entry itself"""


def is_portable(text: str) -> bool:
    """Whether every receiver can be expected to take these characters: printable ASCII."""
    return text.isascii() and text.isprintable()


def _is_accepted(letter: str) -> bool:
    """Printable ASCII, and the accented letters of Latin-1, which banks do send."""
    return " " <= letter <= "~" or "\u00c0" <= letter <= "\u00ff"


def odd_characters(layout: Layout, line: str) -> Iterator[Finding]:
    """A finding for each field of this line that holds characters no Nacha file should."""
    if is_portable(line):
        return
    for field in layout.fields:
        text = line[field.start - 1 : field.end]
        if not all(map(_is_accepted, text)):
            yield Finding(Rule.CHARACTERS, field.name, "holds characters that are not allowed", ascii(text)[1:-1])


def filled_reserve(layout: Layout, line: str) -> Iterator[Finding]:
    """A finding for each reserved stretch of this line that holds something: it is not read, so it would be lost."""
    for start, end in layout.reserved(line):
        yield Finding(Rule.RESERVED, "", f"columns {start}-{end} are reserved and must be blank")


def missing(record: object, names: Iterable[str]) -> Iterator[Finding]:
    """A finding for each of these fields that is blank or all zeros. Source: R26, mandatory field error."""
    for name in names:
        value = getattr(record, name)
        if not value.strip(" 0"):
            yield Finding(Rule.MANDATORY, name, "is mandatory and must not be blank or zeros", value)
