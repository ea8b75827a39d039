"""Words of free text, as banks cut and abbreviate them: what two texts share, and what tells rows of one amount apart."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from ledger.reconcile.side import Row

_WORD = re.compile(r"[^\W_]+")
LETTERS_MIN, PREFIX_MIN, NUMBER_MIN = 3, 4, 4

_COMMON = """
ACH DEBIT CREDIT PAYMENT PAYMENTS PMT PAY PAID DEPOSIT TRANSFER TRF XFER WIRE CHECK CHEQUE CHK CARD POS PURCHASE FEE FEES INVOICE INV REF
REFERENCE ORDER FROM THE AND FOR INC LLC LTD CORP COMPANY GMBH BANK ACCOUNT ACCT CCD PPD WEB DES IND ONLINE MOBILE RETURN USD EUR GBP
JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC JANUARY FEBRUARY MARCH APRIL JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER
INCOMING OUTGOING RECEIVED SENT MONTHLY INSTALMENT INSTALLMENT
"""
COMMON = frozenset(_COMMON.split())
"""words that say nothing about who paid whom"""


def words(row: Row) -> frozenset[str]:
    """The telling words of a row's references, name and text, in upper case; years are not among them."""
    return telling(" ".join((*row.references, row.name, row.text)))


def telling(text: str) -> frozenset[str]:
    """The telling words of one text."""
    return frozenset(word for word in _WORD.findall(without_accents(text)) if _telling(word))


def name_words(row: Row) -> frozenset[str]:
    """The words of a row's name, or of its text when it has none; numbers are not among them."""
    return frozenset(word for word in telling(row.name or row.text) if word.isalpha())


def without_accents(text: str) -> str:
    """In upper case; banks write Müller as MULLER."""
    if text.isascii():
        return text.upper()
    return "".join(c for c in unicodedata.normalize("NFKD", text).upper() if not unicodedata.combining(c))


def shared(left: Iterable[str], right: Iterable[str]) -> int:
    """How many of the left words stand on the right as well, whole, cut short or abbreviated."""
    others = frozenset(right)
    return sum(word in others or any(_short_for(word, other) for other in others) for word in left)


def distinctive(rows: Mapping[int, frozenset[str]]) -> dict[int, frozenset[str]]:
    """The words of each row that are not in all the rows."""
    everywhere = frozenset.intersection(*rows.values()) if len(rows) > 1 else frozenset()
    return {n: given - everywhere for n, given in rows.items()}


def _telling(word: str) -> bool:
    if word.isdigit():
        return len(word) >= NUMBER_MIN and not (len(word) == 4 and word.startswith(("19", "20")))
    return len(word) >= LETTERS_MIN and word not in COMMON


def _short_for(one: str, other: str) -> bool:
    """Whether the shorter word is the beginning of the longer, or its letters in order with the same first and last one."""
    if not (one.isalpha() and other.isalpha()) or one[0] != other[0]:
        return False
    short, long = sorted((one, other), key=len)
    if len(short) >= PREFIX_MIN and long.startswith(short):
        return True
    if len(short) < LETTERS_MIN or len(short) == len(long) or (short[-1] != long[-1]):
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)
