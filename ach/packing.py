"""Files of the size a bank takes: batches packed into files, files merged and split.

Nothing is lost and nothing renumbered but the batches.

Ten thousand lines is an old limit of Nacha's that many banks still keep; totals above which a bank wants a call or a
second file are the bank's.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ach.controls import close_batch, close_file
from ach.entry_checks import OFFSET
from ach.records import AdvEntry, AnyBatchHeader, AnyEntry, Batch, Entry, File, FileHeader
from ach.transaction_codes import is_debit


class Limits(Struct, frozen=True, kw_only=True):
    """What one file may hold; 0 means no limit."""

    lines_max: int = 10_000
    """padding included"""
    batches_max: int = 0
    debit_cents_max: int = 999_999_999_999
    """twelve digits of the file control"""
    credit_cents_max: int = 999_999_999_999

    def __post_init__(self) -> None:
        """Refuse (ValueError) a limit that no file with an entry could keep."""
        if self.lines_max and self.lines_max < 10:
            raise ValueError("a file has at least ten lines")


class _Pile:
    """The batches of one file to be, and their sums."""

    def __init__(self, limits: Limits) -> None:
        self.batches: list[Batch] = []
        self._limits = limits
        self._lines = self._debit = self._credit = 0

    def takes(self, batch: Batch) -> bool:
        """Whether this batch still fits; the first always does."""
        if not self.batches:
            return True
        limits, (lines, debit, credit) = self._limits, _measure(batch)
        return not (
            _exceeds(_file_lines(self._lines + lines), limits.lines_max)
            or _exceeds(len(self.batches) + 1, limits.batches_max)
            or _exceeds(self._debit + debit, limits.debit_cents_max)
            or _exceeds(self._credit + credit, limits.credit_cents_max)
        )

    def add(self, batch: Batch) -> None:
        lines, debit, credit = _measure(batch)
        self.batches.append(batch)
        self._lines, self._debit, self._credit = self._lines + lines, self._debit + debit, self._credit + credit


def pack(batches: Iterable[Batch], limits: Limits) -> list[tuple[Batch, ...]]:
    """These batches in order, grouped so that each group makes a file within the limits; a batch too large is split.

    Batches are numbered from 1 within each group.
    """
    piles = [_Pile(limits)]
    for batch in batches:
        for part in _split(batch, limits):
            if not piles[-1].takes(part):
                piles.append(_Pile(limits))
            piles[-1].add(part)
    return [_renumber(pile.batches) for pile in piles if pile.batches]


def merge(files: Sequence[File], header: FileHeader, limits: Limits) -> list[File]:
    """The batches of all these files under this header, equal batches joined, in as few files as the limits allow.

    Entries keep their trace numbers: those of one batch ascend, and two with the same number never share a batch. The
    caller gives each file after the first its own file id modifier. ValueError for a batch without header.
    """
    joined: dict[AnyBatchHeader, list[dict[str, AnyEntry]]] = {}
    for file in files:
        for batch in file.batches:
            if batch.header is None:
                raise ValueError("a batch without a header cannot be merged")
            _join(joined.setdefault(replace(batch.header, batch_number=1), []), batch.entries)
    batches = [close_batch(key, [part[trace] for trace in sorted(part)]) for key, parts in joined.items() for part in parts]
    return [close_file(header, group) for group in pack(batches, limits)]


def _join(parts: list[dict[str, AnyEntry]], entries: Iterable[AnyEntry]) -> None:
    """Put each entry into the first batch to be that does not hold its trace number yet."""
    for entry in entries:
        trace = f"{entry.sequence_number:04}" if isinstance(entry, AdvEntry) else entry.trace_number
        part = next((part for part in parts if trace not in part), None)
        if part is None:
            part = {}
            parts.append(part)
        part[trace] = entry


def _split(batch: Batch, limits: Limits) -> Iterator[Batch]:
    """The batch itself, or parts of it that each make a file within the limits; one entry is never divided.

    ValueError for a balanced batch: its parts would not balance, it has to be built smaller.
    """
    if not _too_large(_measure(batch), limits) or batch.header is None:
        yield batch
        return
    if any(isinstance(entry, Entry) and entry.individual_name == OFFSET for entry in batch.entries):
        raise ValueError("a balanced batch cannot be split: build it with fewer entries")
    part: list[AnyEntry] = []
    lines = debit = credit = 0
    for entry in batch.entries:
        more = 1 + len(entry.addenda)
        debits = entry.amount_cents if is_debit(entry.transaction_code) else 0
        credits_ = entry.amount_cents - debits
        if part and _too_large((lines + more + 2, debit + debits, credit + credits_), limits):
            yield close_batch(batch.header, part)
            part, lines, debit, credit = [], 0, 0, 0
        part.append(entry)
        lines, debit, credit = lines + more, debit + debits, credit + credits_
    yield close_batch(batch.header, part)


def _too_large(measures: tuple[int, int, int], limits: Limits) -> bool:
    lines, debit, credit = measures
    return (
        _exceeds(_file_lines(lines), limits.lines_max)
        or _exceeds(debit, limits.debit_cents_max)
        or _exceeds(credit, limits.credit_cents_max)
    )


def _measure(batch: Batch) -> tuple[int, int, int]:
    """Lines, debits and credits of a batch; ValueError when it has no control."""
    if batch.control is None:
        raise ValueError("a batch without a control cannot be packed")
    return batch.control.entry_addenda_count + 2, batch.control.total_debit_cents, batch.control.total_credit_cents


def _file_lines(lines: int) -> int:
    """Lines of a file around so many lines of batches: header, control, padding."""
    return -(-(lines + 2) // 10) * 10


def _exceeds(value: int, limit: int) -> bool:
    return bool(limit) and value > limit


def _renumber(batches: Sequence[Batch]) -> tuple[Batch, ...]:
    numbered = []
    for number, batch in enumerate(batches, start=1):
        header, control = batch.header, batch.control
        if header is None or control is None:
            raise ValueError("a batch without header or control cannot be packed")
        numbered.append(Batch(replace(header, batch_number=number), batch.entries, replace(control, batch_number=number)))
    return tuple(numbered)
