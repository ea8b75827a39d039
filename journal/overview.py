"""What is in force in all partitions together, read from the journal: rule books, shadows and what they said, rollout phases."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct, field

from journal.chain import Accepted, Place
from journal.reader import ChainReader, read_to_end
from journal.settings import Settings
from ledger import effects as fx

_MARKS = (b'["policy",', b'["shadow",', b'["shadow-differed",', b'["rollout",')
_KINDS = (fx.PolicyActivated, fx.PolicyShadowed, fx.ShadowDiffered, fx.RolloutChanged)
EXAMPLES_MAX = 10


class Told(NamedTuple):
    """One effect that concerns all of a partition, or a shadow's word; `at_ms` is its event's time."""

    partition: int
    at_ms: int
    effect: fx.AnyEffect


class Activation(Struct, frozen=True):
    """A rule book that came into force in a partition."""

    version: str
    at_ms: int
    activated_by: str


class Differing(Struct):
    """Payments that a shadow would have decided otherwise."""

    payments: int = 0
    cents: int = 0
    examples: list[str] = field(default_factory=list)


class Overview(Struct):
    """Everything by partition, and the texts of all books that were ever activated by version."""

    texts: dict[str, str] = field(default_factory=dict)
    in_force: dict[int, Activation] = field(default_factory=dict)
    """partitions where a book was activated; the others decide by the one that ships"""
    shadows: dict[int, fx.PolicyShadowed] = field(default_factory=dict)
    phases: dict[str, dict[int, str]] = field(default_factory=dict)
    """hospital to partition to phase"""
    differing: dict[int, dict[tuple[str, str, str], Differing]] = field(default_factory=dict)
    """partition to (candidate's version, recorded outcome, candidate's outcome), of the latest shadow there"""

    def take(self, told: Told) -> None:
        """Take in the next effect of a partition."""
        effect = told.effect
        if isinstance(effect, fx.PolicyActivated):
            self.texts[effect.version] = effect.text
            self.in_force[told.partition] = Activation(effect.version, told.at_ms, effect.activated_by)
        elif isinstance(effect, fx.PolicyShadowed):
            self.shadows.pop(told.partition, None)
            if effect.version:
                self.shadows[told.partition] = effect
                self.differing[told.partition] = {}
        elif isinstance(effect, fx.RolloutChanged):
            self.phases.setdefault(effect.hospital_id, {})[told.partition] = effect.phase
        elif isinstance(effect, fx.ShadowDiffered):
            self._differed(self.differing.setdefault(told.partition, {}), effect)

    def together(self) -> dict[tuple[str, str, str], Differing]:
        """What differs, over all partitions."""
        whole: dict[tuple[str, str, str], Differing] = {}
        for found in self.differing.values():
            for key, part in found.items():
                total = whole.setdefault(key, Differing())
                total.payments += part.payments
                total.cents += part.cents
                total.examples = (total.examples + part.examples)[:EXAMPLES_MAX]
        return dict(sorted(whole.items()))

    @staticmethod
    def _differed(into: dict[tuple[str, str, str], Differing], effect: fx.ShadowDiffered) -> None:
        found = into.setdefault((effect.policy, effect.recorded, effect.outcome), Differing())
        found.payments += 1
        found.cents += effect.amount_cents
        if len(found.examples) < EXAMPLES_MAX:
            found.examples.append(effect.transaction_id)


def overview(settings: Settings, progress: Callable[[int, int], None] = lambda _done, _total: None) -> Overview:
    """Read the whole journal; records without any such effect are not even decoded. `progress` is told of records read and in all."""
    found = Overview()
    for told in _told(_records(settings, progress)):
        found.take(told)
    return found


def _records(settings: Settings, progress: Callable[[int, int], None]) -> Iterator[Accepted]:
    numbers = range(settings.partitions)
    with ChainReader(settings) as reader:
        whole = sum(reader.ends(numbers).values())
    for done, accepted in enumerate(read_to_end(settings, {number: Place() for number in numbers}), 1):
        progress(min(done, whole), whole)
        yield accepted


def _told(records: Iterable[Accepted]) -> Iterator[Told]:
    for accepted in records:
        if any(mark in accepted.value for mark in _MARKS):
            for entry in accepted.record().entries:
                yield from (Told(accepted.partition, entry.at_ms, effect) for effect in entry.effects if isinstance(effect, _KINDS))
