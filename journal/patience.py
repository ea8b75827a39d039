"""Waits for what may never come: librdkafka's own calls that wait for the broker have no time limit."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class NoAnswerError(Exception):
    """Kafka's client did not come back in time. It may never: whoever gets this takes a new client."""


class Waiting(Generic[Answer]):
    """One call, in a thread of its own from `__init__` on."""

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self._said: list[Answer] = []
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="waiting", daemon=True)
        self._thread.start()

    def answer(self, seconds: float) -> Answer:
        """What the call gives. Raises what it raises, and NoAnswerError when it takes longer: then it goes on, and nobody listens."""
        self._thread.join(seconds)
        if self._thread.is_alive():
            raise NoAnswerError(f"Kafka gave no answer within {seconds:.0f} s")
        if self._failure is not None:
            raise self._failure
        return self._said[0]

    def _run(self) -> None:
        try:
            self._said.append(self._ask())
        except BaseException as failure:  # noqa: BLE001 - raised again where the answer is awaited
            self._failure = failure
