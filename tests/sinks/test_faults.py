"""Which errors pass by themselves."""

import errno

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError, ProgrammingError
from confluent_kafka import KafkaError, KafkaException

from journal.chain import ChainError
from sinks.clickhouse.faults import is_lost, is_transient

CASES: list[tuple[Exception, bool, str]] = [
    (OperationalError("connection refused"), True, "the server is away"),
    (DatabaseError("too many parts", code=252), True, "merges lag behind"),
    (DatabaseError("not enough space", code=243), True, "an operator makes room"),
    (OSError(errno.ENOSPC, "no space left"), True, "the same, in our own file"),
    (TimeoutError("slow"), True, "our own limit"),
    (KafkaException(KafkaError(KafkaError._TIMED_OUT)), True, "the broker restarts"),
    (KafkaException(KafkaError(KafkaError.NOT_COORDINATOR)), True, "the group moves to another broker"),
    (DatabaseError("unknown table", code=60), False, "a schema that is not ours"),
    (DatabaseError("syntax error", code=62), False, "a mistake of ours"),
    (DatabaseError("cannot parse", code=27), False, "a mistake of ours"),
    (DatabaseError("no code"), False, "nobody knows"),
    (ProgrammingError("the client has been closed"), False, "a mistake of ours"),
    (OperationalError("authentication failed", code=516), False, "wrong password"),
    (PermissionError(errno.EACCES, "denied"), False, "wrong rights"),
    (KafkaException(KafkaError(KafkaError.FENCED_INSTANCE_ID)), False, "a second sink of the same name"),
    (KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED)), False, "wrong rights"),
    (ChainError(0, 1, "records are missing"), False, "never"),
    (ValueError("anything"), False, "nobody knows"),
]


@pytest.mark.parametrize(("error", "transient", "why"), CASES, ids=[why for *_, why in CASES])
def test_an_error_passes_by_itself_or_stops_the_sink(error: Exception, transient: bool, why: str) -> None:
    assert is_transient(error) is transient
    assert not (transient and is_lost(error))


@pytest.mark.parametrize("code", [KafkaError.ILLEGAL_GENERATION, KafkaError.REBALANCE_IN_PROGRESS, KafkaError._MAX_POLL_EXCEEDED])
def test_lost_partitions_are_no_error(code: int) -> None:
    assert is_lost(KafkaException(KafkaError(code)))


def test_other_errors_are_not_lost_partitions() -> None:
    assert not is_lost(ValueError())
