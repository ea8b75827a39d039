"""The topics as they are specified; on a broker in `tests.live.test_topics`."""

from journal import topics
from journal.topics import specs


def test_the_inputs_and_the_journal_share_their_partitions() -> None:
    """Their keys meet in one partition only when all follow the common count."""
    by_name = {spec.name: spec for spec in specs()}
    together = (*topics.INPUTS, topics.JOURNAL, topics.ACCOUNTS, topics.DEAD_LETTERS, *topics.PUBLIC)
    assert all(by_name[name].partitions is None for name in together)
    assert len(by_name) == len(specs())


def test_money_is_never_deleted() -> None:
    for spec in specs():
        if spec.name in {*topics.INPUTS, topics.JOURNAL, topics.DEAD_LETTERS, *topics.PUBLIC}:
            assert (spec.config["retention.ms"], spec.config["retention.bytes"]) == ("-1", "-1")
    assert {spec.name for spec in specs() if spec.config.get("cleanup.policy") == "compact"} == {
        topics.ACCOUNTS,
        topics.SUBJECT_KEYS,
        topics.HOUSE_KEYS,
    }


def test_inputs_carry_the_brokers_time() -> None:
    """Decisions measure an event's own time against it."""
    assert all(spec.config["message.timestamp.type"] == "LogAppendTime" for spec in specs() if spec.name in topics.INPUTS)
