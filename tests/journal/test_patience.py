"""Calls that never come back."""

import threading

import pytest

from journal.patience import NoAnswerError, Waiting


def test_what_the_call_gives_or_raises_is_passed_on() -> None:
    assert Waiting(lambda: 7).answer(10) == 7
    with pytest.raises(ZeroDivisionError):
        Waiting(lambda: 1 // 0).answer(10)


def test_who_does_not_come_back_is_waited_for_no_longer() -> None:
    never = threading.Event()
    with pytest.raises(NoAnswerError, match="no answer within"):
        Waiting(never.wait).answer(0.01)
    never.set()
