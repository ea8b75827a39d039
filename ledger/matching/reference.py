"""References as people and banks write them: compared without case, punctuation and leading zeros. Nothing never equals nothing."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

CHARACTERS_PER_EDIT = 8
"""one typing mistake is believable in every eight characters"""

_NOISE = re.compile(r"[\W_]+")
_ASCII = {code: chr(code).upper() if chr(code).isalnum() else None for code in range(128)}
"""what `_NOISE` and upper case do to ASCII, several times faster"""
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_PLACEHOLDERS = frozenset(
    {"", "0", "NA", "NONE", "NULL", "NIL", "NAN", "BLANK", "EMPTY", "UNKNOWN", "NOREF", "NOREFERENCE", "NOTPROVIDED", "TBD"}
)
"""what systems write for "no reference"; NOTPROVIDED is the rule of ISO 20022 for a missing end-to-end id"""


@lru_cache(maxsize=65_536)
def normalize(text: str) -> str:
    """The reference in upper case, letters and digits alone, no leading zeros in its numbers; empty when it says nothing."""
    key = _letters_and_digits(text)
    if "0" in key:
        key = _LEADING_ZEROS.sub("", key)
    return "" if key in _PLACEHOLDERS else key


def typos(left: str, right: str) -> int | None:
    """Typing mistakes between two references as they are written, or None when they are not alike; see `edits`.

    Zeros at the front of a number count as characters here: mistakes are made in what is written, not in what is meant.
    """
    if not (normalize(left) and normalize(right)):
        return None
    return edits(_letters_and_digits(left), _letters_and_digits(right))


def _letters_and_digits(text: str) -> str:
    if text.isascii():
        return text.translate(_ASCII)
    bare = _NOISE.sub("", unicodedata.normalize("NFKC", text).upper())
    return unicodedata.normalize("NFKC", bare)  # what was apart may be one letter now: Hangul that is written in pieces


def distance(left: str, right: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between two references."""
    found: int = DamerauLevenshtein.distance(left, right)
    return found


def edits(left: str, right: str) -> int | None:
    """Typing mistakes between two normalized references, or None when they are not alike.

    Alike means at most one insertion, deletion, substitution or swap of neighbours in every eight characters of the shorter one;
    shorter references must be equal. An empty one is like nothing.
    """
    allowed = min(len(left), len(right)) // CHARACTERS_PER_EDIT
    if not allowed:
        return 0 if left and left == right else None
    found: int = DamerauLevenshtein.distance(left, right, score_cutoff=allowed)
    return found if found <= allowed else None
