"""Time in the simulation: it moves when it is told to."""

START_MS = 1_772_445_600_000
"""2026-03-02 10:00 UTC"""
_UP_MS = 1_000_000
"""for so long the machine has been up; its clock is never at zero"""


class Clock:
    """Milliseconds since 1970."""

    def __init__(self) -> None:
        self.ms = START_MS

    def now_ms(self) -> int:
        """The wall clock."""
        return self.ms

    def monotonic_s(self) -> float:
        """Seconds since the machine was started."""
        return (self.ms - START_MS + _UP_MS) / 1000

    def advance(self, ms: int) -> None:
        """Let time pass."""
        self.ms += ms
