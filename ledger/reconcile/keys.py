"""What identifies a row: its id, its references, and whatever in its free text looks like a reference."""

import re
from collections.abc import Iterable

from ledger.matching.reference import normalize

ID, REFERENCE, TOKEN = 0, 1, 2
"""kinds of key"""

LETTERS_DIGITS_MIN = 5
"""shorter words are no reference"""
DIGITS_MIN = 6
"""a number alone must be this long to be one"""

_SEVERAL = re.compile(r"[ ,;:+&|]")
"""what stands between the parts of a reference that holds more than one"""
_WORD = re.compile(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*", re.ASCII)
_APART = re.compile(r"\b([A-Za-z]{2,6})[ #:]+([0-9]{3,})\b(?![-/.][0-9])", re.ASCII)
_DATE = re.compile(r"(?:19|20)[0-9]{2}[-_.]?[01][0-9][-_.]?[0-3][0-9]|[0-9]{1,2}[-.][0-9]{1,2}[-.](?:[0-9]{2}|[0-9]{4})", re.ASCII)
_AMOUNT = re.compile(r"[0-9]+\.[0-9]{2}", re.ASCII)
_DIGIT = re.compile(r"[0-9]", re.ASCII)
_plain = normalize.__wrapped__
"""files hold millions of different references: a memo would only cost"""


def row_keys(own_id: str, references: Iterable[str], texts: Iterable[str]) -> list[tuple[int, str]]:
    """Kind and normalized key, each key once, the strongest kind first. A blank yields none."""
    found: dict[str, int] = {}
    if own_id and (key := _plain(own_id)):
        found[key] = ID
    for reference in references:
        if reference and (key := _plain(reference)):
            found.setdefault(key, REFERENCE)
            if _SEVERAL.search(reference):
                _tokens(reference, found)
    for text in texts:
        if text:
            _tokens(text, found)
    return [(kind, key) for key, kind in found.items()]


def _tokens(text: str, found: dict[str, int]) -> None:
    if not _DIGIT.search(text):
        return
    for token in _WORD.findall(text):
        if len(token) >= LETTERS_DIGITS_MIN and _is_reference(token):
            found.setdefault(_plain(token), TOKEN)
    for letters, digits in _APART.findall(text):
        if len(letters) + len(digits) >= LETTERS_DIGITS_MIN and not _DATE.fullmatch(digits):
            found.setdefault(_plain(letters + digits), TOKEN)


def _is_reference(token: str) -> bool:
    digits = len(_DIGIT.findall(token))
    if digits < 3 or _DATE.fullmatch(token) or _AMOUNT.fullmatch(token):
        return False
    return digits >= DIGITS_MIN or digits < len(token)
