"""What the texts of two rows say when their identifiers are not equal: nothing, the same with a typing mistake, or something else."""

from enum import IntEnum
from itertools import product

from rapidfuzz import fuzz

from ledger.matching.reference import distance, normalize, typos
from ledger.reconcile.keys import ID
from ledger.reconcile.side import Row
from ledger.reconcile.view import Both
from ledger.reconcile.words import telling, without_accents

NAME_ALIKE = 85
"""share of common words, of 100, from which two names count as one"""
NAME_OTHER = 40
"""below this they are different names"""

_plain = normalize.__wrapped__


CUT_MIN, CUT_DIGITS_MIN = 4, 3
"""a shorter piece of a reference, or one with fewer digits, is in too many others"""
SWAP_MIN, SLIP_MIN = 6, 5
"""references too short for the general rule: two swapped neighbours are believable in six characters, another slip in five is doubtful"""


class Word(IntEnum):
    """What the identifiers of a pair say."""

    AGAINST = -1
    SILENT = 0
    SLIP = 1
    """another digit, or a short reference: a mistake or another number of the series, the name decides"""
    CUT = 2
    """one is a piece of the other: a bank cut it, or put something around it"""
    TYPO = 3
    """a mistake that only fingers make: swapped, doubled or left out"""


def identifiers(left: Row, right: Row, comparable: frozenset[tuple[int, int]]) -> Word:
    """Compare the columns that name the same things in both files, given as pairs of kinds of key."""
    said = [_closest(_values(left, a), _values(right, b)) for a, b in comparable]
    best = max(said, default=Word.SILENT)
    return best if best > Word.SILENT else min(said, default=Word.SILENT)


def _values(row: Row, kind: int) -> tuple[str, ...]:
    return (row.id,) if kind == ID else row.references


def _closest(left: tuple[str, ...], right: tuple[str, ...]) -> Word:
    pairs = [(a, b) for a, b in product(left, right) if _plain(a) and _plain(b)]
    if not pairs:
        return Word.SILENT
    return max(_compared(a, b) for a, b in pairs)


def _compared(left: str, right: str) -> Word:
    short, long = sorted((_plain(left), _plain(right)), key=len)
    same_length = len(short) == len(long)
    if typos(left, right) is not None:
        return Word.TYPO if not same_length or sorted(short) == sorted(long) else Word.SLIP
    if len(short) >= CUT_MIN and sum(c.isdigit() for c in short) >= CUT_DIGITS_MIN and _holds(long, short):
        return Word.CUT
    if len(short) < SLIP_MIN or distance(short, long) != 1:
        return Word.AGAINST
    swapped = len(short) >= SWAP_MIN and same_length and sorted(short) == sorted(long)
    return Word.TYPO if swapped else Word.SLIP


def _holds(long: str, short: str) -> bool:
    """Whether the longer begins or ends with the shorter, or has it within without cutting one of its numbers."""
    if long.startswith(short) or long.endswith(short):
        return True
    place = long.find(short)
    if place < 0 or len(short) < SWAP_MIN:
        return False
    before, after = long[place - 1], long[place + len(short)]
    return not (before.isdigit() and short[0].isdigit()) and not (after.isdigit() and short[-1].isdigit())


def names(left: Row, right: Row) -> int:
    """How alike the names are, 0 to 100, or -1 when one side has none, or only words such as CREDIT.

    A name is looked for in the other's free text as well.
    """
    best = -1
    for one, other in ((left.name, right.name), (left.name, right.text), (left.text, right.name), (left.text, right.text)):
        if one and other:
            best = max(best, int(fuzz.token_set_ratio(without_accents(one), without_accents(other))))
    if best < NAME_OTHER and not (telling(f"{left.name} {left.text}") and telling(f"{right.name} {right.text}")):
        return -1
    return best


def parties_differ(both: Both, row: int, other: int) -> bool:
    """Whether both rows identify their party, in identifiers that both files share, and not as the same."""
    left, right = both.left.party[row], both.right.party[other]
    return bool(both.parties_comparable and left and right and left != right)


def same_party(both: Both, row: int, other: int) -> bool:
    """Whether both rows identify the same party."""
    left = both.left.party[row]
    return bool(both.parties_comparable and left and left == both.right.party[other])
