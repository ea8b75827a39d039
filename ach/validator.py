"""Checking a file of ours before it leaves: strictly, by reading back what would be sent.

A bank sees bytes, so bytes are checked. The operator's reasons for rejecting a file or a batch (Nacha Operating Rules,
Appendix Two) are all among the rules of `ach.problems`.
"""

from ach.examine import DEFAULT, examine
from ach.options import Options
from ach.problems import Problem
from ach.records import File
from ach.writer import write

STRICT = Options(strict=True)
HEARTBEAT = Options(strict=True, allow_zero_batches=True)


def validate(file: File, options: Options = DEFAULT) -> tuple[Problem, ...]:
    """Every problem of this file; ValueError when it cannot be written at all."""
    return examine(write(file), options).problems


def preflight(data: bytes) -> tuple[Problem, ...]:
    """Everything that a bank or operator could object to in these bytes; nothing is waived. Empty when they may go."""
    return examine(data, STRICT).problems


def preflight_heartbeat(data: bytes) -> tuple[Problem, ...]:
    """As `preflight`, for a bank that takes files without batches as a sign of life."""
    return examine(data, HEARTBEAT).problems
