"""What kind of file a bank has sent: by the end of its name, or, as banks name files as they like, by its first record."""

from enum import Enum

NACHA, SETTLED, ACKNOWLEDGED = ".ach", ".settled.csv", ".ack.json"
HEAD_BYTES = 128
_HEADER_CONSTANTS = slice(34, 40), b"094101"
"""record size, blocking factor and format code, which every Nacha file header holds"""
_FORERUNNERS = b"\xef\xbb\xbf\r\n \t"


class FileKind(Enum):
    """The kinds that the rail reads, by the end of their names."""

    NACHA = NACHA
    SETTLED = SETTLED
    ACKNOWLEDGED = ACKNOWLEDGED


def kind_of(name: str, head: bytes) -> FileKind | None:
    """The kind of the file of this name that begins so; None for one that the rail does not read."""
    lower = name.lower()
    for kind in FileKind:
        if lower.endswith(kind.value):
            return kind
    columns, constants = _HEADER_CONSTANTS
    record = head.lstrip(_FORERUNNERS)
    return FileKind.NACHA if record[:1] == b"1" and record[columns] == constants else None
