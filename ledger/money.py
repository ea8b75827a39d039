"""Money: integer cents inside, decimal strings with two places outside. There is no float anywhere between the two."""

import re

_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,12})\.[0-9]{2}", re.ASCII)

CENTS_MAX = 99_999_999_999
"""Largest amount of one event, in cents: what fits the ten-digit amount field of an ACH entry (Nacha entry detail, 30-39), tenfold."""


class Cents(int):
    """An amount of money in cents, as it stands in events. On the wire it is a decimal string with exactly two places."""

    __slots__ = ()


def cents(text: str) -> int:
    """Cents of a decimal string such as `"1000.00"`.

    Raises ValueError with the reason for anything else: no sign, exponent, thousands separator, leading zero or third decimal.
    """
    if not _AMOUNT.fullmatch(text):
        raise ValueError('an amount is a decimal string with exactly two places, such as "1000.00"')
    value = int(text[:-3] + text[-2:])
    if value > CENTS_MAX:
        raise ValueError(f"an amount is at most {money(CENTS_MAX)}")
    return value


def money(amount_cents: int) -> str:
    """Decimal string with two places; negative amounts carry a minus sign."""
    sign = "-" if amount_cents < 0 else ""
    whole, rest = divmod(abs(amount_cents), 100)
    return f"{sign}{whole}.{rest:02d}"
