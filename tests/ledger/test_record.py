"""The journal record and its chain."""

import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import effects as fx
from ledger.record import GENESIS, VERSION, Entry, Link, Record, digest, encode
from streams.engine.log import LETTER_WINDOW, PartitionLog

SOURCES = ("credit.payments.v1", "bank.settlements.v1")
TEXTS = st.text(max_size=12)
_decode = msgspec.json.Decoder(Record[Entry]).decode

EFFECTS = st.one_of(
    st.builds(fx.Refused, TEXTS, TEXTS, TEXTS),
    st.builds(fx.Posted, TEXTS, TEXTS, st.integers(1, 10**12), TEXTS, TEXTS, TEXTS),
    st.builds(fx.Matched, TEXTS, TEXTS, st.integers(1, 10**12), TEXTS, st.lists(TEXTS, max_size=3).map(tuple)),
    st.builds(fx.Moved, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS),
    st.builds(fx.WebhookDue, TEXTS, TEXTS, st.integers(0, 9), st.integers(0, 9), st.just((("A", "b", "", 5),))),
)
ENTRIES = st.builds(
    Entry,
    st.integers(0, 1),
    st.integers(0, 2**40),
    TEXTS,
    TEXTS,
    st.integers(0, 2**45),
    TEXTS,
    st.lists(EFFECTS, min_size=1, max_size=4).map(tuple),
    st.integers(0, 99),
)


@given(st.lists(st.lists(ENTRIES, min_size=1, max_size=4), max_size=4))
def test_a_sealed_record_is_the_encoding_of_the_whole_record_and_extends_the_chain(batches: list[list[Entry]]) -> None:
    part, link, end = PartitionLog(3, None, SOURCES), Link(), 0
    for number, batch in enumerate(batches):
        part.next = [number, -1]
        sealed = part.seal(batch, [encode(entry) for entry in batch], 1_000 + number, number)
        whole = Record(VERSION, 3, link.sequence, link.previous, 1_000 + number, SOURCES, (number, -1), number, tuple(batch))
        assert sealed.value == encode(whole)
        assert _decode(sealed.value) == whole
        assert sealed.entries == whole.entries
        assert (sealed.next, sealed.done) == (whole.next, whole.done)
        assert link.accepts(number, whole.previous)
        link, end = link.after(sealed.value), end + 1
        assert (part.link, part.journal_end) == (link, end)


def test_the_chain_begins_with_zeros_and_each_link_is_the_hash_before() -> None:
    link = Link()
    assert (link.sequence, link.previous) == (0, GENESIS)
    assert link.after(b"x") == Link(1, hashlib.sha256(b"x").hexdigest())
    assert digest(b"x") == hashlib.sha256(b"x").hexdigest()


@pytest.mark.parametrize(
    ("sequence", "previous", "accepted"), [(1, digest(b"a"), True), (0, digest(b"a"), False), (2, digest(b"a"), False), (1, GENESIS, False)]
)
def test_a_link_accepts_its_successor_alone(sequence: int, previous: str, accepted: bool) -> None:
    assert Link().after(b"a").accepts(sequence, previous) is accepted


def test_dead_letters_are_counted_over_the_last_events_alone() -> None:
    part = PartitionLog(0, None, SOURCES)
    for _ in range(3):
        part.events += 1
        part.count_letter()
    part.events += LETTER_WINDOW - 3
    assert part.count_letter() == 4
    part.events += 2
    assert part.count_letter() == 3
