"""How much an outbox does at once, and how much of the past it must know."""

from typing import Final, NamedTuple

WAITING_MAX: Final = 5_000
"""A partition with so many waiting messages is not read further."""


class Limits(NamedTuple):
    """`under_way`: messages being sent at once. `waiting`: messages of a partition held in memory. `memory_ms`: how far back the courier
    must hear of attempts after a start; None when it keeps nothing in mind. `read_first`: nothing goes before a partition was read to its
    end, since what stands behind a message may forbid it."""

    under_way: int
    waiting: int = WAITING_MAX
    memory_ms: int | None = None
    read_first: bool = False
