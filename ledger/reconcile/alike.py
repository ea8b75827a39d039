"""What the texts of two rows say when their identifiers are not equal: nothing, the same with a typing mistake, or something else."""

from enum import IntEnum
from itertools import product

from rapidfuzz import fuzz

from ledger.matching.reference import normalize, typos
from ledger.reconcile.keys import ID
from ledger.reconcile.side import Row
from ledger.reconcile.view import Both

NAME_ALIKE = 85
"""share of common words, of 100, from which two names count as one"""
NAME_OTHER = 40
"""below this they are different names"""

_plain = normalize.__wrapped__


class Word(IntEnum):
    """What the identifiers of a pair say."""

    AGAINST = -1
    SILENT = 0
    TYPO = 1


def identifiers(left: Row, right: Row, comparable: frozenset[tuple[int, int]]) -> Word:
    """Compare the columns that name the same things in both files, given as pairs of kinds of key."""
    said = [_closest(_values(left, a), _values(right, b)) for a, b in comparable]
    return Word.TYPO if Word.TYPO in said else min(said, default=Word.SILENT)


def _values(row: Row, kind: int) -> tuple[str, ...]:
    return (row.id,) if kind == ID else row.references


def _closest(left: tuple[str, ...], right: tuple[str, ...]) -> Word:
    pairs = [(a, b) for a, b in product(left, right) if _plain(a) and _plain(b)]
    if not pairs:
        return Word.SILENT
    return Word.TYPO if any(typos(a, b) is not None for a, b in pairs) else Word.AGAINST


def names(left: Row, right: Row) -> int:
    """How alike the names are, 0 to 100, or -1 when one side has none. A name is looked for in the other's free text as well."""
    best = -1
    for one, other in ((left.name, right.name), (left.name, right.text), (left.text, right.name), (left.text, right.text)):
        if one and other:
            best = max(best, int(fuzz.token_set_ratio(one.upper(), other.upper())))
    return best


def parties_differ(both: Both, row: int, other: int) -> bool:
    """Whether both rows identify their party, in identifiers that both files share, and not as the same."""
    left, right = both.left.party[row], both.right.party[other]
    return bool(both.parties_comparable and left and right and left != right)


def same_party(both: Both, row: int, other: int) -> bool:
    """Whether both rows identify the same party."""
    left = both.left.party[row]
    return bool(both.parties_comparable and left and left == both.right.party[other])
