"""Accounts at rest: what they are never depends on where they are kept."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ledger.account import Account
from ledger.accounts import Accounts

CHANGES = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 99)), max_size=60)


@given(changes=CHANGES, lively=st.integers(1, 4))
def test_they_behave_as_a_dict_does(changes: list[tuple[str, int]], lively: int) -> None:
    accounts, plain = Accounts(lively), dict[str, Account]()
    for reference, cents in changes:
        accounts[reference] = plain[reference] = Account(reference, suspense_cents=cents)
        assert accounts.get(reference) == plain[reference]
    assert dict(accounts) == plain
    assert len(accounts) == len(plain)
    assert accounts.get("z") is None
    assert "z" not in accounts
    assert all(reference in accounts for reference in plain)
    assert sum(accounts.at_rest(reference) is None for reference in plain) <= 2 * lively


def test_an_account_laid_to_rest_keeps_its_bytes_until_it_changes() -> None:
    accounts, value = Accounts(), Account("CR-1", suspense_cents=5)
    raw = msgspec.json.encode(value)
    assert accounts.lay_to_rest(raw) == value
    assert accounts.at_rest("CR-1") == raw
    accounts["CR-1"] = Account("CR-1")
    assert accounts.at_rest("CR-1") is None
    assert accounts["CR-1"] == Account("CR-1")
    assert [*accounts] == ["CR-1"]
