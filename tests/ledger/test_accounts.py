"""Accounts at rest: what they are never depends on where they are kept, and their payments rest with them."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from ledger.account import Account, Payment
from ledger.accounts import Accounts
from ledger.payments import Payments, naming
from tests.ledger.histories import HISTORY, Step, state, told
from tests.ledger.table import apply, new_book

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


@given(history=HISTORY)
def test_a_book_whose_accounts_rest_after_every_event_decides_the_same(history: list[Step]) -> None:
    lively, resting = new_book(), new_book()
    for made, position in told(history):
        assert [*apply(lively, made, position)] == [*apply(resting, made, position)]
        for raw in state(resting).values():
            resting.accounts.lay_to_rest(raw)
    assert state(lively) == state(resting)
    assert dict(lively.accounts) == dict(resting.accounts)


def _payment(name: str, **more: object) -> Payment:
    known = ("repayment", "settled", 100, "H01", "P-1", "INV-1", f"c-{name}", "", "WEB", "", "", 1_000)
    return msgspec.structs.replace(Payment(name, *known), **more)


def _woken(account: Account) -> Account:
    accounts = Accounts()
    accounts.lay_to_rest(msgspec.json.encode(account))
    return accounts[account.credit_reference]


def _raw(account: Account) -> set[str]:
    """Payments that are not decoded; a copy of the dict as C sees it."""
    underneath: dict[str, Any] = {**account.payments}
    return {name for name, found in underneath.items() if type(found) is Raw}


def test_a_payment_is_decoded_when_somebody_asks_for_it_and_stays_raw_through_changes() -> None:
    one, two, three = (_payment(name) for name in ("one", 'tw"ö', "three"))
    account = Account("CR-1", payments={each.transaction_id: each for each in (one, two, three)})
    woken = _woken(account)
    assert _raw(woken) == {"one", 'tw"ö', "three"}
    assert woken.payments["one"] == one
    assert woken.payments.get('tw"ö') == two
    assert woken.payments.get("four") is None
    assert ("three" in woken.payments, len(woken.payments), [*woken.payments]) == (True, 3, ["one", 'tw"ö', "three"])
    assert _raw(woken) == {"three"}
    changed = woken.with_payment(_payment("one", status="returned"))
    assert _raw(changed) == {"three"}
    assert woken.payments["one"] == one
    assert msgspec.json.encode(woken) == msgspec.json.encode(account)
    assert msgspec.json.encode(changed) == msgspec.json.encode(account.with_payment(_payment("one", status="returned")))
    assert [*changed.payments.values()] == [_payment("one", status="returned"), two, three]
    assert not _raw(changed)


def test_payments_are_equal_whether_they_are_decoded_or_not() -> None:
    account = Account("CR-1", payments={"one": _payment("one")})
    woken, again = _woken(account), _woken(account)
    assert isinstance(woken.payments, Payments)
    assert (woken.payments == again.payments, woken.payments != again.payments) == (True, False)
    assert _woken(account) == account
    assert account == _woken(account)
    assert account.with_payment(_payment("one", attempts=2)) != _woken(account)
    assert dict(_woken(account).payments.items()) == account.payments


def test_naming_finds_every_payment_with_a_value_and_decodes_few_others() -> None:
    payments = {name: _payment(name) for name in ("one", "two", 'thr"ee', "one two")}
    payments["held"] = _payment("held", direction="preapproval", held_cents=7)
    account = Account("CR-1", payments=payments)
    for word, expected in {"c-two": ["two"], "preapproval": ["held"], 'c-thr"ee': ['thr"ee'], "nothing": []}.items():
        woken = _woken(account)
        assert [each.transaction_id for each in naming(woken.payments, word)] == expected
        assert _raw(woken) == payments.keys() - {*expected}
        assert [*naming(account.payments, word)] == [*payments.values()]
