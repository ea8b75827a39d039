"""The proof proves itself: it names each of the mistakes that once lost money in a crash."""

import pytest

from bench.chaos.mutants import MUTANTS, Mutant, found


@pytest.mark.crash
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.failpoint.removeprefix("mutant:"))
def test_the_oracle_names_the_mistake(mutant: Mutant) -> None:
    told: list[str] = []
    report = found(mutant, told.append)
    assert mutant.breaks in report.broken, "\n".join((mutant.mistake, *told, report.text()))
