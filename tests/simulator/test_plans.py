"""The load of payment plans."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import events as ev
from ledger.wire import Unreadable, decode_account
from simulator.load import Sent
from simulator.plans import EVENTS_PER_ACCOUNT, EVENTS_PER_PAYMENT, Plans


def read(item: Sent) -> ev.AccountEvent:
    """The event in a message of the load."""
    event = decode_account(item[2])
    assert not isinstance(event, Unreadable), (event, item)
    assert item[1] == event.data.credit_reference.encode()
    return event


def test_the_same_arguments_give_the_same_bytes() -> None:
    first, again, other = (Plans(seed, 20, 90) for seed in (1, 1, 2))
    assert [*first.opened(), *first.paid()] == [*again.opened(), *again.paid()] != [*other.opened(), *other.paid()]


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 99), accounts=st.integers(1, 60), payments=st.integers(0, 200), settle_after=st.integers(0, 50))
def test_what_is_paid_is_what_is_owed(seed: int, accounts: int, payments: int, settle_after: int) -> None:
    plans = Plans(seed, accounts, payments)
    owed, asked, settled = Counter[str](), Counter[str](), Counter[str]()
    opened, paid = [read(item) for item in plans.opened()], [read(item) for item in plans.paid(settle_after=settle_after)]
    known = set[str]()
    for event in opened:
        assert isinstance(event, ev.MandateGranted | ev.BalanceOpened)
        if isinstance(event, ev.BalanceOpened):
            owed[event.data.credit_reference] += event.data.amount
    for event in paid:
        assert isinstance(event, ev.PaymentInitiated | ev.PaymentSettled)
        if isinstance(event, ev.PaymentInitiated):
            known.add(event.data.transaction_id)
            asked[event.data.credit_reference] += event.data.amount
        else:
            known.remove(event.data.transaction_id)
            settled[event.data.credit_reference] += event.data.amount
    assert not known
    assert asked == settled
    assert all(owed[account] == cents for account, cents in asked.items())
    assert (len(opened), len(paid)) == (EVENTS_PER_ACCOUNT * accounts, EVENTS_PER_PAYMENT * payments)
    assert len(owed) == accounts
