"""From bytes to records: whole blocks of rows where the file is regular, single lines where it is not.

A regular file repeats 94 columns and one line ending, so a block of it is a matrix and a column of the matrix is a field.
Anything else (trimmed or overlong lines, mixed line endings, records without line endings, stray bytes) is cut into lines
and brought to 94 columns. Memory stays bounded by the block, whatever the input.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ach.fields import RECORD_COLUMNS

BLOCK_BYTES = 1 << 20
LINE_BYTES_MAX = 700 * RECORD_COLUMNS
"""a `line` longer than this is cut: hostile input must not fill the memory; whole records when endings are lost"""
LOOK_AHEAD_BYTES = 1 << 13
RECORD_CODES = frozenset("156789")

_NEWLINE = re.compile(rb"\r\n|\r|\n")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Rows(NamedTuple):
    """Regular lines: a matrix of bytes, one row a line, at least 94 columns, no control characters in them."""

    first_line: int
    matrix: NDArray[np.uint8]

    def text(self, index: int) -> bytes:
        """The 94 bytes of one row."""
        return self.matrix[index, :RECORD_COLUMNS].tobytes()


class Ragged(NamedTuple):
    """Lines as they come, without their endings."""

    first_line: int
    lines: list[bytes]


class Line(NamedTuple):
    """A line of 94 columns, and what had to be done to make it so (empty when nothing)."""

    text: str
    remark: str = ""
    lossy: bool = False
    """columns were cut off that held something"""


def split(data: bytes | Iterable[bytes]) -> Iterator[Rows | Ragged]:
    """The input's lines in order, in blocks. Takes the whole bytes or any iterable of pieces of them."""
    pieces = iter((data,)) if isinstance(data, bytes) else iter(data)
    return _Splitter(pieces).blocks()


class _Splitter:
    """The state of one pass: what has been read and not yet handed on."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._buffer = b""
        self._start = 0
        self._ended = False
        self._line = 1
        self._patience = 1

    def blocks(self) -> Iterator[Rows | Ragged]:
        self._fill(LOOK_AHEAD_BYTES)
        if self._buffer.startswith(_BYTE_ORDER_MARK):
            self._start = len(_BYTE_ORDER_MARK)
        ending = self._ending()
        while self._start < len(self._buffer) or not self._ended:
            self._fill(BLOCK_BYTES)
            rows = self._regular(ending)
            if rows is not None:
                yield rows
            elif self._start < len(self._buffer):
                yield self._ragged()

    def _fill(self, wanted: int) -> None:
        """Have at least so many unread bytes, unless the input ends."""
        if len(self._buffer) - self._start >= wanted or self._ended:
            return
        parts = [self._buffer[self._start :]]
        size = len(parts[0])
        while size < wanted:
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
                break
            parts.append(piece)
            size += len(piece)
        self._buffer = b"".join(parts)
        self._start = 0

    def _ending(self) -> bytes:
        """The line ending of the first line; empty when records follow each other without any."""
        found = _NEWLINE.search(self._buffer, self._start)
        if found is None or found.start() - self._start >= 2 * RECORD_COLUMNS:
            return b""
        return found.group()

    def _regular(self, ending: bytes) -> Rows | None:
        """The regular rows at the start of what is unread, or None when the first line is irregular."""
        stride = RECORD_COLUMNS + len(ending)
        unread = min(len(self._buffer) - self._start, BLOCK_BYTES)
        count = unread // stride
        if count == 0:
            return None
        matrix = np.frombuffer(self._buffer, np.uint8, count * stride, self._start).reshape(count, stride)
        content = matrix[:, :RECORD_COLUMNS]
        ending_row = np.frombuffer(ending, np.uint8)
        if content.min() < ord(" ") or not (matrix[:, RECORD_COLUMNS:] == ending_row).all():
            good = (content.min(axis=1) >= ord(" ")) & (matrix[:, RECORD_COLUMNS:] == ending_row).all(axis=1)
            count = int(good.argmin())
        if not ending and count:
            is_record = np.isin(matrix[:count, 0], np.frombuffer(b"156789", np.uint8))
            count = count if is_record.all() else int(is_record.argmin())
        if count == 0:
            return None
        rows = Rows(self._line, matrix[:count])
        self._start += count * stride
        self._line += count
        self._patience = 1
        return rows

    def _ragged(self) -> Ragged:
        """The next irregular lines; the more there were in a row, the more are taken at once."""
        lines: list[bytes] = []
        first_line = self._line
        for found in _NEWLINE.finditer(self._buffer, self._start):
            undecided = found.group() == b"\r" and found.end() == len(self._buffer) and not self._ended
            if undecided or len(lines) == self._patience:
                break
            lines.append(self._buffer[self._start : min(found.start(), self._start + LINE_BYTES_MAX)])
            self._start = found.end()
        if not lines:
            end = min(self._start + LINE_BYTES_MAX, len(self._buffer))
            lines.append(self._buffer[self._start : end])
            self._start = end
        self._line += len(lines)
        self._patience = min(2 * self._patience, 4096)
        return Ragged(first_line, lines)


def normalize(raw: bytes) -> list[Line]:
    """The records of one line, each of 94 columns: none for a blank line, several when the endings between are lost.

    Text is UTF-8 where it can be (a letter counts as one column), Latin-1 otherwise.
    """
    text = _decode(raw)
    if len(text) == RECORD_COLUMNS:
        return [Line(text)]
    bare = text.rstrip(" \t\x00\x1a")
    if not bare:
        return []
    if len(bare) <= RECORD_COLUMNS:
        return [Line(bare.ljust(RECORD_COLUMNS), f"has {len(text)} columns instead of {RECORD_COLUMNS}")]
    pieces = [text[at : at + RECORD_COLUMNS] for at in range(0, len(bare), RECORD_COLUMNS)]
    if all(piece[0] in RECORD_CODES for piece in pieces) and len(pieces[-1].rstrip()) > RECORD_COLUMNS // 2:
        remark = "follows another record without a line ending"
        return [Line(pieces[0].ljust(RECORD_COLUMNS))] + [Line(piece.ljust(RECORD_COLUMNS), remark) for piece in pieces[1:]]
    return [Line(text[:RECORD_COLUMNS], f"has {len(bare)} columns instead of {RECORD_COLUMNS}", lossy=True)]


def _decode(raw: bytes) -> str:
    if raw.isascii():
        return raw.decode("ascii")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
