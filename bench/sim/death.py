"""How a simulated process ends."""


class DiedError(SystemExit):
    """The process is gone from one instruction to the next, as by `kill -9`. An event loop lets a SystemExit through, whoever raises it."""


class StuckError(Exception):
    """A process waits for something that will never come."""
