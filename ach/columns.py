"""The fast half of reading: thousands of ordinary entries checked at once, as columns of a matrix of bytes.

An entry is ordinary when nothing about it needs a second look: a live transaction code, digits where digits belong, a
right check digit, printable ASCII, an account number, and either no addenda or exactly one of type 05 that fits. A run of
ordinary entries in one batch is checked against the batch and added up with a few vector operations. Whatever is not
certainly in order is left to `ach.examiner`, record by record, so both halves apply the same rules and the report is
the same; `tests/ach/test_columns.py` holds them against each other.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ach.addenda_layouts import ADDENDA_05
from ach.fields import RECORD_COLUMNS
from ach.layouts import ENTRY
from ach.lines import Rows
from ach.open_batch import Category, OpenBatch
from ach.records import Addenda05, Entry
from ach.routing import WEIGHTS, is_digits
from ach.sec import PRENOTE
from ach.transaction_codes import TRANSACTION_CODES, Use

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RUN_ROWS_MIN = 16
"""shorter runs are not worth their vector operations"""

_LIVE = np.zeros(100, np.uint8)
_DEBIT = np.zeros(100, np.bool_)
for _code in TRANSACTION_CODES.values():
    _LIVE[_code.code] = _code.use is Use.LIVE
    _DEBIT[_code.code] = _code.is_debit

_CODE, _RDFI, _CHECK_DIGIT, _ACCOUNT, _AMOUNT, _IDENTIFICATION, _NAME, _DATA, _INDICATOR, _TRACE = (
    slice(field.start - 1, field.end) for field in ENTRY.fields
)
_POWERS = 10 ** np.arange(15, dtype=np.int64)[::-1]
_WEIGHTS = np.array(WEIGHTS, np.int64)


def _number(digits: Bytes) -> Ints:
    """The number in each row of digits (0-9, not their characters)."""
    return digits.astype(np.int64) @ _POWERS[-digits.shape[1] :]


def _all_rows(condition: Flags) -> Flags:
    """Which rows meet the condition in every column."""
    if condition.all():
        return np.ones(len(condition), np.bool_)
    return np.asarray(condition.all(axis=1), np.bool_)


class Ordinary(NamedTuple):
    """The ordinary records of a block: which rows they are, and the numbers in them (of entries only)."""

    rows: Flags
    entries: Flags
    codes: Bytes
    rdfis: Ints
    amounts: Ints
    traces: Ints


def find_ordinary(rows: Rows) -> Ordinary:
    """Which rows of this block are ordinary entries or their addenda, judged by themselves and their neighbours.

    The last two rows never are: what follows them is not known.
    """
    text = rows.matrix[:, :RECORD_COLUMNS]
    head, money, tail = text[:, 1:12] - 48, text[:, 29:39] - 48, text[:, 78:94] - 48
    printable = _all_rows(text <= ord("~"))
    digits = _all_rows(head <= 9) & _all_rows(money <= 9) & _all_rows(tail <= 9)
    codes = np.where(digits, head[:, 0] * 10 + head[:, 1], 0).astype(np.uint8)
    rdfis, amounts, traces = _number(head[:, 2:10]), _number(money), _number(tail[:, 1:])
    checked = (head[:, 2:10].astype(np.int64) @ _WEIGHTS + head[:, 10]) % 10 == 0
    entries = (text[:, 0] == ord("6")) & printable & digits & checked & (_LIVE[codes] == 1)
    entries &= (amounts > 0) & (text[:, 12] != ord(" "))

    addenda = (text[:, 0] == ord("7")) & printable
    fitting = addenda & (text[:, 1] == ord("0")) & (text[:, 2] == ord("5"))
    fitting &= _all_rows(text[:, 83:87] == np.frombuffer(b"0001", np.uint8))
    fitting[1:] &= _all_rows(text[1:, 87:94] == text[:-1, 87:94])

    entries &= np.where(tail[:, 0] == 1, _shift(fitting, 1) & ~_shift(addenda, 2), tail[:, 0] == 0)
    entries &= (tail[:, 0] == 1) | ~_shift(text[:, 0] == ord("7"), 1)
    entries[-2:] = False
    followers = np.zeros(len(text), np.bool_)
    followers[1:] = entries[:-1] & (tail[:-1, 0] == 1)
    return Ordinary(entries | followers, entries, codes, rdfis, amounts, traces)


def _shift(flags: Flags, by: int) -> Flags:
    """What holds for the row so many rows further down; False beyond the end."""
    shifted = np.zeros(len(flags), np.bool_)
    shifted[:-by] = flags[by:]
    return shifted


def runs(ordinary: Ordinary) -> Iterator[tuple[int, int, bool]]:
    """The block from top to bottom in stretches of rows: first, last + 1, and whether all of it is ordinary."""
    edges = np.flatnonzero(np.diff(ordinary.rows.view(np.int8))) + 1
    bounds = [0, *edges.tolist(), len(ordinary.rows)]
    for start, end in pairwise(bounds):
        yield start, end, bool(ordinary.rows[start]) and end - start >= RUN_ROWS_MIN


def take_run(rows: Rows, ordinary: Ordinary, start: int, end: int, batch: OpenBatch | None) -> bool:
    """Check a run of ordinary rows against its batch and add it to the batch; False when it needs a closer look."""
    if batch is None or batch.header is None or not batch.marked("plain") or batch.description == PRENOTE:
        return False
    if batch.category not in (None, Category.FORWARD):
        return False
    chosen = np.flatnonzero(ordinary.entries[start:end]) + start
    traces, codes = ordinary.traces[chosen], ordinary.codes[chosen]
    amounts, debit = ordinary.amounts[chosen], _DEBIT[codes]
    last_trace = batch.last_trace or "0"
    if not is_digits(last_trace) or int(traces[0]) <= int(last_trace) or not (traces[1:] > traces[:-1]).all():
        return False
    odfi = batch.header.odfi_identification
    if not is_digits(odfi) or not (traces // 10**7 == int(odfi)).all():
        return False
    allowed = {200: True, 220: not debit.any(), 225: bool(debit.all())}.get(batch.header.service_class_code, False)
    if not allowed or not _suits_class(rows.matrix[chosen], debit, end - start - len(chosen), batch):
        return False
    tally = batch.tally
    tally.entries += len(chosen)
    tally.addenda += end - start - len(chosen)
    tally.rdfi_sum += int(ordinary.rdfis[chosen].sum())
    tally.debit_cents += int(amounts[debit].sum())
    tally.credit_cents += int(amounts[~debit].sum())
    batch.last_trace = f"{int(traces[-1]):015}"
    batch.category = Category.FORWARD
    return True


def _suits_class(text: Bytes, debit: Flags, addenda: int, batch: OpenBatch) -> bool:
    """Whether these entries are what the batch's entry class allows."""
    kind = batch.entry_class
    if kind is None or (addenda and not kind.addenda_max) or (kind.moves == "D" and not debit.all()):
        return False
    if batch.marked("name") and np.isin(text[:, 54], (ord(" "), ord("0"))).any():
        return False
    if batch.marked("payment") and not batch.payment_type_seen:
        return bool(np.isin(text[:, 76], (ord("S"), ord("R"))).all() and (text[:, 77] == ord(" ")).all())
    return True


def entries_of(rows: Rows, start: int, end: int) -> Iterator[Entry]:
    """The entries of a run of ordinary rows, as values."""
    stride = rows.matrix.shape[1]
    text = rows.matrix[start:end].tobytes().decode("ascii")
    at, size = 0, len(text)
    while at < size:
        line = text[at : at + RECORD_COLUMNS]
        at += stride
        addenda: tuple[Addenda05, ...] = ()
        if line[_INDICATOR] == "1":
            addenda = (ADDENDA_05.parse(text[at : at + RECORD_COLUMNS])[0],)
            at += stride
        yield Entry(
            int(line[_CODE]),
            line[_RDFI],
            line[_CHECK_DIGIT],
            line[_ACCOUNT].rstrip(),
            int(line[_AMOUNT]),
            line[_IDENTIFICATION].rstrip(),
            line[_NAME].rstrip(),
            line[_DATA].rstrip(),
            len(addenda),
            line[_TRACE],
            addenda,
        )
