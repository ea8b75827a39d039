"""The benchmark's load."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import events as ev
from ledger.wire import Unreadable, decode_account, epoch_ms
from simulator.load import START_MS, Sent, events, events_of, payments


def read(item: Sent) -> ev.AccountEvent:
    """The event in a message of the load."""
    event = decode_account(item[2])
    assert not isinstance(event, Unreadable), (event, item)
    assert item[1] == event.data.credit_reference.encode()
    return event


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert list(payments(1, 50, 200)) == list(payments(1, 50, 200)) != list(payments(2, 50, 200))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 99), st.integers(1, 300), st.integers(0, 200))
def test_each_payment_is_one_balance_one_request_and_one_settlement_of_the_same_amount(seed: int, accounts: int, n: int) -> None:
    amounts: dict[str, list[int]] = defaultdict(list)
    seen, granted = list[str](), list[str]()
    for item in payments(seed, accounts, n):
        event = read(item)
        if isinstance(event, ev.MandateGranted):
            granted.append(event.data.credit_reference)
            continue
        assert isinstance(event, ev.BalanceOpened | ev.PaymentInitiated | ev.PaymentSettled)
        assert event.data.credit_reference in granted, "a debit needs an authorization"
        name = event.id.rpartition("-")[0]
        seen.append(name)
        amounts[name].append(event.data.amount)
    assert len(seen) == 3 * n
    assert len(granted) == len(set(granted)) == events_of(accounts, n) - 3 * n
    assert all(len(told) == 3 and len(set(told)) == 1 and told[0] > 0 for told in amounts.values())


def test_a_settlement_follows_its_request() -> None:
    known = set()
    for item in payments(1, 40, 300):
        event = read(item)
        if isinstance(event, ev.PaymentInitiated):
            known.add(event.data.transaction_id)
        if isinstance(event, ev.PaymentSettled):
            assert event.data.transaction_id in known


@pytest.mark.parametrize("accounts", [1, 7, 100, 7_919])
def test_accounts_take_turns(accounts: int) -> None:
    counted = Counter(key for topic, key, value in payments(1, accounts, 2 * accounts))
    assert set(counted.values()) == {7}
    assert len(counted) == accounts


def test_event_time_advances_evenly_from_the_start() -> None:
    times = [epoch_ms(read(item).time) for item in payments(1, 10, 40, start_ms=START_MS, event_us=2_500)]
    assert times == [START_MS + int(number * 2.5) for number in range(130)]


@pytest.mark.parametrize("total", [0, 1, 2, 3, 100, 301])
def test_a_number_of_events_is_exactly_that_many(total: int) -> None:
    assert len(list(events(1, 20, total))) == total
