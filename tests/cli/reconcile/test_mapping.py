"""Mappings in TOML."""

from pathlib import Path

import pytest

from ach.calendar import is_banking_day
from cli.errors import UserError
from cli.reconcile.mapping import read_mapping
from ledger.matching.terms import Fee
from ledger.reconcile.terms import FileTerms

MAPPING = """
[left]
amount = "Amt"
reference = "Invoice"
date_format = "EU"

[right]
reference = ["Ref", "Trace"]

[terms]
version = "bank@2"
tolerance = "0.05"
tolerance_percent = "0.5"
days_after = 3
sign = "opposite"
fees = [{ name = "card", flat = "0.30", percent = "2.9" }]
"""


def test_a_mapping_is_read_without_a_float(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING)
    plan = read_mapping(path)
    assert (plan.left.amount, plan.left.reference, plan.right.reference) == ("Amt", ("Invoice",), ("Ref", "Trace"))
    terms = plan.terms
    assert (terms.tolerance_cents, terms.tolerance_basis_points, terms.fees) == (5, 50, (Fee("card", 30, 290),))
    assert (terms.days_after, terms.sign, terms.version) == (3, "opposite", "bank@2")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[middle]\n", "no table middle"),
        ("[left]\namonut = 'x'\n", "unknown entry amonut"),
        ("left = 1\n", "left is no table"),
        ("[terms]\ntolerance = 0.005\n", "at most two places"),
        ("[terms]\ntolerance = true\n", "Expected"),
        ("[left]\nstray_dates = 'ISO'\n[right]\nreference = 1\n", "Expected"),
        ("[terms]\ntolerance = '0.005'\n", "at most two places"),
        ("[terms]\nsign = 'odd'\n", "Invalid enum value"),
        ("left = ", "is no mapping"),
    ],
)
def test_a_wrong_entry_is_named(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text)
    with pytest.raises(UserError, match=says):
        read_mapping(path)


def test_decimals_may_be_bare_and_a_window_that_is_given_is_not_learned(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text("[terms]\ntolerance = 0.29\ndays_before = 2\nparts = true\nfees = [{ name = 'card', flat = 0.30, percent = 2.9 }]\n")
    terms = read_mapping(path).terms
    assert (terms.tolerance_cents, terms.fees, terms.parts) == (29, (Fee("card", 30, 290),), True)
    assert (terms.days_before, terms.days_after, terms.learn_days) == (2, 5, False)
    path.write_text("")
    assert read_mapping(path).terms == FileTerms(is_banking_day=is_banking_day)
