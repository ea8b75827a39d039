"""Cutting any input into records of 94 columns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ach.lines import Ragged, Rows, normalize, split

ROW = "6" + "A" * 93


def texts(data: bytes, step: int | None = None) -> list[str]:
    pieces = [data[at : at + step] for at in range(0, len(data), step)] if step else data
    found: list[str] = []
    for block in split(pieces):
        raws = [block.text(i) for i in range(len(block.matrix))] if isinstance(block, Rows) else block.lines
        found += [line.text for raw in raws for line in normalize(raw)]
    return found


ENDINGS = ["\n", "\r\n", "\r", ""]


def test_every_line_ending_gives_the_same_records() -> None:
    rows = [f"6{number:093}" for number in range(300)]
    for ending in ENDINGS:
        for last in ("", ending, "\n"):
            data = (ending.join(rows) + last).encode()
            assert texts(data) == rows, repr(ending)
            assert texts(data, step=77) == rows, repr(ending)


def test_a_regular_file_is_one_matrix() -> None:
    blocks = list(split((ROW + "\n").encode() * 5000))
    assert len(blocks) == 1
    assert isinstance(blocks[0], Rows)
    assert blocks[0].matrix.shape == (5000, 95)
    assert blocks[0].matrix.dtype == np.uint8


def test_one_trimmed_line_does_not_spoil_the_rest() -> None:
    rows = [ROW] * 100 + ["9000001"] + [ROW] * 100
    blocks = list(split("\n".join(rows).encode()))
    assert [type(block) for block in blocks] == [Rows, Ragged, Rows, Ragged]
    assert sum(len(block.matrix) for block in blocks if isinstance(block, Rows)) == 199
    assert texts("\n".join(rows).encode())[100] == "9000001".ljust(94)


CASES = [
    ("a short line", b"9000001", 1, "has 7 columns instead of 94"),
    ("a blank line", b"     ", 0, ""),
    ("trailing blanks", b"6" + b"A" * 93 + b"   ", 1, "has 97 columns instead of 94"),
    ("glued records", (b"6" + b"A" * 93) * 3, 3, ""),
    ("glued records, the last one trimmed", (b"6" + b"A" * 93) * 2 + b"9" * 55, 3, ""),
    ("something beyond column 94", b"6" + b"A" * 95, 1, "has 96 columns instead of 94"),
    ("an accent in UTF-8", b"6" + b"A" * 92 + "é".encode(), 1, ""),
    ("an accent in Latin-1", b"6" + b"A" * 92 + b"\xe9", 1, ""),
]


@pytest.mark.parametrize(("raw", "count", "remark"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_lines_are_brought_to_94_columns(raw: bytes, count: int, remark: str) -> None:
    lines = normalize(raw)
    assert len(lines) == count
    assert all(len(line.text) == 94 for line in lines)
    assert [line.remark for line in lines[:1]] == [remark][: len(lines)]


def test_cutting_off_content_is_marked_as_lossy() -> None:
    assert normalize(b"6" + b"A" * 95)[0].lossy
    assert not normalize(b"6" + b"A" * 93 + b"  ")[0].lossy


def test_a_byte_order_mark_is_skipped() -> None:
    assert texts(b"\xef\xbb\xbf" + ROW.encode()) == [ROW]


@given(st.binary(max_size=2000), st.integers(1, 300))
def test_pieces_make_no_difference_and_nothing_is_lost(data: bytes, step: int) -> None:
    assert texts(data) == texts(data, step)


@given(st.lists(st.text("6A \t", max_size=100), max_size=30), st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_line_that_is_not_blank_is_seen(lines: list[str], ending: str) -> None:
    data = ending.join(lines).encode()
    assert len(texts(data)) >= sum(bool(line.rstrip(" \t")) for line in lines)
