"""Sealing, opening and erasing, as one process or two see it."""

import pytest
from joserfc.jwk import ECKey

from journal.keys import jwe
from journal.keys.masters import KeyAccessError
from journal.keys.sealer import Sealer, Unopened
from journal.keys.store import SubjectErasedError
from ledger.seal import header_of, identity, why_not
from tests.journal.keys.memory import FIRST, SECOND, Topic, sealer, store

EVENT, FIELD = "payment.initiated.v1", "instrument"
PLAIN = b'{"account_number":"1234567"}'


def test_what_is_sealed_is_opened_in_its_place_alone() -> None:
    here = sealer()
    sealed = here.seal("P-1", EVENT, FIELD, PLAIN)
    assert why_not(sealed, EVENT, FIELD, "P-1") == ""
    assert here.open(sealed, EVENT, FIELD, "P-1") == PLAIN
    assert here.open(sealed, EVENT, FIELD, "P-2") is Unopened.MOVED
    assert here.open(sealed, EVENT, "contact", "P-1") is Unopened.MOVED
    assert here.open(sealed, "consent.changed.v1", FIELD, "P-1") is Unopened.MOVED
    assert here.open("plain", EVENT, FIELD, "P-1") is Unopened.NOT_SEALED
    assert here.open(sealed[:-4] + "AAAA", EVENT, FIELD, "P-1") is Unopened.DAMAGED
    assert sealer().open(sealed, EVENT, FIELD, "P-1") is Unopened.KEY_MISSING


def test_others_seal_to_the_subjects_public_key() -> None:
    here = sealer()
    public = here.public_key("P-1")
    assert public == here.public_key("P-1")
    sealed = jwe.seal_to(ECKey.import_key(dict(public)), public["kid"], f"{EVENT}|{FIELD}|P-1", PLAIN)
    assert why_not(sealed, EVENT, FIELD, "P-1") == ""
    assert here.open(sealed, EVENT, FIELD, "P-1") == PLAIN


def test_an_account_number_is_known_again_and_only_within_one_subject() -> None:
    topic = Topic()
    here = sealer(topic)
    first = identity(here.seal("P-1", EVENT, FIELD, PLAIN))
    here.store.make("P-1")
    again = here.seal("P-1", EVENT, FIELD, PLAIN)
    assert identity(again) == first
    assert identity(here.seal("P-1", EVENT, FIELD, PLAIN + b" ")) != first
    assert identity(here.seal("P-2", EVENT, FIELD, PLAIN)) != first
    assert identity(sealer(topic.compacted()).seal("P-1", EVENT, FIELD, PLAIN)) == first


def test_a_newer_key_seals_and_the_older_still_opens() -> None:
    here = sealer()
    old = here.seal("P-1", EVENT, FIELD, PLAIN)
    newer = here.store.make("P-1")
    new = here.seal("P-1", EVENT, FIELD, PLAIN)
    header = header_of(new)
    assert header is not None
    assert header.kid == newer.kid
    assert {here.open(text, EVENT, FIELD, "P-1") for text in (old, new)} == {PLAIN}


def test_erasure_destroys_every_key_of_the_subject_and_of_no_other() -> None:
    topic = Topic()
    here, there = sealer(topic), sealer(topic)
    mine, theirs = here.seal("P-1", EVENT, FIELD, PLAIN), here.seal("P-2", EVENT, FIELD, PLAIN)
    there.store.catch_up()
    assert there.open(mine, EVENT, FIELD, "P-1") == PLAIN
    erasure = here.store.destroy("P-1", "officer-1", "T-7")
    there.store.catch_up()
    for each in (here, there, sealer(topic), sealer(topic.compacted())):
        assert each.open(mine, EVENT, FIELD, "P-1") is Unopened.ERASED
        assert each.open(theirs, EVENT, FIELD, "P-2") == PLAIN
        with pytest.raises(SubjectErasedError):
            each.seal("P-1", EVENT, FIELD, PLAIN)
        with pytest.raises(SubjectErasedError):
            each.public_key("P-1")
    assert not any(key.startswith(b"key|P-1.") for key, _ in topic.compacted())
    assert here.store.destroy("P-1", "officer-2") == erasure  # a second time changes nothing


def test_a_key_that_was_made_while_the_subject_was_erased_is_a_stray_and_opens_nothing() -> None:
    topic = Topic()
    here, late = sealer(topic), sealer(topic)
    here.store.destroy("P-1", "officer-1")
    sealed = late.seal("P-1", EVENT, FIELD, PLAIN)  # it has not heard yet
    here.store.catch_up()
    late.store.catch_up()
    assert [each.open(sealed, EVENT, FIELD, "P-1") for each in (here, late)] == [Unopened.ERASED] * 2
    assert here.store.standing().strays == 1
    here.store.destroy("P-1", "officer-1")
    assert here.store.standing().strays == 0
    assert not any(key.startswith(b"key|") for key, _ in topic.compacted())


def test_a_crash_between_the_word_and_the_destruction_is_made_good() -> None:
    topic = Topic()
    sealed = sealer(topic).seal("P-1", EVENT, FIELD, PLAIN)
    sealer(topic).store.destroy("P-1", "officer-1")
    cut = Topic(topic[:-1])  # the tombstone was not written
    after = sealer(cut)
    assert after.open(sealed, EVENT, FIELD, "P-1") is Unopened.ERASED
    after.store.destroy("P-1", "officer-1")
    assert not any(key.startswith(b"key|") for key, _ in cut.compacted())


def test_rewrapping_changes_no_sealed_text_and_goes_on_where_it_broke_off() -> None:
    topic = Topic()
    texts = {f"P-{number}": sealer(topic).seal(f"P-{number}", EVENT, FIELD, PLAIN) for number in range(5)}
    both = (("m2", SECOND), ("m1", FIRST))
    assert store(topic, *both).rewrap() == 5
    half = Topic(topic[:8])  # five keys, three of them wrapped anew
    assert store(half, *both).standing().keys == {"m1": 2, "m2": 3}
    opened = Sealer(store(half, *both))
    assert {opened.open(text, EVENT, FIELD, subject) for subject, text in texts.items()} == {PLAIN}
    assert store(half, *both).rewrap() == 2
    new = Sealer(store(half, ("m2", SECOND)))
    assert {new.open(text, EVENT, FIELD, subject) for subject, text in texts.items()} == {PLAIN}
    assert store(half, *both).rewrap() == 0


def test_without_the_right_master_key_there_is_an_error_and_no_plaintext() -> None:
    topic = Topic()
    sealed = sealer(topic).seal("P-1", EVENT, FIELD, PLAIN)
    for masters in ((("m1", SECOND),), (("other", FIRST),)):
        with pytest.raises(KeyAccessError, match="not held here or is not the same"):
            Sealer(store(topic, *masters)).open(sealed, EVENT, FIELD, "P-1")


def test_a_key_that_kafka_did_not_take_seals_nothing() -> None:
    topic = Topic()
    here = sealer(topic)
    topic.write_fails = True
    with pytest.raises(KeyAccessError):
        here.seal("P-1", EVENT, FIELD, PLAIN)
    assert here.store.standing().subjects == 0


def test_what_cannot_be_read_in_the_topic_is_left_alone() -> None:
    topic = Topic([(b"key|P-1.a", b"\xff"), (b"erased|P-2", b"[]"), (b"", b"x"), (b"key|P-3.a", None), (b"\xff", None)])
    assert store(topic).standing().subjects == 0
