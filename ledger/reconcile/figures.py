"""Amounts as files write them, to integers: 1/10,000 of the currency unit, so that every currency fits and nothing is a float."""

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

UNITS_PER_CENT = 100
PLACES = 4
"""decimal places that are kept"""
WHOLE_DIGITS_MAX = 11
"""more than this is no amount"""
ARTEFACT_PLACES = 9
"""a number with more decimals than this went through a binary float; it is rounded to `PLACES`"""

_PLAIN = re.compile(r"-?[0-9]+\.[0-9]{2}", re.ASCII)
_SIGNED = re.compile(r"(?P<open>\()?(?P<minus>[-+])?(?P<digits>[0-9.,]*[0-9])\.?(?P<close>\))?(?P<after>-)?(?P<side>CR|DR)?", re.ASCII)
_DRESS = re.compile(
    r"[\s'’$€£¥₹₩₪₫₴₱₺₽]|(?:US|[ACR])(?=\$)|(?<![A-Z])RS\.?(?![A-Z])"
    r"|(?<![A-Z])(?:USD|EUR|GBP|CAD|CHF|AUD|JPY|INR|CNY|NZD|SGD|HKD|SEK|NOK|DKK|PLN|CZK|HUF|MXN|BRL|ZAR)(?![A-Z])"
)
"""blanks and apostrophes between the digits, signs and names of currencies around them"""
_MINUS = str.maketrans("−–—", "---")
"""what typesetting makes of a minus"""

Mark = Literal[".", ","]


class NumberFormat(Struct, frozen=True):
    """How a column writes numbers."""

    decimal: Mark = "."
    minor_units: bool = False
    """whole numbers are cents"""
    certain: bool = True
    """whether the column itself decided, or the default had to"""


def detect(samples: Iterable[str], *, minor_units: bool = False) -> NumberFormat:
    """The decimal mark of a column. `1.234` and `1,234` alone do not decide; then it is a point, and not certain."""
    votes = {".": 0, ",": 0}
    unsure = False
    for sample in samples:
        text = _DRESS.sub("", sample.upper())
        marks = [c for c in text if c in ".,"]
        if not marks:
            continue
        last = marks[-1]
        after = len(re.sub(r"[^0-9.,]", "", text).rpartition(last)[2])
        if len(set(marks)) == 2 or (marks.count(last) == 1 and after != 3):
            votes[last] += 1
        elif marks.count(last) > 1:
            votes["," if last == "." else "."] += 1
        else:
            unsure = True
    certain = not (unsure and votes["."] == votes[","] == 0)
    return NumberFormat("," if votes[","] > votes["."] else ".", minor_units, certain)


def units(text: str, form: NumberFormat) -> int | None:
    """The amount in units, or None when it is no amount. Parentheses, a minus before or after and DR make it negative."""
    if form.decimal == "." and not form.minor_units and len(text) <= WHOLE_DIGITS_MAX and _PLAIN.fullmatch(text):
        return int(text.replace(".", "")) * UNITS_PER_CENT
    found = _SIGNED.fullmatch(_DRESS.sub("", text.upper().translate(_MINUS)))
    if not found:
        return None
    grouping = "," if form.decimal == "." else "."
    whole, _, rest = found["digits"].replace(grouping, "").partition(form.decimal)
    if "." in rest or "," in rest or (form.minor_units and rest.strip("0")):
        return None
    kept = _fraction(rest)
    if kept is None or len(whole) > WHOLE_DIGITS_MAX:
        return None
    value = int(whole or "0") * UNITS_PER_CENT if form.minor_units else int(whole or "0") * 10**PLACES + kept
    negative = bool(found["open"]) + (found["minus"] == "-") + bool(found["after"]) + (found["side"] == "DR")
    return -value if negative % 2 else value


def _fraction(digits: str) -> int | None:
    """Four places of a fraction; further ones must be zero, unless a float left them behind."""
    rest = digits[PLACES:]
    kept = int(digits[:PLACES].ljust(PLACES, "0"))
    if not rest.strip("0"):
        return kept
    return kept + (rest[0] >= "5") if len(digits) > ARTEFACT_PLACES else None


def decimal(value: int) -> str:
    """Decimal string of an amount in units: two places, four where they are needed."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), 10**PLACES)
    text = f"{rest:04d}"
    return f"{sign}{whole}.{text[:2] if text.endswith('00') else text}"
