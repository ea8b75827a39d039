"""Checks of an entry's addenda: announced, allowed, in number, in order, and with known codes.

Source: Nacha Operating Rules, Appendix Three (addenda records), Four (returns) and Five (notices of change).
"""

from collections.abc import Iterator

from ach.codes import ReturnKind, change_code, return_code
from ach.dates import is_date
from ach.findings import Finding
from ach.open_batch import Category, OpenBatch, category_of
from ach.problems import Rule
from ach.records import (
    Addenda05,
    Addenda98,
    Addenda98Refused,
    Addenda99,
    Addenda99Contested,
    Addenda99Dishonored,
    AnyEntry,
    Entry,
    IatEntry,
    type_code,
)
from ach.sec import EntryClass

IAT_ADDENDA = {**dict.fromkeys(("10", "11", "12", "13", "14", "15", "16"), (1, 1)), "17": (0, 2), "18": (0, 5)}
"""by type, how many an international entry carries at least and at most"""


def check_addenda(entry: AnyEntry, batch: OpenBatch) -> Iterator[Finding]:
    """Announced by the entry, of a type that its class carries, not too many, and in order."""
    count = len(entry.addenda)
    if entry.addenda_record_indicator != bool(count):
        message = f"must be {int(bool(count))}: {count} addenda records follow"
        yield Finding(Rule.ADDENDA_INDICATOR, "addenda_record_indicator", message, str(entry.addenda_record_indicator))
    if isinstance(entry, IatEntry):
        yield from _check_iat(entry)
    elif batch.entry_class is not None:
        yield from _check_types(entry, batch.entry_class)
    if isinstance(entry, Entry):
        yield from _check_sequence(entry)


def _check_types(entry: AnyEntry, entry_class: EntryClass) -> Iterator[Finding]:
    category, sec = category_of(entry), entry_class.code
    types = [type_code(addenda) for addenda in entry.addenda]
    if category is Category.FORWARD:
        allowed = {entry_class.addenda_type}
        if entry_class.addenda_mandatory and not types:
            message = f"{sec} needs an addenda record {entry_class.addenda_type}"
            yield Finding(Rule.ADDENDA_COUNT, "addenda_record_indicator", message)
        if len(types) > entry_class.addenda_max:
            message = f"{sec} carries at most {entry_class.addenda_max} addenda records, here {len(types)}"
            yield Finding(Rule.ADDENDA_COUNT, "addenda_record_indicator", message)
    elif category is Category.NOTICE_OF_CHANGE:
        allowed = {"98"}
        if sec != "COR":
            message = f"a notice of change travels in COR, not in {sec}"
            yield Finding(Rule.ADDENDA_TYPE, "type_code", message, "98", types.index("98"))
    else:
        allowed = {"99", "05"} if sec == "CTX" else {"99"}
    for index, found in enumerate(types):
        if found not in allowed:
            message = f"a {category} entry in {sec} does not carry addenda of this type"
            yield Finding(Rule.ADDENDA_TYPE, "type_code", message, found, index)


def _check_iat(entry: IatEntry) -> Iterator[Finding]:
    types = [type_code(addenda) for addenda in entry.addenda]
    if category_of(entry) is Category.FORWARD:
        for kind, (least, most) in IAT_ADDENDA.items():
            if not least <= types.count(kind) <= most:
                message = f"IAT needs an addenda record {kind}" if least else f"IAT carries at most {most} addenda records {kind}"
                yield Finding(Rule.ADDENDA_COUNT, "addenda_records", message)
        for index, found in enumerate(types):
            if found not in IAT_ADDENDA:
                yield Finding(Rule.ADDENDA_TYPE, "type_code", "a forward entry in IAT does not carry addenda of this type", found, index)
    if entry.addenda_records != len(types):
        message = f"{len(types)} addenda records follow"
        yield Finding(Rule.ADDENDA_RECORDS, "addenda_records", message, str(entry.addenda_records))


def _check_sequence(entry: Entry) -> Iterator[Finding]:
    """Addenda 05 count up and repeat the end of the entry's trace number."""
    last = 0
    for index, addenda in enumerate(entry.addenda):
        if not isinstance(addenda, Addenda05):
            continue
        sequence = addenda.addenda_sequence_number
        if sequence <= last:
            message = f"must be greater than the one before, {last}"
            yield Finding(Rule.ADDENDA_SEQUENCE, "addenda_sequence_number", message, str(sequence), index)
        last = sequence
        if addenda.entry_detail_sequence_number != entry.trace_number[8:]:
            message = f"must be the end of the entry's trace number, {entry.trace_number[8:]}"
            value = addenda.entry_detail_sequence_number
            yield Finding(Rule.ADDENDA_TRACE, "entry_detail_sequence_number", message, value, index)


def check_codes(entry: AnyEntry, batch: OpenBatch) -> Iterator[Finding]:  # noqa: ARG001 - one shape for all checks
    """Return reason and change codes are ones that Nacha has assigned, and corrected data is there."""
    for index, addenda in enumerate(entry.addenda):
        if isinstance(addenda, Addenda98):
            yield from _check_change(addenda.change_code, "change_code", index)
            change = change_code(addenda.change_code.upper())
            if not addenda.corrected_data and (change is None or change.fields):
                yield Finding(Rule.CORRECTED_DATA, "corrected_data", "is mandatory", "", index)
        elif isinstance(addenda, Addenda98Refused):
            yield from _check_change(addenda.refused_change_code, "refused_change_code", index)
            yield from _check_change(addenda.change_code, "change_code", index)
        elif isinstance(addenda, Addenda99 | Addenda99Dishonored | Addenda99Contested):
            code = addenda.return_code
            if return_code(code.upper()).kind is ReturnKind.UNKNOWN:
                yield Finding(Rule.RETURN_CODE, "return_code", "is no return reason code", code, index)
            elif code != code.upper():
                yield Finding(Rule.UPPER_CASE, "return_code", "must be upper case", code, index)
            death = addenda.date_of_death if isinstance(addenda, Addenda99) else ""
            if death.strip("0") and not is_date(death):
                yield Finding(Rule.DATE, "date_of_death", "is not a date YYMMDD", "", index)


def _check_change(code: str, field: str, index: int) -> Iterator[Finding]:
    if change_code(code.upper()) is None:
        yield Finding(Rule.CHANGE_CODE, field, "is no change code", code, index)
    elif code != code.upper():
        yield Finding(Rule.UPPER_CASE, field, "must be upper case", code, index)
