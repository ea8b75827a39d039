"""Messages that are no events, or none that may be posted: each must end in the dead letters or be refused, and stop nothing."""

from collections.abc import Callable
from random import Random

import orjson

from bench.chaos.stories import Sent
from journal.partitioner import partition_of
from journal.topics import PAYMENTS, SETTLEMENTS


def poison(number: int, rng: Random, partitions: int) -> Sent:
    """One bad message."""
    return rng.choice(_KINDS)(number, partitions)


def _bytes(number: int, _: int) -> Sent:
    return Sent(PAYMENTS, b"CR-poison", b"\xff\xfe\x00{" + str(number).encode())


def _cut(number: int, _: int) -> Sent:
    return Sent(SETTLEMENTS, b"CR-poison", _event(number)[:60])


def _empty(_number: int, _: int) -> Sent:
    return Sent(PAYMENTS, b"CR-poison", b"")


def _oversize(number: int, _: int) -> Sent:
    return Sent(PAYMENTS, b"CR-poison", _event(number, pad="x" * 300_000))


def _unknown_type(number: int, _: int) -> Sent:
    return Sent(PAYMENTS, b"CR-poison", _event(number).replace(b"balance.opened.v1", b"balance.opened.v9"))


def _float_amount(number: int, _: int) -> Sent:
    return Sent(PAYMENTS, b"CR-poison", _event(number).replace(b'"12.34"', b"12.34"))


def _missing_key(number: int, _: int) -> Sent:
    return Sent(PAYMENTS, None, _event(number))


def _wrong_key(number: int, _: int) -> Sent:
    return Sent(PAYMENTS, b"CR-other", _event(number))


def _wrong_topic(number: int, _: int) -> Sent:
    return Sent(SETTLEMENTS, b"CR-poison", _event(number))


def _wrong_partition(number: int, partitions: int) -> Sent:
    return Sent(PAYMENTS, b"CR-poison", _event(number), (partition_of(b"CR-poison", partitions) + 1) % partitions)


def _deep(number: int, _: int) -> Sent:
    return Sent(PAYMENTS, b"CR-poison", b'{"id":"poison-%d","data":' % number + b"[" * 5_000)


def _foreign_currency(number: int, _: int) -> Sent:
    return Sent(PAYMENTS, b"CR-poison", _event(number, currency="EUR"))


def _from_the_future(number: int, _: int) -> Sent:
    return Sent(PAYMENTS, b"CR-poison", _event(number, time="2090-01-01T00:00:00Z"))


_KINDS: tuple[Callable[[int, int], Sent], ...] = (
    _bytes,
    _cut,
    _empty,
    _oversize,
    _unknown_type,
    _float_amount,
    _missing_key,
    _wrong_key,
    _wrong_topic,
    _wrong_partition,
    _deep,
    _foreign_currency,
    _from_the_future,
)


def _event(number: int, currency: str = "USD", time: str = "2025-01-06T15:00:00Z", pad: str = "") -> bytes:
    """A balance that would be good if nothing were wrong with the message."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": f"poison-{number}",
            "source": "/chaos",
            "type": "balance.opened.v1",
            "time": time,
            "data": {
                "credit_reference": "CR-poison",
                "balance_id": f"B-poison-{number}",
                "patient_id": "P-poison",
                "hospital_id": "H-1",
                "amount": "12.34",
                "currency": currency,
                "due_date": "2025-01-06",
                "pad": pad,
            },
        }
    )
