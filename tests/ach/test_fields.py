"""What stands in reserved columns is not read, and so not silently lost."""

import pytest

from ach.options import Options
from ach.problems import Rule
from ach.reader import read
from ach.writer import write
from tests.ach.samples import batch, changed, entry, file

LINES = write(file(batch([entry(1)]), batch([changed("C01", "1918171614")], "COR", number=2))).decode().splitlines()

RESERVED = """
line  column  columns
4         76  74-79
7         22  22-27
7         70  65-79
9         60  56-94
"""


@pytest.mark.parametrize("row", RESERVED.strip().splitlines()[1:])
def test_what_stands_in_reserved_columns_is_told(row: str) -> None:
    number, column, columns = row.split()
    lines = list(LINES)
    line = lines[int(number) - 1]
    lines[int(number) - 1] = f"{line[: int(column) - 1]}X{line[int(column) :]}"
    data = "\n".join(lines).encode()
    reading = read(data)
    [problem] = [problem for problem in reading.problems if problem.rule is Rule.RESERVED]
    assert (problem.line, problem.message, problem.warning) == (int(number), f"columns {columns} are reserved and must be blank", True)
    assert reading.valid
    assert not read(data, Options(strict=True)).valid
