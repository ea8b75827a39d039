"""The tables of return and change codes. Faults, row 27: a code that is not in them."""

import re

import pytest

from ach.codes import (
    ADMINISTRATIVE_CODES,
    CHANGE_CODES,
    RETURN_CODES,
    UNAUTHORIZED_CODES,
    Action,
    ReturnKind,
    Window,
    change_code,
    return_code,
)

ASSIGNED = (
    {f"R{n:02}" for n in range(1, 48)}
    | {"R50", "R51", "R52", "R53", "R61", "R62", "R67", "R68", "R69", "R70"}
    | {"R71", "R72", "R73", "R74", "R75", "R76", "R77", "R80", "R81", "R82", "R83", "R84", "R85", "R90"}
)


def test_every_assigned_return_code_is_there_and_no_other() -> None:
    assert set(RETURN_CODES) == ASSIGNED


def test_every_change_code_is_there() -> None:
    changes = {"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10", "C11", "C12", "C13", "C14"}
    assert set(CHANGE_CODES) == changes | {f"C{n}" for n in range(61, 70)}
    assert {code for code, row in CHANGE_CODES.items() if row.refused} == {f"C{n}" for n in range(61, 70)}
    assert change_code("C07") is not None
    assert CHANGE_CODES["C07"].fields == ("routing", "account", "transaction")
    assert change_code("C99") is None


def test_the_rates_count_these_codes() -> None:
    assert {"R05", "R07", "R10", "R11", "R29", "R51"} == UNAUTHORIZED_CODES
    assert {"R02", "R03", "R04"} == ADMINISTRATIVE_CODES


def test_only_want_of_funds_is_retried() -> None:
    assert {code for code, row in RETURN_CODES.items() if row.action is Action.RETRY} == {"R01", "R09"}
    assert {code for code, row in RETURN_CODES.items() if row.action is Action.RETRY_IF_AUTHORIZED} == {"R08"}


def test_reason_words_are_unique_identifiers() -> None:
    reasons = [row.reason for row in RETURN_CODES.values()]
    assert len(set(reasons)) == len(reasons)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]+", reason) for reason in reasons)
    assert RETURN_CODES["R01"].reason == "insufficient_funds"
    assert RETURN_CODES["R02"].reason == "account_closed"


def test_disputes_have_their_own_windows() -> None:
    for row in RETURN_CODES.values():
        assert (row.kind is ReturnKind.DISHONORED) == (row.window is Window.FIVE_BANKING_DAYS), row
        assert (row.kind is ReturnKind.CONTESTED) == (row.window is Window.CONTEST), row


def test_every_code_names_its_source() -> None:
    assert all("Nacha" in row.source for row in RETURN_CODES.values())
    assert all("Appendix Five" in row.source for row in CHANGE_CODES.values())
    assert "2028-03-17" in RETURN_CODES["R90"].source
    assert "Appendix Four" in RETURN_CODES["R01"].source
    assert return_code("R97").source == ""


@pytest.mark.parametrize("code", ["R48", "R54", "R97", "", "garbage"])
def test_an_unassigned_code_is_investigated(code: str) -> None:
    row = return_code(code)
    assert (row.kind, row.action, row.reason) == (ReturnKind.UNKNOWN, Action.INVESTIGATE, code)
