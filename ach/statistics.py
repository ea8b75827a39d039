"""What a file holds, counted while it is read: by entry class, by return code, by change code."""

from collections import Counter

from msgspec import Struct

from ach.open_batch import Category
from ach.records import (
    Addenda98,
    Addenda98Refused,
    Addenda99,
    Addenda99Contested,
    Addenda99Dishonored,
    AnyEntry,
)
from ach.tally import Tally

CODES_MAX = 1000
"""different codes that are told apart; hostile input could invent any number"""


class ClassTotals(Struct, frozen=True):
    """The batches of one standard entry class."""

    batches: int
    entries: int
    addenda: int
    debit_cents: int
    credit_cents: int


class Statistics:
    """Running counts of one reading."""

    def __init__(self) -> None:
        """Nothing counted."""
        self.categories: Counter[str] = Counter()
        self.return_codes: Counter[str] = Counter()
        self.change_codes: Counter[str] = Counter()
        self._batches: Counter[str] = Counter()
        self._tallies: dict[str, Tally] = {}

    def has_class(self, sec: str) -> bool:
        """Whether a batch of this entry class was seen."""
        return sec in self._batches

    def count_batch(self, sec: str) -> None:
        """A batch begins."""
        _count(self._batches, sec)

    def count_totals(self, sec: str, tally: Tally) -> None:
        """A batch has ended with these totals."""
        known = sec if sec in self._tallies or len(self._tallies) < CODES_MAX else ""
        self._tallies.setdefault(known, Tally()).add_batch(tally)

    def count_forward(self, count: int) -> None:
        """So many forward entries, read in columns."""
        self.categories[Category.FORWARD] += count

    def count_entry(self, entry: AnyEntry, category: Category) -> None:
        """One entry with its addenda."""
        self.categories[category] += 1
        for addenda in entry.addenda:
            if isinstance(addenda, Addenda99 | Addenda99Dishonored | Addenda99Contested):
                _count(self.return_codes, addenda.return_code.upper())
            elif isinstance(addenda, Addenda98):
                _count(self.change_codes, addenda.change_code.upper())
            elif isinstance(addenda, Addenda98Refused):
                _count(self.change_codes, addenda.refused_change_code.upper())

    def by_class(self) -> dict[str, ClassTotals]:
        """Totals by standard entry class, in alphabetical order."""
        return {
            sec: ClassTotals(self._batches[sec], tally.entries, tally.addenda, tally.debit_cents, tally.credit_cents)
            for sec, tally in sorted(self._tallies.items())
        }


def _count(counter: Counter[str], key: str) -> None:
    if key in counter or len(counter) < CODES_MAX:
        counter[key] += 1
