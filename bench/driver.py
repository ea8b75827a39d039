"""The process that sends the open loop's messages, apart from the one that watches."""

import gc
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from confluent_kafka import Producer

from bench.loading import producer_of
from journal.settings import Settings
from simulator.load import Sent
from simulator.open_loop import open_loop

_LINGER_MS = 20
_LATE_MS_MAX = 1000
_STEP_S = 0.01
"""What is due within such a time is handed over together, at its end: a call a message would take as much of the machine as the API."""
_Batch = dict[str, list[dict[str, Any]]]
"""by topic, as the producer's batch call takes them"""


class Driver:
    """Sends what `make` gives at its rate, from a process that takes as little of the machine as it can."""

    def __init__(self, settings: Settings, make: Callable[[], Iterable[Sent]], rate: int) -> None:
        """`make` is called in that process. A list is there before the first message is due; an iterator makes each when it is sent."""
        ready, told = os.pipe()
        os.set_blocking(ready, False)
        self._ready = ready
        self._status: int | None = None
        self._pid = os.fork()
        if self._pid == 0:
            os._exit(_drive(settings, make, rate, told))
        os.close(told)

    def started(self) -> bool:
        """Whether the first message is on its way. Raises RuntimeError when the process has died before."""
        try:
            if os.read(self._ready, 1):
                return True
        except BlockingIOError:
            return False
        raise RuntimeError("the driver has died")

    def on_time(self) -> bool:
        """Wait for its end: whether it kept to its schedule."""
        if self._status is None:
            _, self._status = os.waitpid(self._pid, 0)
        return self._status == 0

    def stop(self) -> None:
        """End it if it still runs."""
        os.close(self._ready)
        if self._status is None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


def _drive(settings: Settings, make: Callable[[], Iterable[Sent]], rate: int, told: int) -> int:
    gc.disable()
    size = max(round(rate * _STEP_S), 1)
    batches = _batches(make(), size)
    producer = producer_of(settings, _LINGER_MS)
    os.write(told, b"!")
    late = open_loop(batches, rate / size, lambda batch: _send(producer, batch))
    producer.flush(60)
    return 0 if late.p99_ms < _LATE_MS_MAX else 3


def _batches(messages: Iterable[Sent], size: int) -> Iterator[_Batch]:
    rest = iter(messages)
    while chunk := [*islice(rest, size)]:
        batch: _Batch = {}
        for topic, key, value in chunk:
            batch.setdefault(topic, []).append({"key": key, "value": value})
        yield batch


def _send(producer: Producer, batch: _Batch) -> None:
    """Hand over what is due; waits while the producer's queue is full."""
    for topic, messages in batch.items():
        left = messages
        while left and producer.produce_batch(topic, left) != len(left):
            left = [message for message in left if message.pop("_error", None) is not None]
            producer.poll(_STEP_S)
