"""Tables for people, on terminals of several widths and through a pipe."""

import re

import pytest

from cli.output import print_table

COLUMNS = ("transaction", "file", "explanation")
ROW = ("TX-0123456789abcdef", "sandbox-20261123-000001-A.ach", "the amount is above the limit of the hospital, [H01] asks for a person")
IDS = ROW[:2]


def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, *, terminal: bool) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("FORCE_COLOR" if terminal else "NO_COLOR", "1")
    monkeypatch.delenv("NO_COLOR" if terminal else "FORCE_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    print_table("Files in the outbox", COLUMNS, [ROW])
    return re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)


@pytest.mark.parametrize(("width", "terminal"), [(200, True), (100, True), (60, True), (50, True), (40, False), (80, False)])
def test_no_id_is_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, terminal: bool) -> None:
    text = printed(capsys, monkeypatch, width, terminal=terminal)
    for known in IDS:
        assert known in text
    assert "…" not in text
    assert all(word in text for word in ROW[2].split())


def test_a_narrow_terminal_gets_a_list_for_each_row(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(capsys, monkeypatch, 60, terminal=True)
    assert all(len(line) <= 60 for line in text.splitlines())
    assert [line for line in text.splitlines() if "transaction" in line and ROW[0] in line]


def test_a_long_sentence_makes_room_for_the_ids(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    identifier = "e90649ad-7b31-55fd-86d8-100d853c8b26/PAYMENT_RETURNED"
    print_table(
        "Exceptions", ("exception", "due", "what to do"), [(identifier, "2026-11-25", "Ask the patient for another way to pay. " * 5)]
    )
    assert identifier in capsys.readouterr().out


def test_brackets_are_text(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "[H01]" in printed(capsys, monkeypatch, 200, terminal=False)
