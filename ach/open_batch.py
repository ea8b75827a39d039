"""The batch being read, and what an entry is within it."""

from enum import StrEnum

from ach.records import (
    Addenda98,
    Addenda98Refused,
    Addenda99,
    Addenda99Contested,
    Addenda99Dishonored,
    AnyBatchHeader,
    AnyEntry,
    IatBatchHeader,
)
from ach.sec import ENTRY_CLASSES
from ach.tally import Tally


class Category(StrEnum):
    """What an entry is to the originator; forward entries, returns and their disputes never share a batch."""

    FORWARD = "forward"
    NOTICE_OF_CHANGE = "notice_of_change"
    RETURN = "return"
    DISHONORED = "dishonored"
    CONTESTED = "contested"


def category_of(entry: AnyEntry) -> Category:
    """What this entry is, by its addenda."""
    for addenda in reversed(entry.addenda):
        if isinstance(addenda, Addenda98 | Addenda98Refused):
            return Category.NOTICE_OF_CHANGE
        if isinstance(addenda, Addenda99):
            return Category.RETURN
        if isinstance(addenda, Addenda99Dishonored):
            return Category.DISHONORED
        if isinstance(addenda, Addenda99Contested):
            return Category.CONTESTED
    return Category.FORWARD


class OpenBatch:
    """The batch being read: its header and what its entries have added up to so far."""

    __slots__ = (
        "category",
        "description",
        "entry_class",
        "header",
        "is_iat",
        "last_trace",
        "line",
        "payment_type_seen",
        "sec",
        "tally",
    )

    def __init__(self, header: AnyBatchHeader | None, line: int) -> None:
        """A batch without entries; `header` is None when entries stand outside any batch."""
        self.header = header
        self.line = line
        self.sec = header.standard_entry_class_code.upper() if header else ""
        self.is_iat = isinstance(header, IatBatchHeader)
        self.entry_class = ENTRY_CLASSES.get(self.sec)
        self.description = header.company_entry_description.upper() if header else ""
        self.tally = Tally()
        self.last_trace = ""
        self.category: Category | None = None
        self.payment_type_seen = False
        """a wrong payment type is reported once a batch: whole files lack it"""

    def marked(self, mark: str) -> bool:
        """Whether this batch's entry class has this mark."""
        return self.entry_class is not None and mark in self.entry_class.marks
