"""Cursors open for the question they were made for, and for no other."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cursor import CursorKey
from api.problems import Problem

KEY = CursorKey(b"k" * 32)
decode = msgspec.msgpack.Decoder(tuple[int, str]).decode


@given(st.integers(0, 2**60), st.text(max_size=20), st.text(max_size=20))
def test_what_was_sealed_is_opened(number: int, text: str, question: str) -> None:
    assert KEY.open(question, KEY.seal(question, (number, text)), decode) == (number, text)


@given(st.data())
def test_a_changed_cursor_is_refused(data: st.DataObject) -> None:
    cursor = KEY.seal("question", (7, "after"))
    place = data.draw(st.integers(0, len(cursor) - 2))  # the last character may hold bits that mean nothing
    other = data.draw(st.sampled_from([letter for letter in "Ab9-_=\0é" if letter != cursor[place]]))
    with pytest.raises(Problem, match="unchanged"):
        KEY.open("question", cursor[:place] + other + cursor[place + 1 :], decode)


@pytest.mark.parametrize("cursor", ["", "A", "AAAA", "not base64!", "é", "A" * 10_000])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Problem):
        KEY.open("question", cursor, decode)


def test_another_question_another_key_another_shape() -> None:
    cursor = KEY.seal("question", (7, "after"))
    for key, question, read in (
        (KEY, "other", decode),
        (CursorKey(b"x" * 32), "question", decode),
        (KEY, "question", msgspec.msgpack.Decoder(int).decode),
    ):
        with pytest.raises(Problem):
            key.open(question, cursor, read)


def test_the_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    first = CursorKey.of_folder(tmp_path / "data")
    assert CursorKey.of_folder(tmp_path / "data").open("q", first.seal("q", (1, "")), decode) == (1, "")
    assert (tmp_path / "data" / "cursor.key").stat().st_mode & 0o777 == 0o600
