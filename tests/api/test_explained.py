"""Decisions in one sentence."""

import pytest

from api.explained import explained

CASES = """
approved |                                  |      | Approved: no rule objects.
held     | Held for review: it is large.    |      | Held for review: it is large.
approved |                                  | anna | Approved by anna.
declined | The patient called.              | anna | Declined by anna: The patient called.
settled  |                                  |      |
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_a_decision_is_told_in_one_sentence(case: str) -> None:
    status, explanation, reviewer, said = (cell.strip() for cell in case.split("|"))
    assert explained(status, explanation, reviewer) == said
