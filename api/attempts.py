"""Delivery attempts in their place: beside what was due to go out. Pure."""

from collections import defaultdict
from collections.abc import Sequence

from api.models.deliveries import AttemptItem
from api.models.trace import Attempt, Step, TraceAnswer


def with_attempts(trace: TraceAnswer, attempts: Sequence[AttemptItem]) -> TraceAnswer:
    """The trace with every attempt at its delivery, oldest first. Where it went to is in the delivery log, for whoever may read that."""
    made: dict[str, list[Attempt]] = defaultdict(list)
    for each in sorted(attempts, key=lambda each: (each.at, each.attempt)):
        made[each.delivery_id].append(
            Attempt(
                at=each.at,
                attempt=each.attempt,
                outcome=each.outcome,
                status=each.status,
                reason=each.reason,
                duration_ms=each.duration_ms,
                next_at=each.next_at,
                replay=each.replay,
            )
        )
    return trace.model_copy(update={"steps": [_step(step, made) for step in trace.steps]}) if made else trace


def _step(step: Step, made: dict[str, list[Attempt]]) -> Step:
    if not step.deliveries:
        return step
    told = tuple(each.model_copy(update={"attempts": tuple(made.get(each.id, ()))}) for each in step.deliveries)
    return step.model_copy(update={"deliveries": told})
