"""Entries, configurations and cuts for the rail's tests."""

from collections.abc import Iterable
from datetime import UTC, datetime

from ach.windows import CutOffs
from sinks.ach.config import Config, sandbox
from sinks.ach.drafting import PARTS_MAX, Asked, Draft, draft, heartbeat
from sinks.ach.due import Due
from sinks.ach.filecut import FileCut, decode, encode
from sinks.ach.instrument import Opener, keyless
from sinks.ach.making import make
from sinks.ach.state import RailState
from sinks.ach.waiting import Waiting

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""10:00 in New York, a banking day"""


def due(
    number: int,
    *,
    partition: int = 0,
    hospital: str = "H01",
    side: str = "debit",
    cents: int = 0,
    sec: str = "",
    description: str = "REPAYMENT",
) -> Due:
    """An entry; everything follows from its number unless it is given."""
    return Due(
        partition,
        number,
        f"acct-{number}",
        f"tx-{partition}-{number}",
        1,
        side,
        cents or 10_000 + number,
        sec or ("WEB" if side == "debit" else "PPD"),
        description,
        hospital,
        "",
        "",
    )


class Rail:
    """State, waiting entries and configuration, without Kafka: a cut is folded at once."""

    def __init__(self, config: Config | None = None, unseal: Opener = keyless, parts_max: int = PARTS_MAX) -> None:
        self.config = config or sandbox()
        self.unseal = unseal
        self.parts_max = parts_max
        self.state = RailState()
        self.waiting = Waiting()

    def wait(self, dues: Iterable[Due]) -> None:
        """These are read from the topic."""
        for found in dues:
            self.waiting.add(found)

    def draft(self, hospitals: set[str], *, now: datetime = MONDAY, bank: str = "sandbox", sandboxed: bool = True) -> Draft | None:
        """What a cut would be."""
        asked = Asked(bank, hospitals, CutOffs(), "request", now, now)
        heard = {0: 100, 1: 100}
        return draft(self.config, self.state, self.waiting, asked, heard, sandbox=sandboxed, unseal=self.unseal, parts_max=self.parts_max)

    def cut(self, hospitals: set[str], *, now: datetime = MONDAY, bank: str = "sandbox", sandboxed: bool = True) -> Draft:
        """A cut, folded and taken."""
        found = self.draft(hospitals, now=now, bank=bank, sandboxed=sandboxed)
        assert found is not None
        assert self.state.apply(found.event, encode(found.event))
        self.waiting.take(found.dues)
        return found

    def beat(self, *, now: datetime = MONDAY) -> Draft:
        """A cut-off with nothing to send, folded."""
        asked = Asked("sandbox", set(), CutOffs(), "next day", now, now)
        found = heartbeat(self.config, self.state, asked, {0: 100, 1: 100}, sandbox=True)
        assert self.state.apply(found.event, encode(found.event))
        return found

    def made_again(self, sent: Draft) -> tuple[bytes, ...]:
        """The files of a cut from its event as it comes back from the wire."""
        event = decode(encode(sent.event))
        assert isinstance(event, FileCut)
        return make(event.data.number, event.data.terms, sent.dues, self.unseal).files
