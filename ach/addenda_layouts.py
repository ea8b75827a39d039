"""Where every field of the addenda records stands, and which of the layouts a record has.

Types 98 and 99 have several layouts; the code in columns 4-6 tells them apart. Source: Nacha Operating Rules, Appendix
Three (addenda), Four (returns, dishonored and contested returns) and Five (notices of change).
"""

from msgspec import Struct

from ach.codes import ReturnKind, change_code, return_code
from ach.fields import Field, Kind, Layout
from ach.records import (
    Addenda02,
    Addenda05,
    Addenda98,
    Addenda98Refused,
    Addenda99,
    Addenda99Contested,
    Addenda99Dishonored,
    AddendaOther,
)

ADDENDA_02 = Layout(
    "addenda 02",
    "702",
    Addenda02,
    Field("reference_information_one", 4, 10),
    Field("reference_information_two", 11, 13),
    Field("terminal_identification_code", 14, 19),
    Field("transaction_serial_number", 20, 25),
    Field("transaction_date", 26, 29),
    Field("authorization_code", 30, 35),
    Field("terminal_location", 36, 62),
    Field("terminal_city", 63, 77),
    Field("terminal_state", 78, 79),
    Field("trace_number", 80, 94, Kind.OPTIONAL_DIGITS),
)

ADDENDA_05 = Layout(
    "addenda 05",
    "705",
    Addenda05,
    Field("payment_related_information", 4, 83),
    Field("addenda_sequence_number", 84, 87, Kind.NUMBER),
    Field("entry_detail_sequence_number", 88, 94, Kind.DIGITS),
)

ADDENDA_98 = Layout(
    "addenda 98",
    "798",
    Addenda98,
    Field("change_code", 4, 6),
    Field("original_trace_number", 7, 21, Kind.OPTIONAL_DIGITS),
    Field("original_rdfi_identification", 28, 35, Kind.OPTIONAL_DIGITS),
    Field("corrected_data", 36, 64),
    Field("trace_number", 80, 94, Kind.OPTIONAL_DIGITS),
)

ADDENDA_98_REFUSED = Layout(
    "addenda 98 refused",
    "798",
    Addenda98Refused,
    Field("refused_change_code", 4, 6),
    Field("original_trace_number", 7, 21, Kind.OPTIONAL_DIGITS),
    Field("original_rdfi_identification", 28, 35, Kind.OPTIONAL_DIGITS),
    Field("corrected_data", 36, 64),
    Field("change_code", 65, 67),
    Field("trace_sequence_number", 68, 74, Kind.OPTIONAL_DIGITS),
    Field("trace_number", 80, 94, Kind.OPTIONAL_DIGITS),
)

ADDENDA_99 = Layout(
    "addenda 99",
    "799",
    Addenda99,
    Field("return_code", 4, 6),
    Field("original_trace_number", 7, 21, Kind.OPTIONAL_DIGITS),
    Field("date_of_death", 22, 27),
    Field("original_rdfi_identification", 28, 35, Kind.OPTIONAL_DIGITS),
    Field("addenda_information", 36, 79),
    Field("trace_number", 80, 94, Kind.OPTIONAL_DIGITS),
)

ADDENDA_99_DISHONORED = Layout(
    "addenda 99 dishonored",
    "799",
    Addenda99Dishonored,
    Field("return_code", 4, 6),
    Field("original_trace_number", 7, 21, Kind.OPTIONAL_DIGITS),
    Field("original_rdfi_identification", 28, 35, Kind.OPTIONAL_DIGITS),
    Field("return_trace_number", 39, 53, Kind.OPTIONAL_DIGITS),
    Field("return_settlement_date", 54, 56),
    Field("return_reason_code", 57, 58),
    Field("addenda_information", 59, 79),
    Field("trace_number", 80, 94, Kind.OPTIONAL_DIGITS),
)

ADDENDA_99_CONTESTED = Layout(
    "addenda 99 contested",
    "799",
    Addenda99Contested,
    Field("return_code", 4, 6),
    Field("original_trace_number", 7, 21, Kind.OPTIONAL_DIGITS),
    Field("date_original_entry_returned", 22, 27),
    Field("original_rdfi_identification", 28, 35, Kind.OPTIONAL_DIGITS),
    Field("original_settlement_date", 36, 38),
    Field("return_trace_number", 39, 53, Kind.OPTIONAL_DIGITS),
    Field("return_settlement_date", 54, 56),
    Field("return_reason_code", 57, 58),
    Field("dishonored_return_trace_number", 59, 73, Kind.OPTIONAL_DIGITS),
    Field("dishonored_return_settlement_date", 74, 76),
    Field("dishonored_return_reason_code", 77, 78),
    Field("trace_number", 80, 94, Kind.OPTIONAL_DIGITS),
)

ADDENDA_OTHER = Layout("addenda", "7", AddendaOther, Field("type_code", 2, 3), Field("content", 4, 94))

LAYOUT_OF: dict[type[Struct], Layout] = {
    layout.record: layout
    for layout in (
        ADDENDA_02,
        ADDENDA_05,
        ADDENDA_98,
        ADDENDA_98_REFUSED,
        ADDENDA_99,
        ADDENDA_99_DISHONORED,
        ADDENDA_99_CONTESTED,
        ADDENDA_OTHER,
    )
}


def addenda_layout(line: str) -> Layout:
    """The layout of this addenda record."""
    kind, code = line[1:3], line[3:6].upper()
    if kind == "05":
        return ADDENDA_05
    if kind == "99":
        return {
            ReturnKind.DISHONORED: ADDENDA_99_DISHONORED,
            ReturnKind.CONTESTED: ADDENDA_99_CONTESTED,
        }.get(return_code(code).kind, ADDENDA_99)
    if kind == "98":
        change = change_code(code)
        return ADDENDA_98_REFUSED if change is not None and change.refused else ADDENDA_98
    return ADDENDA_02 if kind == "02" else ADDENDA_OTHER
