"""Records of a zombie among the journal's: whatever it still wrote, recovery goes on along the chain and stops at a hole alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.chain import ChainError
from journal.settings import Settings
from ledger.effects import ConsentChanged
from ledger.record import GENESIS, VERSION, Entry, Link, Record, encode
from streams.engine.recovery import recover
from streams.poster import Poster
from tests.streams.memory import Memory

SETTINGS = Settings(partitions=1)
POSTER = Poster(SETTINGS)


def records(count: int, link: Link, purpose: str) -> list[bytes]:
    """A run of records behind a link, each with one consent of an account of its own."""
    found = []
    for _ in range(count):
        number = link.sequence
        entry = Entry(0, number, f"e{number}", "consent.changed.v1", 1, f"CR-{number}", (ConsentChanged(purpose, True),))
        value = encode(Record(VERSION, 0, number, link.previous, 1, POSTER.sources, (number + 1, -1, -1, -1), 0, (entry,)))
        link = link.after(value)
        found.append(value)
    return found


def recovered(journal: list[bytes], published: tuple[int, str] | None = None) -> tuple[int, int, set[str]]:
    """Records on the chain, the journal's end, and the purposes consented to."""
    memory = Memory()
    memory.journal = journal
    part = recover(SETTINGS, POSTER, memory, 0, published, lambda: None).log  # type: ignore[arg-type]
    purposes = {purpose for account in part.state.accounts.values() for purpose in account.consents}
    return part.link.sequence, part.journal_end, purposes


@given(st.integers(0, 18), st.integers(0, 6), st.randoms(use_true_random=False))
def test_a_zombies_records_are_left_out_however_they_mix_with_the_owners(written: int, owned: int, random: object) -> None:
    shared = records(3, Link(0, GENESIS), "sms")
    fork = Link(3, Link().after(shared[-1]).previous)
    first, *owners = records(owned + 1, fork, "sms")
    zombies = records(written, fork, "email")
    mixed = [*shared, first]  # the owner was first: that is what makes the other one a zombie
    while owners or zombies:
        mixed.append((owners if owners and (not zombies or random.random() < 0.5) else zombies).pop(0))  # type: ignore[attr-defined]
    assert recovered(mixed) == (4 + owned, len(mixed), {"sms"})


def test_a_start_between_a_zombies_records_is_no_hole() -> None:
    shared = records(1, Link(0, GENESIS), "sms")
    fork = Link(1, Link().after(shared[-1]).previous)
    owners, zombies = records(2, fork, "sms"), records(4, fork, "email")
    journal = [*shared, owners[0], *zombies[:3], owners[1], zombies[3]]
    behind = Link(0, GENESIS)
    for value in (*shared, *owners):
        behind = behind.after(value)
    assert recovered(journal, (6, f"{behind.sequence}:{behind.previous}"))[:2] == (3, 7)


def test_a_hole_stops_recovery() -> None:
    whole = records(5, Link(0, GENESIS), "sms")
    with pytest.raises(ChainError, match="offset 2: record 3 follows on record 1: records are missing"):
        recovered([*whole[:2], *whole[3:]])
