"""Routing numbers, the entry hash and trace numbers: the arithmetic of identification fields.

Source: Nacha Operating Rules, Appendix Three (check digit, entry hash, trace number); the weights 3, 7, 1 of the check
digit are the American Bankers Association's.
"""

WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)
HASH_MODULUS = 10**10
SEQUENCE_MAX = 9_999_999


def is_digits(text: str) -> bool:
    """Whether this is one or more of 0-9, and nothing else that Unicode calls a digit."""
    return text.isascii() and text.isdigit()


def check_digit(identification: str) -> int | None:
    """The ninth digit that belongs to an eight-digit DFI identification; None when it is not eight digits."""
    if len(identification) != 8 or not is_digits(identification):
        return None
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, identification, strict=True))
    return -total % 10


def is_routing_number(number: str) -> bool:
    """Whether these are nine digits of which the last is the check digit of the first eight; all zeros are not."""
    return len(number) == 9 and is_digits(number) and number[8] == str(check_digit(number[:8])) and int(number) > 0


def entry_hash(total: int) -> int:
    """The entry hash for a sum of DFI identifications: its rightmost ten digits."""
    return total % HASH_MODULUS


def trace_number(odfi_identification: str, sequence: int) -> str:
    """The fifteen digits of a trace number; ValueError when the parts do not fit."""
    if len(odfi_identification) != 8 or not is_digits(odfi_identification) or not 1 <= sequence <= SEQUENCE_MAX:
        raise ValueError(f"no trace number from ODFI {odfi_identification!r} and sequence {sequence}")
    return f"{odfi_identification}{sequence:07}"
