"""One run: a seed decides what happens next, accident or not, until the load is told; then everything heals and comes to rest."""

from collections.abc import Callable
from functools import partial
from itertools import islice
from random import Random
from typing import NamedTuple

from bench.chaos.load import load
from bench.chaos.stories import Sent
from bench.sim import sink as sinks
from bench.sim import worker as workers
from bench.sim.broker import Broker
from bench.sim.clock import Clock
from bench.sim.death import DiedError, StuckError
from bench.sim.sink import Sink
from bench.sim.tables import Tables
from bench.sim.worker import Worker
from journal.settings import Settings
from journal.topics import INPUTS
from streams.poster import Poster

PARTITIONS = 3
_WORKERS = 2
_EVENTS = (12, 50)
_ACCOUNTS = (2, 6)
_QUIET_ROUNDS = 12
"""rounds of a second without anything: longer than a sink's patience and pauses"""
_ROUNDS_MAX = 400
_ODDS = {"lost ack": 0.01, "lost commit": 0.015, "killed": 0.004, "insert": 0.03}
_Step = Callable[[], str]


class Tried(NamedTuple):
    """A run that has come to its end: what happened, step by step, and why it found no rest, if so."""

    seed: int
    steps: tuple[str, ...]
    deaths: int
    restless: str


class World:
    """Two workers, one or two sinks, a broker and the tables, at the mercy of a random number generator."""

    def __init__(self, seed: int, machine: Poster, settings: Settings) -> None:
        self.rng = Random(seed)
        self.clock = Clock()
        self.broker = Broker(self.clock, PARTITIONS)
        self.tables = Tables(lambda ways: self.rng.choice(ways) if self.mishap("insert") else "")
        self.deaths = 0
        self._seed = seed
        self._steps: list[str] = []
        self._rough = True
        self._happened = False
        options = {
            "fetch_events": self.rng.choice((2, 5, 12)),
            "record_bytes_max": self.rng.choice((1_200, 4_000, 20_000)),
            "checkpoint_interval_ms": self.rng.choice((0, 400, 100_000)),
            "partitions": PARTITIONS,
        }
        own = settings.model_copy(update=options)
        self._workers = [Worker(self, own, machine, index) for index in range(_WORKERS)]
        self._sinks = [Sink(own, self.broker, self.tables, self.clock, self.rng, index) for index in range(self.rng.randint(1, 2))]
        self._load = list(islice(load(seed, self.rng.randint(*_ACCOUNTS), PARTITIONS), self.rng.randint(*_EVENTS)))
        self._load.reverse()

    def run(self) -> Tried:
        """From the first message to rest."""
        restless = ""
        try:
            while self._load:
                self._one()
            for _ in range(self.rng.randint(10, 60)):
                self._one()
            self._rough = False
            restless = self._settle()
        except StuckError as error:
            restless = str(error)
        return Tried(self._seed, tuple(self._steps), self.deaths, restless)

    def mishap(self, of: str) -> bool:
        """Whether it goes wrong now; never any more once everything heals."""
        wrong = self._rough and self.rng.random() < _ODDS[of]
        if wrong:
            self._tell(of)
        return wrong

    def meanwhile(self) -> None:
        """While one waits, now and then others do something."""
        if self._rough and self.rng.random() < 0.2:
            self._one()

    # -- what may happen ------------------------------------------------------------------------------------------

    def _one(self) -> None:
        """One step, drawn by weight among those that are possible."""
        steps = [*self._steps_of_world(), *(step for each in self._workers for step in self._steps_of_worker(each))]
        steps += [step for each in self._sinks for step in self._steps_of_sink(each)]
        [(step, _)] = self.rng.choices(steps, [weight for _, weight in steps])
        at = len(self._steps)
        self._steps.append("")
        self._steps[at] = step()

    def _steps_of_world(self) -> list[tuple[_Step, float]]:
        found: list[tuple[_Step, float]] = [(self._advance, 2)]
        if self._load:
            found.append((self._feed, 3))
        if self.tables.late:
            found.append((self._land, 1))
        found += [(partial(self._expire, name), 0.03) for name in self.broker.open_transactions()]
        found += [(partial(self._share_anew, name), 0.1) for name in sorted({process.group for process in self._processes()})]
        return found

    def _steps_of_worker(self, worker: Worker) -> list[tuple[_Step, float]]:
        if worker.busy:
            return []
        if not worker.alive:
            return [(lambda: self._start(worker), 1), (lambda: self._expel(worker), 0.1)]
        on_the_way: list[tuple[_Step, float]] = (
            [(lambda: self._act(worker, "message arrives", worker.deliver), 0.6)] if any(worker.wire.values()) else []
        )
        if worker.frozen:
            return [(lambda: self._thaw(worker), 0.4), (lambda: self._expel(worker), 0.8), *on_the_way]
        found: list[tuple[_Step, float]] = [
            (lambda: self._act(worker, "turn", worker.turn), 6.0),
            (lambda: self._act(worker, "tick", worker.send_ticks), 0.4),
            (lambda: self._freeze(worker), 0.8 if on_the_way else 0.15),
            (lambda: self._act(worker, "killed", _killed), 0.2),
            *on_the_way,
            *((partial(self._act, worker, what, step), 5.0) for what, step in worker.steps()),
        ]
        if worker.batches.queue.qsize():
            found.append((lambda: self._act(worker, "loses its batches", worker.lose_batches), 1.0))
        return found

    def _steps_of_sink(self, sink: Sink) -> list[tuple[_Step, float]]:
        if not sink.alive:
            return [(lambda: self._start(sink), 1), (lambda: self._expel(sink), 0.1)]
        if sink.frozen:
            return [(lambda: self._thaw(sink), 0.5), (lambda: self._expel(sink), 0.3)]
        return [
            (lambda: self._act(sink, "turn", sink.turn), 3),
            (lambda: self._freeze(sink), 0.1),
            (lambda: self._act(sink, "killed", _killed), 0.1),
        ]

    def _feed(self) -> str:
        told = [self._load.pop() for _ in range(min(len(self._load), self.rng.randint(1, 5)))]
        for sent in told:
            self._send(sent)
            if self.rng.random() < 0.04:  # a producer that heard nothing sends again
                self._send(sent)
        return f"{len(told)} messages come in"

    def _send(self, sent: Sent) -> None:
        number = sent.partition if sent.partition >= 0 else self._partition(sent.key)
        self.broker.append((sent.topic, number), sent.key, sent.value)
        if self.rng.random() < 0.02:  # a producer with transactions leaves marks in the log
            name = f"credit-{self.rng.random()}"
            transaction = self.broker.begin(name, self.broker.fence(name))
            self.broker.append((sent.topic, number), sent.key, sent.value, (), transaction)
            self.broker.expire(name)

    def _partition(self, key: bytes | None) -> int:
        return self.rng.randrange(PARTITIONS) if key is None else self.broker.partition(key)

    def _advance(self) -> str:
        ms = self.rng.choice((1, 20, 300, 1_500, 12_000))
        self.clock.advance(ms)
        return f"{ms} ms pass"

    def _land(self) -> str:
        part, token = self.tables.late.pop(self.rng.randrange(len(self.tables.late)))
        self.tables.take(part, token)
        return f"a late insert arrives: {part.table} {token}"

    def _expire(self, name: str) -> str:
        self.broker.expire(name)
        return f"the transaction of {name} is aborted"

    def _share_anew(self, name: str) -> str:
        """The group's coordinator has moved, with a broker that was lost: everybody joins again, and as a rule has what he had."""
        self.broker.group(name).rebalance()
        return f"the group {name} shares anew"

    def _start(self, process: Worker | Sink) -> str:
        points = workers.FAILPOINTS if isinstance(process, Worker) else sinks.FAILPOINTS
        hit = self._rough and self.rng.random() < 0.35
        process.failpoint = f"{self.rng.choice(points)}:{self.rng.randrange(4)}" if hit else ""
        return f"{self._act(process, 'starts', process.start)} {process.failpoint}"

    def _freeze(self, process: Worker | Sink) -> str:
        process.frozen = True
        return f"{process.name} freezes"

    def _thaw(self, process: Worker | Sink) -> str:
        process.frozen = False
        return f"{process.name} goes on"

    def _expel(self, process: Worker | Sink) -> str:
        """Its session ends; and the transaction that it may have open soon after."""
        group = self.broker.group(process.group)
        if process.instance not in group.members:
            return f"{process.name} is no member"
        group.expel(process.instance)
        return f"{process.name} is expelled"

    def _act(self, process: Worker | Sink, what: str, step: Callable[[], object]) -> str:
        """Let a process do something; it may die of it."""
        before = getattr(process, "busy", False)
        process.busy = True
        try:
            result = step()
        except StuckError:
            raise
        except (DiedError, Exception) as error:  # noqa: BLE001 - whatever a process raises ends it
            self._bury(process)
            return f"{process.name} {what}: dies of {error if isinstance(error, DiedError) else repr(error)}"
        finally:
            process.busy = before
        self._happened = self._happened or bool(result) or what in _DEEDS
        return f"{process.name} {what}"

    def _bury(self, process: Worker | Sink) -> None:
        """On its way may be what still arrives: messages of a dead process that the network has already."""
        self.deaths += 1
        self._happened = True
        if isinstance(process, Worker):
            while any(process.wire.values()) and self.rng.random() < 0.5:
                process.deliver()
            process.die()
        else:
            process.alive = False

    # -- rest -----------------------------------------------------------------------------------------------------

    def _settle(self) -> str:
        """Heal everything and let it work until nothing happens any more; a sentence when that never comes."""
        while self.tables.late:
            self._land()
        self._say_again()
        quiet = 0
        for _ in range(_ROUNDS_MAX):
            self._happened = False
            for process in self._processes():
                process.frozen = False
                told = self._start(process) if not process.alive else self._act(process, "turn", process.turn)
                if "dies" in told:
                    self._tell(told)
            for worker in self._workers:
                while worker.alive and (steps := worker.steps()):
                    self._act(worker, *steps[0])
                    self._happened = True
            self.clock.advance(1_000)
            quiet = 0 if self._happened else quiet + 1
            if quiet == _QUIET_ROUNDS:
                return ""
        return f"no rest after {_ROUNDS_MAX} rounds, {self.deaths} deaths"

    def _say_again(self) -> None:
        """The last message of every partition comes once more: that something was lost shows in what follows on it."""
        for topic in INPUTS:
            for number in range(PARTITIONS):
                said = [stored for stored in self.broker.log((topic, number)) if stored.committed]
                if said:
                    self.broker.append((topic, number), said[-1].key, said[-1].value, said[-1].headers)

    def _processes(self) -> list[Worker | Sink]:
        return [*self._workers, *self._sinks]

    def _tell(self, what: str) -> None:
        self._steps.append(what)


_DEEDS = frozenset({"starts", "message arrives"})


def _killed() -> None:
    raise DiedError("kill -9")
