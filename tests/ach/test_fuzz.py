"""Hostile input: a seeded corpus, mutated the same way every time, finds no crash, no hang and no growth in memory."""

import time
import tracemalloc
from itertools import islice

import msgspec
import pytest

from ach.json_form import from_json
from ach.reader import read
from ach.summary import summarize
from ach.writer import write
from tests.ach.corpus import corpus
from tests.ach.fuzz import SECONDS_MAX, inputs, one_input
from tests.ach.samples import ppd

CASES = 500
MEASURED = 100


def test_mutated_files_are_read_and_judged_alike_by_both_halves_and_survive_writing() -> None:
    written = 0
    for data in islice(inputs(20261123), CASES):
        began = time.monotonic()
        written += one_input(data)
        assert time.monotonic() - began < SECONDS_MAX
    assert written > CASES // 10


def test_memory_is_bounded_by_the_input() -> None:
    for data in islice(inputs(4711), MEASURED):
        tracemalloc.start()
        read(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2_000_000 + 200 * len(data), (len(data), peak)


def test_the_corpus_is_the_same_each_time() -> None:
    assert corpus() == corpus()
    assert list(islice(inputs(1), 60)) == list(islice(inputs(1), 60))


HOSTILE = {
    "one endless line": b"6" * 400_000,
    "endless addenda": (b"705" + b"A" * 91 + b"\n") * 2_000,
    "addenda of one entry": b"6" + b"1" * 93 + b"\n" + (b"705" + b"A" * 91 + b"\n") * 2_000,
    "nothing but batch headers": (b"5220" + b"A" * 90 + b"\n") * 2_000,
    "nothing but line ends": b"\n" * 40_000,
    "carriage returns": b"\r" * 50_000,
    "nulls": b"\x00" * 400_000,
    "short lines": b"6\n" * 2_000,
    "different return codes": b"".join(b"6\n799R%02d\n" % (n % 100) for n in range(1_000)),
    "different entry classes": b"".join(b"5220%46sX%02d\n8\n" % (b"", n % 100) for n in range(1_000)),
}


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_hostile_input_costs_neither_time_nor_memory(what: str) -> None:
    data = HOSTILE[what]
    tracemalloc.start()
    summary = summarize(data[at : at + 65_536] for at in range(0, len(data), 65_536))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not summary.valid
    assert len(summary.problems) <= 1000
    assert peak < 40_000_000


def test_memory_does_not_grow_with_the_file() -> None:
    peaks = []
    for count in (12_000, 36_000):
        data = write(ppd(count))
        tracemalloc.start()
        assert summarize(data[at : at + 65_536] for at in range(0, len(data), 65_536)).entries == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"header": 1}', b"null", msgspec.json.encode({"batches": []})])
def test_json_that_is_no_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a Nacha file in JSON"):
        from_json(data)
