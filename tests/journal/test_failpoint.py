"""Failpoints end the process in a test build and do nothing otherwise."""

import subprocess
import sys

import pytest

from journal.failpoint import EXIT_CODE, hit, mutant
from journal.settings import Settings

CASES = """
setting       hits of "here"   ends
-             3                no
there         3                no
here          1                yes
here:2        2                no
here:2        3                yes
mutant:here   3                no
mutant:x,here 1                yes
there,here:1  2                yes
there,here:1  1                no
"""


@pytest.mark.parametrize("line", CASES.strip().splitlines()[1:])
def test_a_failpoint_ends_the_process_after_so_many_passes(line: str) -> None:
    setting, hits, ends = line.split()
    given = "" if setting == "-" else setting
    program = (
        "from journal.failpoint import hit\nfrom journal.settings import Settings\n"
        f"settings = Settings(failpoint={given!r})\nfor _ in range({hits}):\n    hit(settings, 'here')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == (EXIT_CODE if ends == "yes" else 0)


def test_production_has_no_failpoint() -> None:
    hit(Settings.model_validate({}), "here")
    assert not mutant(Settings.model_validate({}), "here")


def test_a_mutant_is_asked_for_by_name() -> None:
    assert mutant(Settings.model_validate({"failpoint": "mutant:random-token"}), "random-token")
    assert not mutant(Settings.model_validate({"failpoint": "mutant:random-token"}), "other")
    assert mutant(Settings.model_validate({"failpoint": "mutant:random-token,here"}), "random-token")
