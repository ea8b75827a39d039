"""The engine on a real broker with real workers: restarts, kills, two workers, recovery, and the limit of dead letters."""

import json
import time
from collections.abc import Iterator
from itertools import count

import msgspec
import pytest

from journal import topics
from journal.failpoint import EXIT_CODE
from journal.partitioner import partition_of
from ledger import effects as fx
from ledger.book import Book
from streams.engine.recovery import Reader, recover
from streams.poster import Poster
from tests.live.asking import accounts_of, answer, ask, each_once, now_text
from tests.live.worker_world import PARTITIONS, Placed, World, world

pytestmark = pytest.mark.live
RECORD_BYTES = 10_000


@pytest.fixture(scope="module")
def live() -> Iterator[World]:
    with world(record_bytes_max=RECORD_BYTES) as made:
        made.start()
        yield made


def rebuilt(live: World, partition: int, poster: Poster) -> Book:
    """What a worker would rebuild now, from checkpoints and the journal's tail."""
    with Reader(live.settings, "test") as reader:
        book: Book = recover(live.settings, poster, reader, partition, None, lambda: None).log.state
    return book


def replayed(found: list[Placed], partition: int, poster: Poster) -> Book:
    """The fold of the whole journal."""
    book = poster.open(partition)
    for placed in found:
        if placed.partition == partition:
            poster.replay(book, placed.entry)
    return book


def test_public_topics_are_the_journals_effects_once_each(live: World) -> None:
    found = live.until_journalled(live.send_all([ask(account, "T1") for account in accounts_of("public", 20)]))
    wanted: dict[str, list[str]] = {}
    poster = Poster(live.settings)
    for placed in found:
        for output in poster.outputs(placed.partition, topics.INPUTS, [placed.entry]):
            if output.topic in topics.PUBLIC:
                wanted.setdefault(output.topic, []).append(json.loads(output.value)["id"])
    assert {topics.DECISIONS, topics.ENTRIES} <= wanted.keys()
    for topic, identities in wanted.items():
        live.until_published(len(identities), topic, lambda _: True)
        assert sorted(event["id"] for event in live.events(topic)) == sorted(identities)


def test_a_worker_that_is_stopped_or_killed_goes_on_where_the_journal_stands(live: World) -> None:
    first = live.send_all([ask(account, "T1") for account in accounts_of("restart", 30)])
    live.until_journalled(first[:1])
    assert live.stop() == 0
    second = live.send_all([ask(account, "T1") for account in accounts_of("restart", 30)])
    live.start()
    live.until_journalled(second[:5])
    live.kill()
    third = live.send_all([ask(account, "T2") for account in accounts_of("restart", 30)])
    live.start()
    found = live.until_journalled([*first, *second, *third])
    each_once(found)
    again = [answer(found, position) for position in second]
    assert all(isinstance(effect, fx.Refused) and effect.reason == "DUPLICATE" for effect in again)


def test_recovery_from_checkpoints_and_tail_equals_a_replay_of_the_whole_journal(live: World) -> None:
    live.until_journalled(live.send_all([ask(account, "T1") for account in accounts_of("recovery", 40)]))
    more = count()

    def written() -> bool:
        """A checkpoint goes out with a record, once the last is old enough."""
        live.until_journalled(live.send_all([ask(accounts_of("recovery", 1)[0], f"M{next(more)}")]))
        return bool(live.messages(topics.ACCOUNTS))

    live.until(written, "no checkpoint was written")
    found = live.until_journalled(live.send_all([ask(account, "T2") for account in accounts_of("recovery", 40)]))
    poster = Poster(live.settings)
    for partition in range(PARTITIONS):
        one, other = rebuilt(live, partition, poster), replayed(found, partition, poster)
        assert one.accounts.keys() == other.accounts.keys()
        assert all(msgspec.json.encode(one.accounts[name]) == msgspec.json.encode(other.accounts[name]) for name in one.accounts)
        assert one.governance == other.governance


def test_a_tick_over_many_accounts_survives_a_kill_in_its_middle(live: World) -> None:
    """Records of 10 kB: the tick needs many. The worker dies twice before a record, and the next one ends what it began."""
    names = [name for name in accounts_of("tick", 600) if partition_of(name.encode(), PARTITIONS) == 0][:250]
    long_ago = now_text(-20 * 86_400)
    live.until_journalled(live.send_all([ask(account, "T1", time_text=long_ago) for account in names]))
    live.kill()
    (tick,) = live.tick(int(time.time() * 1000) - 10 * 86_400_000, [0])
    for skip in (3, 2):
        live.start(failpoint=f"before-journal:{skip}")
        assert live.died() == EXIT_CODE
    live.start()

    def finished() -> bool:
        return sum(placed.position == tick for placed in live.entries()) >= len(names)

    live.until(finished, "the tick is not finished")
    found = live.entries()
    each_once(found)
    ticked = [placed.entry for placed in found if placed.position == tick]
    mine = [entry for entry in ticked if entry.account in set(names)]
    assert sorted(entry.account for entry in mine) == sorted(names)
    assert all(isinstance(entry.effects[0], fx.Moved) and entry.effects[0].code == "hold_expired" for entry in mine)


def test_two_workers_share_the_partitions_and_one_takes_over_what_the_other_leaves(live: World) -> None:
    live.start(1)
    live.until(lambda: {live.assigned(0)[:3], live.assigned(1)[:3]} == {"[0]", "[1]"}, "the two do not share")
    names = accounts_of("two", 40)
    live.until_journalled(live.send_all([ask(account, "T1") for account in names]))
    assert live.stop(1) == 0
    del live.workers[1]
    found = live.until_journalled(live.send_all([ask(account, "T2") for account in names]))
    each_once(found)
    assert live.assigned(0).startswith("[0, 1]")


def test_too_many_dead_letters_stop_the_worker_for_they_mean_bad_code(live: World) -> None:
    live.stop()
    live.start(dead_letter_limit=20)
    live.send_all([(topics.PAYMENTS, b"CR-1", b"poison", 0)] * 21)
    assert live.died() == 70
    assert "this is bad code" in live.log().read_text()
    live.start()
    found = live.until_journalled(live.send_all([ask("CR-after", "T1")]))
    each_once(found)
