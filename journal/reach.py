"""Why Kafka does not answer. librdkafka tries for ever and then says that time is up; what went wrong it tells beside that."""

import time
from collections.abc import Mapping
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

_ASK_S: Final = 1.0
_FINAL: Final = frozenset({KafkaError._AUTHENTICATION, KafkaError._SSL})  # noqa: SLF001 - the library's public names for them

_HUNG_UP: Final = "who answers there hangs up, as one that speaks TLS does on a client that does not, and the other way round"
"""librdkafka tells every other reason; of this one it writes a line of its log"""


class Complaint:
    """What librdkafka said last of a client's connections. It is that client's `error_cb`, and is told when the client is polled."""

    def __init__(self) -> None:
        self.text = ""
        self.final = False
        """whether trying again is of no use: a certificate or a password was refused"""

    def __call__(self, error: KafkaError) -> None:
        """Keep it; that all brokers are down is said of every failure and explains none."""
        if error.code() != KafkaError._ALL_BROKERS_DOWN and not self.final:  # noqa: SLF001
            self.text = error.str()
            self.final = error.code() in _FINAL

    def forget(self) -> None:
        """A broker has answered: what went wrong before is over, and the same again is news."""
        self.text, self.final = "", False


def unanswered(options: Mapping[str, str | int | float | bool], within_s: float = 3.0) -> str:
    """Why no broker answers a client with these librdkafka options; empty when one does.

    A refused certificate or password is told at once, the rest after `within_s`; one try is always made.
    """
    complaint = Complaint()
    asked: dict[str, Any] = {**options, "log_level": 0, "error_cb": complaint}
    admin = AdminClient(asked)
    deadline = time.monotonic() + within_s
    while True:
        try:
            if admin.list_topics(timeout=_ASK_S).brokers:  # a fenced one is not listed
                return ""
            said = "no broker is up"
        except KafkaException as error:
            said = f"{error.args[0].str()}; {_HUNG_UP}" if error.args[0].code() == KafkaError._TRANSPORT else error.args[0].str()  # noqa: SLF001
        admin.poll(0)
        if complaint.final or time.monotonic() >= deadline:
            return complaint.text or said
