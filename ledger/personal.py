"""Personal data: how a field is marked that holds it, and how a text is recognised that must not.

The marks stand in the models, go into the JSON Schemas as `x-personal`, and make the table in `docs/privacy.md`.
"""

import re
from typing import Final

from msgspec import Meta

INSTRUMENT: Final = "instrument"
"""a bank account and the name on it: always sealed"""
CONTACT: Final = "contact"
"""a telephone number or an e-mail address: always sealed"""
PSEUDONYM: Final = "pseudonym"
"""an opaque token of a person, random and not derived from them (45 CFR 164.514(c))"""
FREE_TEXT: Final = "free text"
"""words of a person or a bank; refused when they hold personal data"""
REFERENCE: Final = "reference"
"""a name that somebody else gave to a thing; refused when it holds a card number"""
SEALED_KINDS: Final = frozenset({INSTRUMENT, CONTACT})

_CARD = re.compile(r"[2-6](?:[ -]?[0-9]){12,18}")
_BEGINS: Final = {
    13: ("4",),
    14: ("30", "36", "38", "39"),
    15: ("34", "37"),
    16: ("2", "35", "4", "5", "6"),
    17: ("6",),
    18: ("6",),
    19: ("4", "6"),
}
"""What cards of each length begin with (ISO/IEC 7812): 2 and 5 Mastercard, 30/36/38/39 Diners, 34/37 American Express, 35 JCB, 4 Visa,
6 Discover, UnionPay and Maestro."""
_CARD_LENGTH_MIN: Final = 13
_UUID_LENGTH: Final = 36
_EMAIL = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+\.[A-Za-z]{2,}")
_SSN = re.compile(r"(?<![0-9-])[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}(?![0-9-])")
_PHONE = re.compile(
    r"(?<![0-9A-Za-z.-])(?:\+?1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}(?![0-9-])|\+[0-9]{9,15}\b"
)
_ACCOUNT = re.compile(r"\b(?:a/c|acc(?:oun)?t|iban|routing|aba|dfi|konto)\b[^0-9]{0,16}[0-9][0-9 -]{3,33}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z.-])[0-9]{9,17}(?![0-9A-Za-z.-])")


def personal(kind: str) -> Meta:
    """The mark of a field: what of a person it holds."""
    return Meta(extra={"personal": kind}, extra_json_schema={"x-personal": kind})


def holds_card_number(text: str) -> bool:
    """Whether a payment card's number stands in the text: 13 to 19 digits that a card begins with and whose Luhn digit is right.

    One random number of that length in ten has the right digit, so identifiers of digits alone are better not 13 to 19 long.
    """
    length = len(text)
    if length < _CARD_LENGTH_MIN or (length == _UUID_LENGTH and text[8] == "-" == text[13]) or _CARD.search(text) is None:
        return False
    return any(_is_card(text, found) for found in _CARD.finditer(text))


def found_in(text: str) -> str:
    """What of a person a free text gives away, in words that can be told; empty for nothing that is recognised.

    Numbers of nine to seventeen digits count as account numbers (Nacha: a DFI account number has up to 17).
    """
    if holds_card_number(text):
        return "a card number"
    for pattern, kind in _KINDS:
        if pattern.search(text):
            return kind
    return ""


def found_in_token(text: str) -> str:
    """The same of what should be an opaque token: a card number, an e-mail address, a social security or telephone number."""
    if holds_card_number(text):
        return "a card number"
    for pattern, kind in _TOKEN_KINDS:
        if pattern.search(text):
            return kind
    return ""


def _is_card(text: str, found: re.Match[str]) -> bool:
    """Not a part of a longer number or of a hexadecimal text, of a length that such cards have, with the right check digit."""
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    if before.isdigit() or before == "." or after.isalnum():
        return False
    digits = found.group().replace(" ", "").replace("-", "")
    return digits.startswith(_BEGINS[len(digits)]) and _luhn(digits)


def _luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)  # the sum of the product's digits
    return total % 10 == 0


_TOKEN_KINDS: Final = ((_EMAIL, "an e-mail address"), (_SSN, "a social security number"), (_PHONE, "a telephone number"))
_KINDS: Final = (*_TOKEN_KINDS, (_ACCOUNT, "an account number"), (_LONG_NUMBER, "an account number"))
