"""Who counts other partitions than the topics have is refused, with the number to set and what would have gone wrong."""

from fractions import Fraction
from math import lcm
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal import topics
from journal.partition_count import PartitionCountError, moved, must_be, refusal

COUNTS = st.integers(1, 64)
CASES = """
payments   journal   settings   what is said
8          8         8          nothing
0          8         8          nothing
0          0         8          nothing
8          8         16         HMS_PARTITIONS is 16, but the topics have 8 partitions, and that number is fixed for the life of a ledger: 50% of the accounts would be looked for where their history is not. Set HMS_PARTITIONS=8; docs/partitions.md says why.
8          8         4          HMS_PARTITIONS is 4, but the topics have 8 partitions, and that number is fixed for the life of a ledger: 50% of the accounts would be looked for where their history is not. Set HMS_PARTITIONS=8; docs/partitions.md says why.
8          0         12         HMS_PARTITIONS is 12, but the topics have 8 partitions, and that number is fixed for the life of a ledger: 67% of the accounts would be looked for where their history is not. Set HMS_PARTITIONS=8; docs/partitions.md says why.
12         8         8          These topics must have 8 partitions like the others: payments has 12. Somebody has changed them beside `hms-ach`, so events of one account no longer meet in one partition. Stop the producers; docs/partitions.md says why, and what to do now.
12         8         12         These topics must have 12 partitions like the others: journal has 8. Somebody has changed them beside `hms-ach`, so events of one account no longer meet in one partition. Stop the producers; docs/partitions.md says why, and what to do now.
"""  # noqa: E501 - a sentence is one line


@pytest.mark.parametrize("line", CASES.strip().splitlines()[1:])
def test_what_an_operator_is_told(line: str) -> None:
    payments, journal, settings, said = line.split(maxsplit=3)
    assert (refusal({"payments": int(payments), "journal": int(journal)}, int(settings)) or "nothing") == said


@given(COUNTS, COUNTS)
def test_the_share_that_moves_is_that_of_all_hashes(before: int, after: int) -> None:
    whole = lcm(before, after)
    assert moved(before, after) == Fraction(sum(n % before != n % after for n in range(whole)), whole)


def test_only_the_topics_that_are_asked_about_count() -> None:
    known = {"one": 8, "other": 3}
    client = SimpleNamespace(
        list_topics=lambda *, timeout: SimpleNamespace(
            topics={name: SimpleNamespace(partitions=dict.fromkeys(range(count))) for name, count in known.items()}
        )
    )
    must_be(8, client, ["one", "missing"])
    with pytest.raises(PartitionCountError, match="the topics have 3 partitions"):
        must_be(8, client, ["other"])


def test_the_accounts_meet_in_every_topic_of_the_common_count() -> None:
    assert {*topics.INPUTS, topics.JOURNAL, topics.ACCOUNTS, *topics.PUBLIC, topics.DEAD_LETTERS} <= set(topics.together())
    assert topics.FILES not in topics.together()
