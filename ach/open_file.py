"""The file being read: what its control is held against. Banks do send several files in one; each then has its own."""

from ach.records import FileControl
from ach.tally import Tally


class OpenFile:
    """What the records of one file have added up to so far."""

    __slots__ = ("batches", "control", "control_line", "last_batch_number", "records", "tally")

    def __init__(self, records: int = 0) -> None:
        """A file of which so many records are read."""
        self.records = records
        """every line, padding included"""
        self.batches = 0
        self.last_batch_number = 0
        self.tally = Tally()
        self.control: FileControl | None = None
        self.control_line = 0
