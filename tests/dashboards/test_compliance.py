"""What the compliance page names exists: every file, every test."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "compliance.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| Demand")
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:60] for row in ROWS])
def test_a_row_names_code_and_a_test_that_exist(row: list[str]) -> None:
    assert len(row) == 3
    demand, code, test = row
    assert len(demand) > 10
    (path,) = re.findall(r"`([^`]+)`", code)
    assert (ROOT / path).is_file(), path
    ((file, name),) = re.findall(r"`(tests/[^:`]+\.py)(?:::(\w+))?`", test)
    text = (ROOT / file).read_text("utf-8")
    assert re.search(rf"^def {name or 'test_'}\w*\(", text, re.MULTILINE), f"{file}: {name}"
    if name:
        assert re.search(rf"^def {name}\(", text, re.MULTILINE), f"{file}: {name}"


def test_every_part_has_rows_and_the_operator_has_duties() -> None:
    text = (ROOT / "docs" / "compliance.md").read_text("utf-8")
    parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [part.split()[0] for part in parts] == ["CREDIT's", "Nacha", "HIPAA", "PCI", "GDPR", "The"]
    assert len(ROWS) > 35
    assert text.partition("## The operator's part")[2].count("\n- **") >= 8
