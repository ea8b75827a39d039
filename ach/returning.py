"""The receiving side: returns and notices of change made from entries that arrived. For the bank sandbox and tests.

The returning bank becomes the originating one: its identification heads the batch and begins the trace numbers, the
original originating bank becomes the receiver. Source: Nacha Operating Rules, Appendix Four and Five.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ach.builder import Route, file_header
from ach.codes import ReturnKind, return_code
from ach.controls import close_batch, close_file, service_class
from ach.notices import Correction, write_correction
from ach.records import Addenda98, Addenda99, Addenda99Contested, Addenda99Dishonored, Batch, BatchHeader, Entry, File
from ach.routing import check_digit, trace_number
from ach.transaction_codes import return_of

_NOTICE, _RETURN = "notice", "return"


class Answer(Struct, frozen=True, kw_only=True):
    """What the receiving bank answers to one entry: a return (R code) or a notice of change (C code).

    With `disputes` it is one of the two steps after a return: our bank's dishonor, or the receiving bank's contest.
    """

    header: BatchHeader
    """of the batch in which the entry arrived"""
    entry: Entry
    code: str
    correction: Correction | None = None
    """for a notice of change"""
    information: str = ""
    date_of_death: str = ""
    """YYMMDD, with R14 and R15"""
    disputes: str = ""
    """code of the return that is dishonored, or whose dishonor is contested"""


class AnswerFile(NamedTuple):
    """A file of answers, and the first trace sequence that is still free."""

    file: File
    next_sequence: int


def answer_file(
    route: Route, answers: Iterable[Answer], *, created: datetime, settles: date, file_of_day: int = 0, sequence: int = 1
) -> AnswerFile:
    """A file with these answers; batches by returning bank, original batch and kind. ValueError without any answer.

    `settles` becomes the batches' effective date and, as the operator would fill it in, their settlement date.
    """
    groups: dict[tuple[str, str, BatchHeader], list[Answer]] = {}
    for answer in answers:
        key = (answer.entry.rdfi_identification, _kind(answer), answer.header)
        groups.setdefault(key, []).append(answer)
    if not groups:
        raise ValueError("there is nothing to answer")
    batches: list[Batch] = []
    for (bank, kind, header), group in groups.items():
        entries = [_entry(answer, trace_number(bank, sequence + at)) for at, answer in enumerate(group)]
        sequence += len(entries)
        heading = replace(
            header,
            service_class_code=service_class(entries),
            standard_entry_class_code="COR" if kind == _NOTICE else header.standard_entry_class_code,
            effective_entry_date=f"{settles:%y%m%d}",
            settlement_date=f"{settles:%j}",
            odfi_identification=bank,
            batch_number=len(batches) + 1,
        )
        batches.append(close_batch(heading, entries))
    return AnswerFile(close_file(file_header(route, created, file_of_day), batches), sequence)


def _kind(answer: Answer) -> str:
    """Returns, notices, dishonored and contested returns never share a batch."""
    return _NOTICE if answer.code.startswith("C") else return_code(answer.code).kind.value if answer.disputes else _RETURN


def _entry(answer: Answer, trace: str) -> Entry:
    original, is_notice = answer.entry, answer.code.startswith("C")
    receiver = answer.header.odfi_identification
    return replace(
        original,
        transaction_code=return_of(original.transaction_code),
        rdfi_identification=receiver,
        check_digit=str(check_digit(receiver)),
        amount_cents=0 if is_notice else original.amount_cents,
        addenda_record_indicator=1,
        trace_number=trace,
        addenda=(_notice(answer, trace) if is_notice else _return(answer, trace),),
    )


def _return(answer: Answer, trace: str) -> Addenda99 | Addenda99Dishonored | Addenda99Contested:
    if answer.disputes:
        return _dispute(answer, trace)
    return Addenda99(
        return_code=answer.code,
        original_trace_number=answer.entry.trace_number,
        date_of_death=answer.date_of_death,
        original_rdfi_identification=answer.entry.rdfi_identification,
        addenda_information=answer.information,
        trace_number=trace,
    )


def _notice(answer: Answer, trace: str) -> Addenda98:
    return Addenda98(
        change_code=answer.code,
        original_trace_number=answer.entry.trace_number,
        original_rdfi_identification=answer.entry.rdfi_identification,
        corrected_data=write_correction(answer.code, answer.correction or Correction()),
        trace_number=trace,
    )


def _dispute(answer: Answer, trace: str) -> Addenda99Dishonored | Addenda99Contested:
    """The addenda of a dispute; of the return that it speaks of only what identifies the entry and the reason."""
    reason = answer.disputes[1:]
    if return_code(answer.code).kind is ReturnKind.CONTESTED:
        return Addenda99Contested(
            return_code=answer.code,
            original_trace_number=answer.entry.trace_number,
            original_rdfi_identification=answer.entry.rdfi_identification,
            return_reason_code=reason,
            trace_number=trace,
        )
    return Addenda99Dishonored(
        return_code=answer.code,
        original_trace_number=answer.entry.trace_number,
        original_rdfi_identification=answer.entry.rdfi_identification,
        return_reason_code=reason,
        addenda_information=answer.information,
        trace_number=trace,
    )
