"""Text that every bank can take: printable ASCII, upper case where Nacha wants it, cut to the field."""

import unicodedata
from functools import lru_cache

_SUBSTITUTES = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "’": "'", "–": "-"}
)


@lru_cache(maxsize=65_536)
def portable(text: str, width: int) -> str:
    """This text in printable ASCII, accents taken off, blanks collapsed, cut to `width` columns.

    What has no ASCII form becomes a full stop, so that a name never shrinks to nothing unnoticed.
    """
    if not (text.isascii() and text.isprintable()):
        spread = unicodedata.normalize("NFKD", text.translate(_SUBSTITUTES))
        bare = (letter for letter in spread if not unicodedata.combining(letter))
        text = "".join(letter if letter.isspace() or " " <= letter <= "~" else "." for letter in bare)
    return " ".join(text.split())[:width].rstrip()
