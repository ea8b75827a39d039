"""Which messages of a partition have been cut: ranges of offsets that do not overlap."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

Range = tuple[int, int, int]
"""partition, first offset, last offset"""


class OverlapError(Exception):
    """Two cuts hold the same entry: one of them is not ours."""


class Covered:
    """Ranges of offsets of several partitions, joined where they touch."""

    def __init__(self) -> None:
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}

    def add(self, ranges: Iterable[Range]) -> None:
        """Take in ranges. OverlapError when an offset is covered already."""
        for partition, first, last in ranges:
            starts, ends = self._starts.setdefault(partition, []), self._ends.setdefault(partition, [])
            at = bisect_right(starts, first)
            if first > last or (at and ends[at - 1] >= first) or (at < len(starts) and starts[at] <= last):
                raise OverlapError(f"offsets {first} to {last} of partition {partition} were cut before")
            starts.insert(at, first)
            ends.insert(at, last)
            self._join(starts, ends, at)
            self._join(starts, ends, at - 1)

    def holds(self, partition: int, offset: int) -> bool:
        """Whether this message was cut."""
        at = bisect_right(self._starts.get(partition, ()), offset)
        return bool(at) and self._ends[partition][at - 1] >= offset

    def low_water(self, partition: int) -> int:
        """The first offset that is not covered: where to read from so as to miss nothing."""
        starts = self._starts.get(partition)
        return self._ends[partition][0] + 1 if starts and starts[0] == 0 else 0

    def free_from(self, partition: int, offset: int) -> int:
        """The first offset behind the last covered range before this offset; 0 without one."""
        at = bisect_right(self._starts.get(partition, ()), offset)
        return self._ends[partition][at - 1] + 1 if at else 0

    @staticmethod
    def _join(starts: list[int], ends: list[int], at: int) -> None:
        """Make one of the ranges at `at` and behind it when they touch."""
        if 0 <= at < len(starts) - 1 and ends[at] + 1 == starts[at + 1]:
            ends[at] = ends[at + 1]
            del starts[at + 1], ends[at + 1]


def ranges_of(chosen: Sequence[int], seen: Sequence[int], partition: int, covered: Covered) -> list[Range]:
    """Ranges that hold the chosen offsets of one partition and no other message.

    `seen` are all messages of the partition that wait, chosen or not, in order. Each range reaches back to the message before
    its first, or to what is covered, so that transaction markers, which take offsets too, leave no gaps.
    """
    wanted = set(chosen)
    found: list[Range] = []
    first = 0
    for offset in seen:
        first = max(first, covered.free_from(partition, offset))
        if offset not in wanted:
            first = offset + 1
            continue
        if found and found[-1][2] + 1 == first:
            found[-1] = (partition, found[-1][1], offset)
        else:
            found.append((partition, first, offset))
        first = offset + 1
    return found
