"""The partition count: how many partitions a topic has whose messages meet by their key. It is fixed for the life of a ledger.

An account's events, its chain of records and its checkpoint meet in the partition that the hash of its key picks among so many. Whoever
counts otherwise looks for accounts where their history is not, or leaves partitions out. `docs/partitions.md` says what a change takes.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import Any, Protocol

SEE = "docs/partitions.md says why"


class PartitionCountError(Exception):
    """The broker's topics have another partition count than the settings. The message is for the operator."""


class Client(Protocol):
    """A consumer, a producer or an admin client."""

    def list_topics(self, *, timeout: float) -> Any:
        """What the broker says of its topics."""


def moved(before: int, after: int) -> Fraction:
    """The share of all keys that another count places in another partition: from 8 to 16 it is a half, from 8 to 12 two thirds."""
    return 1 - Fraction(min(before, after), lcm(before, after))


def refusal(counts: Mapping[str, int], wanted: int) -> str:
    """Why nobody may go on who counts `wanted` partitions, when the topics have these; nothing when all have as many.

    A topic that is not there (0) says nothing.
    """
    found = {name: count for name, count in sorted(counts.items()) if count}
    if set(found.values()) <= {wanted}:
        return ""
    if len(set(found.values())) == 1:
        (count,) = set(found.values())
        return (
            f"HMS_PARTITIONS is {wanted}, but the topics have {count} partitions, and that number is fixed for the life of a ledger: "
            f"{float(moved(count, wanted)):.0%} of the accounts would be looked for where their history is not. "
            f"Set HMS_PARTITIONS={count}; {SEE}."
        )
    told = ", ".join(f"{name} has {count}" for name, count in found.items() if count != wanted)
    return (
        f"These topics must have {wanted} partitions like the others: {told}. Somebody has changed them beside `hms-ach`, so events of one "
        f"account no longer meet in one partition. Stop the producers; {SEE}, and what to do now."
    )


def must_be(wanted: int, client: Client, names: Iterable[str], within_s: float = 20.0) -> None:
    """Raise PartitionCountError unless each of these topics that exists has so many partitions; KafkaException when no broker answers."""
    known = client.list_topics(timeout=within_s).topics
    reason = refusal({name: len(known[name].partitions) for name in names if name in known}, wanted)
    if reason:
        raise PartitionCountError(reason)
