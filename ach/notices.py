"""Notices of change: what the corrected data says, and the entry with it applied.

Source: Nacha Operating Rules, Appendix Five: the 29 columns of corrected data. Each change code has its own layout in
them; banks do not always keep to the columns, so where the columns would cut something off, blanks part the fields.
"""

from msgspec import Struct
from msgspec.structs import replace

from ach.codes import change_code
from ach.outgoing import OutgoingEntry
from ach.routing import is_digits, is_routing_number
from ach.transaction_codes import TRANSACTION_CODES

COLUMNS = 29
_LAYOUTS = {
    "C01": (("account", 0, 17),),
    "C02": (("routing_number", 0, 9),),
    "C03": (("routing_number", 0, 9), ("account", 12, 29)),
    "C04": (("name", 0, 22),),
    "C05": (("transaction_code", 0, 2),),
    "C06": (("account", 0, 17), ("transaction_code", 20, 22)),
    "C07": (("routing_number", 0, 9), ("account", 9, 26), ("transaction_code", 26, 28)),
    "C09": (("identification_number", 0, 22),),
}


class Correction(Struct, frozen=True, kw_only=True):
    """The fields that a notice of change corrects; empty ones stay as they are."""

    account: str = ""
    routing_number: str = ""
    transaction_code: int = 0
    name: str = ""
    identification_number: str = ""


def read_correction(code: str, corrected_data: str) -> Correction | None:
    """What this notice corrects; None when the code is unknown, corrects nothing we send, or the data makes no sense.

    A routing number must have its check digit and a transaction code must exist: a wrong notice is refused (C65), never
    applied.
    """
    layout = _LAYOUTS.get(code)
    if layout is None:
        return None
    data = corrected_data.ljust(COLUMNS)
    by_columns = {name: data[start:end].strip() for name, start, end in layout}
    if "".join("".join(by_columns.values()).split()) != "".join(data.split()):
        by_columns = {}
    words = corrected_data.split()
    by_words = dict(zip((name for name, _, _ in layout), words, strict=False)) if len(words) == len(layout) else {}
    return _correction(by_columns) or _correction(by_words)


def write_correction(code: str, correction: Correction) -> str:
    """The corrected data of a notice with this code; ValueError when the code is unknown or a field does not fit."""
    layout = _LAYOUTS.get(code)
    if layout is None:
        raise ValueError(f"no corrected data is defined for change code {code}")
    data = ""
    for name, start, end in layout:
        text = str(getattr(correction, name) or "")
        if not 0 < len(text) <= end - start:
            raise ValueError(f"{name} does not fit the corrected data of {code}")
        data = data.ljust(start) + text
    return data


def apply_correction(entry: OutgoingEntry, correction: Correction) -> OutgoingEntry:
    """The next entry as the notice wants it. Amount, dates and description are never touched."""
    return replace(
        entry,
        account=correction.account or entry.account,
        routing_number=correction.routing_number or entry.routing_number,
        transaction_code=correction.transaction_code or entry.transaction_code,
        name=correction.name or entry.name,
        identification_number=correction.identification_number or entry.identification_number,
    )


def corrected_fields(code: str) -> tuple[str, ...]:
    """Names of what this change code corrects, for people; empty when unknown."""
    known = change_code(code)
    return known.fields if known is not None else ()


def _correction(found: dict[str, str]) -> Correction | None:
    """The correction in these texts, or None when one is missing or impossible."""
    if not found or not all(found.values()):
        return None
    routing, transaction = found.get("routing_number"), found.get("transaction_code")
    if routing is not None and not is_routing_number(routing):
        return None
    if transaction is not None and not (is_digits(transaction) and int(transaction) in TRANSACTION_CODES):
        return None
    return Correction(
        account=found.get("account", ""),
        routing_number=routing or "",
        transaction_code=int(transaction or 0),
        name=found.get("name", ""),
        identification_number=found.get("identification_number", ""),
    )
