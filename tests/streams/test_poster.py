"""What is in force in a partition survives a restart: by its checkpoint, by replay, and from a checkpoint of an earlier program."""

from datetime import UTC, datetime

import msgspec
import pytest

from journal.settings import Settings
from ledger import events
from ledger.book import Book
from ledger.events import GovernanceEvent
from ledger.record import Entry, encode
from rules.default import default_book_text
from streams.engine.machine import Bad, Position
from streams.poster import POLICY, Poster

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
STRICT = '[book]\nname = "strict"\nversion = 1\n[[rule]]\nname = "all"\nwhen = "amount > 0"\noutcome = "review"\n'
CANDIDATE = STRICT.replace("version = 1", "version = 2")


@pytest.fixture
def poster() -> Poster:
    return Poster(Settings(partitions=1))


def governed(poster: Poster, book: Book) -> list[Entry]:
    """A book activated, a shadow, two hospitals in a phase."""
    envelope = {"id": "e", "source": "/test", "time": NOW, "specversion": "1.0"}
    told: list[GovernanceEvent] = [
        events.PolicyActivated(data=events.PolicyData(version="strict@1", text=STRICT, activated_by="anna"), **envelope),  # type: ignore[arg-type]
        events.PolicyShadowed(data=events.ShadowData(text=CANDIDATE, shadowed_by="anna"), **envelope),  # type: ignore[arg-type]
        events.RolloutChanged(data=events.RolloutData(hospital_id="H1", phase="paused"), **envelope),  # type: ignore[arg-type]
        events.RolloutChanged(data=events.RolloutData(hospital_id="H2", phase="assisted"), **envelope),  # type: ignore[arg-type]
    ]
    entries: list[Entry] = []
    for offset, event in enumerate(told):
        made = poster.apply(book, event, Position(3, offset, 1_772_463_600_000), 0)
        assert not isinstance(made, Bad)
        entries += made
    return entries


def test_a_checkpoint_brings_back_what_was_in_force(poster: Poster) -> None:
    book, again = poster.open(0), poster.open(0)
    entries = governed(poster, book)
    assert {poster.account(entry) for entry in entries} == {POLICY}
    value = poster.snapshot(book, {POLICY})[POLICY]
    assert poster.load(again, POLICY, poster.dump(7, value)) == 7
    assert again.governance == book.governance
    assert again.policy_version == "strict@1"
    assert again.governance.phases == {"H1": "paused", "H2": "assisted"}
    assert set(again.governance.versions) == {"default@1", "strict@1"}


def test_replay_leaves_the_same_behind(poster: Poster) -> None:
    book, again = poster.open(0), poster.open(0)
    for entry in governed(poster, book):
        poster.replay(again, msgspec.json.decode(poster.encode(entry), type=Entry))
    assert again.governance == book.governance
    assert again.policy_version == book.policy_version


def test_a_checkpoint_of_a_text_alone_is_still_read(poster: Poster) -> None:
    book = poster.open(0)
    assert poster.load(book, POLICY, encode((3, STRICT))) == 3
    assert book.policy_version == "strict@1"
    assert not book.governance.phases


def test_a_shadow_that_is_no_longer_understood_keeps_nothing_down(poster: Poster) -> None:
    book = poster.open(0)
    governed(poster, book)
    later = msgspec.structs.replace(book.governance, shadow_text="no longer a book")
    again = poster.open(0)
    poster.load(again, POLICY, poster.dump(1, later))
    assert again.policy_version == "strict@1"
    assert default_book_text() != again.policy_text
