"""What counts as a source that stands: several looks in a row at which it had more than it gave."""

import pytest

from streams.engine.laggards import EVERY_S, Laggards

PLACE = (3, 1)
LOOKS = """
what it is                      read to, at each look   its end, at each look   ends the worker
idle                            10 10 10 10 10          10 10 10 10 10          no
busy                            10 20 30 40 50          90 90 90 90 90          no
stands                          10 10 10 10 10          10 15 15 15 15          yes
stands, then goes on            10 10 10 15 15          15 15 15 15 15          no
slow, two looks without         10 10 10 11 11          15 15 15 15 15          no
idle, then something new        10 10 10 10 10          10 10 10 10 11          no
stands, is paused, stands       10 10 10 10 10 10       15 15 15 0  15 15       no
paused, then stands             10 10 10 10 10 10       15 15 0  15 15 15       yes
"""


@pytest.mark.parametrize("line", LOOKS.strip().splitlines()[1:])
def test_a_source_stands_when_it_gives_nothing_look_after_look(line: str) -> None:
    name, read, ends, stands = line[:32].strip(), line[32:56].split(), line[56:80].split(), line[80:].strip()
    laggards, said = Laggards(), ""
    laggards.begin([(PLACE, 10), ((0, 0), 5)])
    for look, (offset, end) in enumerate(zip(read, ends, strict=True), 1):
        laggards.reached(PLACE, int(offset))
        said = said or laggards.look(look * EVERY_S, {PLACE: int(end), (0, 0): 5}.__getitem__)
    assert bool(said) == (stands == "yes"), name
    assert not said or "partition 3 of source 1 is read to 10" in said


def test_between_two_looks_and_for_what_moves_nobody_is_asked() -> None:
    laggards, asked = Laggards(), []

    def end(place: tuple[int, int]) -> int:
        asked.append(place)
        return 10

    laggards.begin([(PLACE, 10)])
    for now_s in (EVERY_S, EVERY_S + 1, 2 * EVERY_S - 1):
        laggards.look(now_s, end)
    assert asked == []
    laggards.look(2 * EVERY_S, end)
    assert asked == [PLACE]


def test_a_new_assignment_begins_anew() -> None:
    laggards = Laggards()
    for look in range(1, 3):
        laggards.begin([(PLACE, 10)])
        assert not laggards.look(look * EVERY_S, lambda _: 99)
