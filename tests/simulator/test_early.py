"""Settlements that come before their payment."""

from simulator.bank import Bank
from simulator.early import settle_first
from tests.simulator.reading import SPAN, WORLD, event_of, history, kind

BANK = Bank(WORLD.seed, SPAN)
CLEAN = list(history())


def test_the_bank_speaks_first_and_the_request_follows_unchanged() -> None:
    told = list(settle_first("test", BANK, CLEAN, 50_000))
    assert [message.at_ms for message in told] == sorted(message.at_ms for message in told)
    place: dict[tuple[str, str], int] = {}
    for at, message in enumerate(told):
        if kind(message).startswith("payment."):
            place[kind(message), event_of(message).data.transaction_id] = at  # type: ignore[union-attr]
    early = [transaction for word, transaction in place if word == "payment.settled"]
    assert early
    for transaction in early:
        assert place["payment.submitted", transaction] < place["payment.settled", transaction] < place["payment.initiated", transaction]
    assert {message.value for message in CLEAN} <= {message.value for message in told}


def test_the_early_settlement_is_what_the_bank_would_say_when_asked() -> None:
    clean = {message.value for message in CLEAN}
    said = {message.value for message in settle_first("test", BANK, CLEAN, 50_000)} - clean
    asked = {answer.value for message in CLEAN if message.entry for answer in BANK.answers(message.entry)}
    assert said <= asked


def test_without_any_nothing_changes() -> None:
    assert list(settle_first("test", BANK, CLEAN, 0)) == CLEAN
