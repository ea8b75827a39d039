"""Hostile input: a seeded corpus, mutated the same way every time, finds no crash, no hang and no growth in memory."""

import random
import tracemalloc
from collections.abc import Iterator

import msgspec
import pytest

from ach.examine import examine
from ach.json_form import from_json, to_json
from ach.options import Options
from ach.reader import read
from ach.summary import summarize
from ach.writer import write
from tests.ach.samples import ppd
from tests.ach.test_columns import long_file
from tests.ach.test_reader import many

CASES = 500
SEEDS = [write(many()), write(long_file("CCD"))[:9500], write(ppd(40)), write(many()).replace(b"\n", b""), b"", b"\n"]
TOKENS = [b"9" * 94, b"\n", b"\r\n", b"\r", b"\x00", b"799R01", b"5225", b"6", b"8", b"IATCOR", b"\xff\xfe", "é".encode()]


def mutate(random_: random.Random) -> bytes:
    """One case: a seed with a few bytes changed, cut out, doubled or put in."""
    data = bytearray(random_.choice(SEEDS))
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(data) + 1)
        until = min(len(data), at + random_.choice([1, 2, 93, 94, 95, 400]))
        kind = random_.randrange(5)
        if kind == 0 and at < len(data):
            data[at] = random_.randrange(256)
        elif kind == 1:
            del data[at:until]
        elif kind == 2:
            data[at:at] = data[at:until] * random_.randint(1, 4)
        elif kind == 3:
            data[at:at] = random_.choice(TOKENS)
        else:
            data[at:until] = bytes(random_.randrange(256) for _ in range(until - at))
    return bytes(data)


def cases() -> Iterator[bytes]:
    random_ = random.Random(20261123)
    return (mutate(random_) for _ in range(CASES))


def test_mutated_files_are_read_and_judged_alike_by_both_halves() -> None:
    for data in cases():
        found = read(data)
        singly = examine(data, columnar=False)
        assert (found.problems, found.errors, found.warnings) == (singly.problems, singly.errors, singly.warnings)
        assert all(0 <= problem.line <= singly.lines for problem in found.problems)


def test_what_is_read_from_mutated_files_survives_json_and_writing() -> None:
    written = 0
    for data in cases():
        file = read(data, Options(skip_all=True)).file
        assert from_json(to_json(file)) == file
        try:
            again = write(file)
        except ValueError:
            continue
        written += 1
        assert write(read(again, Options(skip_all=True)).file) == again
    assert written > CASES // 10


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
