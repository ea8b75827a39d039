"""Fuzzing the reader: `python -m tests.ach.fuzz --seconds 60`, or with atheris installed `python -m tests.ach.fuzz --atheris -runs=100000`.

Without atheris bytes of the corpus are mutated, the same way for the same seed. An input that fails is kept in a file and named; one that
takes longer than ten seconds, or more memory than `MEMORY_BYTES`, fails too.
"""

import argparse
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from random import Random
from types import FrameType
from typing import NoReturn

from ach.examine import examine
from ach.inbound import InboundFile
from ach.json_form import from_json, to_json
from ach.options import Options
from ach.reader import read
from ach.summary import summarize
from ach.writer import write
from tests.ach.corpus import corpus

TOKENS = (
    b"9" * 94,
    b"\n",
    b"\r\n",
    b"\r",
    b"\x00",
    b"799R01",
    b"798C01",
    b"799R68",
    b"5225",
    b"6",
    b"8",
    b"IATCOR",
    b"\xff\xfe",
    "é".encode(),
)
TOLERANT = Options(skip_all=True)
SECONDS_MAX = 10
MEMORY_BYTES = 1 << 30
INPUT_BYTES_MAX = 1 << 18


def one_input(data: bytes) -> bool:
    """Hold any bytes to everything that must hold (AssertionError); whether what was read of them can be written."""
    found, singly = read(data), examine(data, columnar=False)
    assert (found.problems, found.errors, found.warnings) == (singly.problems, singly.errors, singly.warnings)
    assert all(0 <= problem.line <= singly.lines for problem in found.problems)
    assert summarize(data[at : at + 1000] for at in range(0, len(data), 1000)).problems == singly.problems
    assert list(InboundFile(data)) == list(InboundFile(data[at : at + 777] for at in range(0, len(data), 777)))
    file = read(data, TOLERANT).file
    assert from_json(to_json(file)) == file
    try:
        again = write(file)
    except ValueError:  # read tolerantly, it can't be written strictly
        return False
    assert write(read(again, TOLERANT).file) == again
    return True


def mutate(random_: Random, seeds: Sequence[bytes]) -> bytes:
    """A seed with a few bytes changed, cut out, doubled or put in, or joined with a piece of another."""
    data = bytearray(random_.choice(seeds))
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(data) + 1)
        until = min(len(data), at + random_.choice([1, 2, 93, 94, 95, 400]))
        kind = random_.randrange(6)
        if kind == 0 and at < len(data):
            data[at] = random_.randrange(256)
        elif kind == 1:
            del data[at:until]
        elif kind == 2:
            data[at:at] = data[at:until] * random_.randint(1, 4)
        elif kind == 3:
            data[at:at] = random_.choice(TOKENS)
        elif kind == 4:
            other = random_.choice(seeds)
            start = random_.randrange(len(other) + 1) // 95 * 95
            data[at:at] = other[start : start + 95 * random_.randint(1, 8)]
        else:
            data[at:until] = bytes(random_.randrange(256) for _ in range(until - at))
    return bytes(data[:INPUT_BYTES_MAX])


def inputs(seed: int) -> Iterator[bytes]:
    """The corpus, then mutations of it without end."""
    seeds, random_ = list(corpus().values()), Random(seed)
    yield from seeds
    while True:
        yield mutate(random_, seeds)


def run(seconds: float, seed: int, crashes: Path) -> int:
    """Try inputs for so long; how many it were. Raises what the first bad one raises, after it was kept."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    signal.signal(signal.SIGALRM, _hangs)
    count, deadline = 0, time.monotonic() + seconds
    for data in inputs(seed):
        if time.monotonic() > deadline:
            break
        signal.alarm(SECONDS_MAX)
        try:
            one_input(data)
        except BaseException:
            path = crashes / f"input-{seed}-{count}.ach"
            path.write_bytes(data)
            sys.stderr.write(f"kept as {path}\n")
            raise
        finally:
            signal.alarm(0)
        count += 1
    return count


def with_atheris(arguments: list[str]) -> NoReturn:
    """Hand over to libFuzzer, which keeps what it finds in the folder that is named first, or in one of its own with the seeds."""
    atheris = import_module("atheris")
    folder = Path(tempfile.mkdtemp(prefix="ach-corpus-"))
    for number, data in enumerate(corpus().values()):
        (folder / f"seed-{number:03d}").write_bytes(data)
    for name in [name for name in sys.modules if name.partition(".")[0] == "ach"]:
        del sys.modules[name]  # imported again below, where it is watched
    with atheris.instrument_imports(include=["ach"]):
        watched = import_module("tests.ach.fuzz")
    limits = [f"-timeout={SECONDS_MAX}", f"-rss_limit_mb={MEMORY_BYTES >> 20}", f"-max_len={INPUT_BYTES_MAX}"]
    atheris.Setup([sys.argv[0], *limits, *arguments, str(folder)], lambda data: watched.one_input(data) and None)
    atheris.Fuzz()
    sys.exit(0)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Fuzz the Nacha reader.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--crashes", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--atheris", action="store_true", help="what follows goes to libFuzzer")
    given, rest = parser.parse_known_args()
    if given.atheris:
        with_atheris(rest)
    sys.stdout.write(f"{run(given.seconds, given.seed, given.crashes):,} inputs, seed {given.seed}: nothing found\n")


def _hangs(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TimeoutError(f"an input took longer than {SECONDS_MAX} s")


if __name__ == "__main__":
    main()
