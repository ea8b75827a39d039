"""What to make of an error: wait and do the same again, join the group anew, or stop. What is not known here stops the sink."""

import errno
from typing import Final

from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
from confluent_kafka import KafkaError, KafkaException

from journal.patience import NoAnswerError

TRANSIENT_CODES: Final = frozenset(
    {
        3,  # UNEXPECTED_END_OF_FILE
        75,  # CANNOT_WRITE_TO_FILE_DESCRIPTOR: no disk space
        159,  # TIMEOUT_EXCEEDED
        160,  # TOO_SLOW
        164,  # READONLY
        202,  # TOO_MANY_SIMULTANEOUS_QUERIES
        209,  # SOCKET_TIMEOUT
        210,  # NETWORK_ERROR
        225,  # NO_ZOOKEEPER
        236,  # ABORTED: the server is shutting down
        241,  # MEMORY_LIMIT_EXCEEDED
        242,  # TABLE_IS_READ_ONLY
        243,  # NOT_ENOUGH_SPACE
        252,  # TOO_MANY_PARTS
        279,  # ALL_CONNECTION_TRIES_FAILED
        285,  # TOO_FEW_LIVE_REPLICAS
        319,  # UNKNOWN_STATUS_OF_INSERT
        425,  # SYSTEM_ERROR
        439,  # CANNOT_SCHEDULE_TASK
        999,  # KEEPER_EXCEPTION
    }
)
"""ClickHouse's codes for what passes by itself, or when an operator has made room. Anything else stops the sink."""


_KAFKA_TRANSIENT = frozenset(
    {
        KafkaError._TRANSPORT,  # noqa: SLF001
        KafkaError._TIMED_OUT,  # noqa: SLF001
        KafkaError._TIMED_OUT_QUEUE,  # noqa: SLF001
        KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001
        KafkaError._WAIT_COORD,  # noqa: SLF001
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.NOT_COORDINATOR,
        KafkaError.REQUEST_TIMED_OUT,
        KafkaError.NETWORK_EXCEPTION,
        KafkaError.UNKNOWN_TOPIC_OR_PART,  # the broker's metadata is not complete yet
        KafkaError.LEADER_NOT_AVAILABLE,
    }
)
_KAFKA_LOST = frozenset(
    {
        KafkaError.ILLEGAL_GENERATION,
        KafkaError.UNKNOWN_MEMBER_ID,
        KafkaError.REBALANCE_IN_PROGRESS,
        KafkaError._ASSIGNMENT_LOST,  # noqa: SLF001
        KafkaError._MAX_POLL_EXCEEDED,  # noqa: SLF001
    }
)


def is_transient(error: Exception) -> bool:
    """Whether the same call may succeed later: a network that is away, a server that starts or has no room."""
    if isinstance(error, KafkaException):
        return error.args[0].code() in _KAFKA_TRANSIENT or error.args[0].retriable()
    if isinstance(error, OSError):
        return isinstance(error, TimeoutError) or error.errno in {errno.ENOSPC, errno.EDQUOT}
    if isinstance(error, OperationalError) and error.code is None:
        return True
    return isinstance(error, DatabaseError) and error.code in TRANSIENT_CODES


def is_lost(error: Exception) -> bool:
    """Whether the consumer group has given the partitions to others, or will, or its client is stuck: let go of what is not stored, and
    join again."""
    return isinstance(error, NoAnswerError) or (isinstance(error, KafkaException) and error.args[0].code() in _KAFKA_LOST)
