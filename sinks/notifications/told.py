"""What patients were told lately, from the delivery log: for caps and against repeats."""

from datetime import datetime, timedelta
from typing import Final

from sinks.outbox.events import DELIVERED, Attempt

MEMORY: Final = timedelta(hours=48)
"""How long it is kept: longer than any day, shorter than the days between two re-presentments."""


class Told:
    """Messages that were delivered, by patient and channel. The latest come last."""

    def __init__(self) -> None:
        self._by_patient: dict[tuple[str, str], list[tuple[datetime, str]]] = {}

    def remember(self, attempt: Attempt, at: datetime) -> None:
        """Take in an attempt of the log."""
        if attempt.outcome == DELIVERED:
            self._by_patient.setdefault((attempt.patient_id, attempt.channel), []).append(
                (at, _what(attempt.transaction_id, attempt.template))
            )

    def lately(self, patient_id: str, channel: str, now: datetime) -> list[datetime]:
        """When this patient was told anything on this channel, within the memory; what is older is forgotten."""
        key = (patient_id, channel)
        kept = [each for each in self._by_patient.get(key, ()) if now - each[0] < MEMORY]
        if kept:
            self._by_patient[key] = kept
        else:
            self._by_patient.pop(key, None)
        return [at for at, _ in kept]

    def said(self, patient_id: str, channel: str, transaction_id: str, template: str) -> bool:
        """Whether this patient was told this of this payment on this channel, within what is remembered."""
        return any(what == _what(transaction_id, template) for _, what in self._by_patient.get((patient_id, channel), ()))


def _what(transaction_id: str, template: str) -> str:
    return f"{transaction_id}/{template}"
