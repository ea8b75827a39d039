"""What real feeds do wrong: late, repeated and contradicting events, and a few messages that are no events at all.

Every fault is an addition or a delay: nothing is lost, so the ledger must come out the same as without the noise,
but for the faults it names.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import NamedTuple

import orjson

from ledger.wire import EVENT_BYTES_MAX
from simulator import hours
from simulator.dice import dice
from simulator.message import Message, iso

FUTURE_MS = 3_650 * hours.DAY_MS


class Rates(NamedTuple):
    """Faults in a million messages."""

    late: int = 4_000
    repeated: int = 3_000
    contradicted: int = 1_000
    broken: int = 300
    unknown_type: int = 300
    wrong_key: int = 300
    missing_key: int = 200
    from_the_future: int = 300
    oversize: int = 20


USUAL = Rates()
QUIET = Rates(0, 0, 0, 0, 0, 0, 0, 0, 0)


def disturb(seed: str, messages: Iterable[Message], rates: Rates = USUAL) -> Iterator[Message]:
    """The messages, which are in order of delivery, with faults at these rates; again in order of delivery."""
    rng = dice(seed)
    table = [(per_million, _FAULTS[name]) for name, per_million in rates._asdict().items() if per_million]
    total = sum(per_million for per_million, _ in table)
    held: list[tuple[int, int, Message]] = []
    number = 0
    for message in messages:
        while held and held[0][0] <= message.at_ms:
            yield heapq.heappop(held)[2]
        drawn = rng.random() * 1_000_000
        if drawn >= total:
            yield message
            continue
        for faulty in _fault(table, drawn)(rng, message):
            number += 1
            heapq.heappush(held, (faulty.at_ms, number, faulty))
    while held:
        yield heapq.heappop(held)[2]


def _fault(table: list[tuple[int, "Fault"]], drawn: float) -> "Fault":
    for per_million, fault in table:
        drawn -= per_million
        if drawn < 0:
            return fault
    return table[-1][1]


Fault = Callable[[Random, Message], list[Message]]


def _late(rng: Random, message: Message) -> list[Message]:
    """Delivered minutes to two days after it happened."""
    return [message._replace(at_ms=message.at_ms + int(rng.lognormvariate(5.5, 1.2) + 2) % 2_880 * hours.MINUTE_MS)]


def _repeated(rng: Random, message: Message) -> list[Message]:
    """The same message once more, as a producer sends it that missed the broker's answer."""
    return [message, message._replace(at_ms=message.at_ms + rng.randint(1, 7_200) * 1000, entry=None)]


def _contradicted(rng: Random, message: Message) -> list[Message]:
    """The same ids once more, with another amount; an event without an amount is only repeated."""
    event = orjson.loads(message.value)
    if "amount" in event["data"]:
        event["data"]["amount"] = event["data"]["amount"][:-2] + f"{(int(event['data']['amount'][-2:]) + 1) % 100:02d}"
    return [message, message._replace(at_ms=message.at_ms + rng.randint(1, 600) * 1000, value=orjson.dumps(event), entry=None)]


def _broken(rng: Random, message: Message) -> list[Message]:
    """Cut off, or not UTF-8, or empty."""
    cut = message.value[: rng.randrange(20, len(message.value) - 1)]
    return [message, _bad(message, rng.choice((cut, b"\xff\xfe" + message.value, b"")))]


def _unknown_type(rng: Random, message: Message) -> list[Message]:
    event = orjson.loads(message.value)
    event["type"] = rng.choice(("payment.teleported.v1", "payment.initiated.v99", ""))
    return [message, _bad(message, orjson.dumps(event))]


def _wrong_key(rng: Random, message: Message) -> list[Message]:
    return [message, _bad(message, message.value)._replace(key=b"CR-%012x" % rng.getrandbits(48))]


def _missing_key(_: Random, message: Message) -> list[Message]:
    return [message, _bad(message, message.value)._replace(key=None, partition=0)]


def _from_the_future(_: Random, message: Message) -> list[Message]:
    event = orjson.loads(message.value)
    event["id"] += "-future"
    event["time"] = iso(message.at_ms + FUTURE_MS)
    return [message, _bad(message, orjson.dumps(event))]


def _oversize(rng: Random, message: Message) -> list[Message]:
    event = orjson.loads(message.value)
    event["padding"] = "x" * (EVENT_BYTES_MAX + rng.randrange(50_000))
    return [message, _bad(message, orjson.dumps(event))]


def _bad(message: Message, value: bytes) -> Message:
    return message._replace(at_ms=message.at_ms + 500, value=value, entry=None)


_FAULTS: dict[str, Fault] = {
    "late": _late,
    "repeated": _repeated,
    "contradicted": _contradicted,
    "broken": _broken,
    "unknown_type": _unknown_type,
    "wrong_key": _wrong_key,
    "missing_key": _missing_key,
    "from_the_future": _from_the_future,
    "oversize": _oversize,
}
