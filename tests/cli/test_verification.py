"""What `hms-ach verify` makes of ClickHouse's answers."""

from collections.abc import Mapping, Sequence

from cli.stored import Row
from cli.verification import Finding, strays


class Scripted:
    """ClickHouse's answers to one question after another; the last one stays."""

    def __init__(self, *answers: Sequence[Row]) -> None:
        self.answers = [*answers]

    def ask(self, name: str, _parameters: Mapping[str, int] | None = None) -> Sequence[Row]:
        assert name == "stray"
        return self.answers.pop(0) if self.answers[1:] else self.answers[0]


def test_postings_of_the_block_that_is_being_stored_are_no_finding() -> None:
    one_block_after_another = Scripted([(0, 7, 157)], [(0, 8, 150), (1, 3, 2)], [(0, 9, 1)])
    assert strays(one_block_after_another, 60.0) == []


def test_postings_whose_record_does_not_come_are_named() -> None:
    never = Scripted([(0, 7, 157), (1, 2, 1)], [(0, 8, 3), (0, 7, 157)])
    assert strays(never, 1.0) == [Finding("journal = ClickHouse", "partition 0, record 7", "157 postings are stored, the record is not")]
