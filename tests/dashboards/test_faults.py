"""What the page of faults names exists: every row, every test."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+) \|$", (ROOT / "docs" / "faults.md").read_text("utf-8"), re.MULTILINE)


def test_every_row_is_there() -> None:
    assert [int(row) for row, _, _ in ROWS] == [*range(16, 57), 59, 60]


@pytest.mark.parametrize(("row", "tried", "tests"), ROWS, ids=[row for row, _, _ in ROWS])
def test_a_row_names_tests_that_exist(row: str, tried: str, tests: str) -> None:
    named = re.findall(r"`([^`]+)`", tests)
    assert named, tried
    assert tests == " ".join(f"`{name}`" for name in named)
    for name in named:
        file, _, function = name.partition("::")
        text = (ROOT / file).read_text("utf-8")
        assert re.search(rf"^def {function or 'test_'}", text, re.MULTILINE), name
        assert not function or re.search(rf"^def {function}\(", text, re.MULTILINE), name
