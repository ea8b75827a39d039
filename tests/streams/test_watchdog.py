"""When a fetcher has come to a stand."""

import pytest

from streams.engine.watchdog import Watchdog

LOOKS = """
turns     adrift    seconds        says
1 2 3     n n n     0 100 200      -            it turns
1 1 1     n n n     0 30 44        -            not yet
1 1 1     n n n     0 30 46        no turn
1 1 2     n n n     0 44 50        -            it turned again
1 2 3     y y y     0 30 44        -            a rebalance takes its time
1 2 3     y y y     0 30 46        no partitions
1 2 3 4   y n y y   0 30 40 80     -            assigned meanwhile
"""


@pytest.mark.parametrize("line", LOOKS.strip().splitlines()[1:])
def test_it_barks(line: str) -> None:
    turns, adrift, seconds, says = line[:10].split(), line[10:20].split(), line[20:35].split(), line[35:48].strip()
    dog = Watchdog(45.0)
    heard = [dog.look(int(turn), float(second), adrift=off == "y") for turn, off, second in zip(turns, adrift, seconds, strict=True)]
    assert not any(heard[:-1])
    assert (says in heard[-1]) if says != "-" else not heard[-1]
