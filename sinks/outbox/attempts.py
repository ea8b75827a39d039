"""What the log says of an attempt, made of the message, how far it had come, and the answer."""

from datetime import datetime, timedelta

from sinks.outbox import events, schedule
from sinks.outbox.courier import Answer, Parcel
from sinks.outbox.events import Attempt, DeliveryAttempted, derived
from sinks.outbox.lane import Task

_UNTRIED = frozenset({events.UNDELIVERABLE, events.SUPPRESSED})


def attempt_of(task: Task, answer: Answer, parcel: Parcel, endpoint: str, now: datetime) -> Attempt:
    """The attempt that ended at this instant. A failure is `failed` with the next try's instant, or `exhausted` when it was the last."""
    due = task.due
    made = answer.outcome not in _UNTRIED or answer.duration_ms > 0
    number = task.attempts + 1 if made else 0
    wait_ms = schedule.wait_ms(number, due.id, answer.retry_after_ms) if answer.outcome == events.FAILED else None
    return Attempt(
        credit_reference=due.account,
        delivery_id=due.id,
        transaction_id=parcel.transaction_id,
        partition=due.partition,
        offset=due.offset,
        number=number,
        outcome=events.EXHAUSTED if answer.outcome == events.FAILED and wait_ms is None else answer.outcome,
        status=answer.status,
        reason=answer.reason,
        duration_ms=answer.duration_ms,
        next_at=now + timedelta(milliseconds=wait_ms) if wait_ms is not None else None,
        endpoint=endpoint,
        channel=parcel.channel,
        template=parcel.template,
        patient_id=parcel.patient_id,
        replay=task.replay,
    )


def attempted(attempt: Attempt, source: str, now: datetime) -> DeliveryAttempted:
    """The event that tells of it."""
    identity = derived("attempt", attempt.delivery_id, attempt.replay, attempt.number, now.isoformat())
    return DeliveryAttempted(id=identity, time=now, source=source, subject=attempt.credit_reference, data=attempt)
