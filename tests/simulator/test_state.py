"""The state file."""

from pathlib import Path

import msgspec
import pytest

from simulator import state
from simulator.bank import Bank
from simulator.live import begin
from simulator.message import Entry
from simulator.planned import Diary
from tests.simulator.reading import SPAN


def test_a_new_simulation_begins_with_the_history(tmp_path: Path) -> None:
    fresh = begin(7, 10, 4, SPAN.start_ms, SPAN.live_from_ms)
    assert fresh.position_ms < SPAN.start_ms <= fresh.next_tick_ms
    assert state.load(tmp_path) is None


def test_it_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    diary = Diary()
    diary.plan(Bank(7, SPAN).answers(Entry("CR-1", "t-1", 1, "debit", 100, "H01", SPAN.start_ms)), "t-1")
    saved = begin(7, 10, 4, SPAN.start_ms, SPAN.live_from_ms)
    saved.planned, saved.offsets, saved.visits = diary.planned(), {"outbox.ach-entries.v1": {0: 5, 3: 8}}, 9
    folder = tmp_path / "not yet there"
    state.save(folder, saved)
    state.save(folder, saved)
    assert state.load(folder) == saved
    assert [path.name for path in folder.iterdir()] == [state.FILE]


def test_another_simulation_in_the_same_folder_is_refused_with_a_sentence() -> None:
    mine = begin(7, 10, 4, SPAN.start_ms, SPAN.live_from_ms)
    assert state.same(mine, 7, 10, 4) is mine
    with pytest.raises(state.OtherSimulationError, match="--seed 7 --accounts 10 --months 4"):
        state.same(mine, 8, 10, 4)


def test_a_file_that_is_not_ours_is_an_error(tmp_path: Path) -> None:
    (tmp_path / state.FILE).write_text("{}")
    with pytest.raises(msgspec.MsgspecError):
        state.load(tmp_path)
