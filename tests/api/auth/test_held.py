"""Values that a browser's secret leads to: how long they are kept."""

from pathlib import Path

import msgspec

from api.auth.held import Held


class Value(msgspec.Struct, frozen=True):
    until_s: float


def test_what_has_ended_is_removed_once_a_minute(tmp_path: Path) -> None:
    held, elsewhere = Held(tmp_path, Value), Held(tmp_path, Value)
    held.put(Value(1010.0), 1000.0)
    lasting = held.put(Value(5000.0), 1000.0)
    held.put(Value(5000.0), 1059.0)
    assert len(list(tmp_path.iterdir())) == 3, "not for every one that comes"
    assert elsewhere.take(lasting)
    held.put(Value(5000.0), 1060.0)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_value_is_there_until_it_ends_or_is_taken_once(tmp_path: Path) -> None:
    held = Held(tmp_path, Value)
    token = held.put(Value(1010.0), 1000.0)
    assert (held.get(token, 1009.9), held.get(token, 1010.0)) == (Value(1010.0), None)
    assert held.get("x" * 43, 1000.0) is None
    assert held.get("../" + "x" * 40, 1000.0) is None
    assert [held.take(token), held.take(token), held.take("")] == [True, False, False]
    assert held.get(token, 1000.0) is None
