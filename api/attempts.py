"""Delivery attempts in their place: beside what was due to go out. Pure."""

from collections import defaultdict
from collections.abc import Sequence

from api.models.deliveries import Attempt, AttemptItem
from api.models.trace import Step, TraceAnswer

_SHOWN = set(Attempt.model_fields)


def with_attempts(trace: TraceAnswer, attempts: Sequence[AttemptItem]) -> TraceAnswer:
    """The trace with every attempt at its delivery, oldest first. Where it went to is in the delivery log, for whoever may read that."""
    made: dict[str, list[Attempt]] = defaultdict(list)
    for each in sorted(attempts, key=lambda each: (each.at, each.attempt)):
        made[each.delivery_id].append(Attempt(**each.model_dump(include=_SHOWN)))
    return trace.model_copy(update={"steps": [_step(step, made) for step in trace.steps]}) if made else trace


def _step(step: Step, made: dict[str, list[Attempt]]) -> Step:
    if not step.deliveries:
        return step
    told = tuple(each.model_copy(update={"attempts": tuple(made.get(each.id, ()))}) for each in step.deliveries)
    return step.model_copy(update={"deliveries": told})
