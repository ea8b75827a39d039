"""The bank sandbox on files: takes what lies in the outbox, checks it as a bank would, settles it, sends returns and notices.

`python -m simulator.bank_files` on the data folder of the settings. Its state is one JSON file beside the files it has taken, so it
may be stopped and started; what it has said it does not say again.
"""

import signal
import threading
import time as wall
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import typer
from msgspec import Struct

from ach.builder import Route
from ach.calendar import add_banking_days, roll_forward
from ach.problems import Problem
from ach.reader import read
from ach.records import BatchHeader, Entry
from ach.returning import Answer, answer_file
from ach.transaction_codes import TRANSACTION_CODES, Use
from ach.validator import preflight_heartbeat
from ach.writer import write
from ach.zone import NEW_YORK
from journal.settings import Settings
from ledger.money import money
from simulator.bank_patterns import Pattern, answer_of, correction_of
from sinks.ach.clock import utc_now
from sinks.ach.folders import Folders, move, place
from sinks.ach.inbox import Acknowledgement
from sinks.ach.kinds import ACKNOWLEDGED, NACHA, SETTLED

ROUTE = Route(
    immediate_destination="091000019",
    immediate_origin="091000019",
    immediate_destination_name="HMS ACH",
    immediate_origin_name="SANDBOX BANK",
)
SETTLES_AT, RETURNS_AT = time(8, 30), time(9, 0)
STATE = "state.json"
LOOK_SECONDS = 0.5
FAST_DAY_SECONDS = 2.0
_MODIFIERS = 36
_SEQUENCES = 9_000_000


class Planned(Struct, frozen=True):
    """Something the bank will say of the entries of a file: `code` is empty for the settlement."""

    file: str
    day: date
    code: str
    traces: tuple[str, ...]
    disputes: str = ""
    """code of the return that is dishonored, or whose dishonor is contested"""


class State(Struct):
    """What the bank remembers."""

    taken: dict[str, str] = {}
    """hash of a file to the name it was taken under"""
    planned: list[Planned] = []
    files_sent: int = 0
    sequence: int = 1


class Step(Struct, frozen=True):
    """What one look at the folders led to."""

    taken: int = 0
    rejected: int = 0
    settled: int = 0
    returned: int = 0
    notices: int = 0


class SandboxBank:
    """One bank on one data folder.

    `day_seconds` 0: things happen on the banking days they belong to. Else a banking day lasts so many seconds from when a file is
    taken; the dates in the bank's files stay those of the calendar.
    """

    def __init__(
        self, data_dir: Path, clock: Callable[[], datetime], patterns: tuple[Pattern, ...] = (), *, day_seconds: float = 0.0
    ) -> None:
        self._folders = Folders(data_dir)
        self._folders.prepare()
        self._home = self._folders.root / "bank"
        self._home.mkdir(exist_ok=True, mode=0o700)
        self._clock = clock
        self._patterns = patterns
        self._day_seconds = day_seconds
        self._state = self._load()
        self._taken_at: dict[str, datetime] = {}

    def step(self) -> Step:
        """Take what is in the outbox, and say what is due."""
        taken = rejected = 0
        for path in sorted(self._folders.outbox.glob(f"*{NACHA}")):
            if self._take(path):
                taken += 1
            else:
                rejected += 1
        settled = self._settle()
        returned, notices = self._answer()
        self._save()
        return Step(taken, rejected, settled, returned, notices)

    def idle(self) -> bool:
        """Whether the bank has nothing more to say of what it has taken."""
        return not self._state.planned

    def _take(self, path: Path) -> bool:
        """Take a file, whether or not it is any good; a bank rejects whole files."""
        content = path.read_bytes()
        digest = sha256(content).hexdigest()
        again = digest in self._state.taken
        problems = () if again else preflight_heartbeat(content)
        self._acknowledge(path.name, digest, problems, "taken before" if again else "")
        name = move(path, self._home, path.name).name
        if again or problems:
            return not problems
        self._state.taken[digest] = name
        self._taken_at[name] = self._clock()
        self._state.planned += self._plan(name, content)
        return True

    def _acknowledge(self, name: str, digest: str, problems: tuple[Problem, ...], note: str) -> None:
        reason = "; ".join(f"line {problem.line}: {problem.rule}" for problem in problems[:5]) or note
        said = Acknowledgement(file=name, sha256=digest, accepted=not problems, reason=reason)
        self._place(f"{name}.{self._next_file()}{ACKNOWLEDGED}", msgspec.json.encode(said))

    def _plan(self, name: str, content: bytes) -> Iterator[Planned]:
        """Settlement on the effective date, and what the patterns say after it, a few banking days later."""
        settles: dict[date, list[str]] = {}
        answers: dict[tuple[date, str, str], list[str]] = {}
        for header, entry in _entries(content):
            day = roll_forward(datetime.strptime(header.effective_entry_date, "%y%m%d").date())  # noqa: DTZ007 - a date alone
            if TRANSACTION_CODES[entry.transaction_code].use is Use.LIVE:
                settles.setdefault(day, []).append(entry.trace_number)
            answer = answer_of(entry, self._patterns)
            if answer is not None:
                back = add_banking_days(day, answer.after_banking_days)
                answers.setdefault((back, answer.code, ""), []).append(entry.trace_number)
                for later, code in enumerate(answer.then, 1):
                    answers.setdefault((add_banking_days(back, later), code, answer.code), []).append(entry.trace_number)
        for day, traces in sorted(settles.items()):
            yield Planned(name, day, "", tuple(traces))
        for (day, code, disputes), traces in sorted(answers.items()):
            yield Planned(name, day, code, tuple(traces), disputes)

    def _is_due(self, planned: Planned) -> bool:
        now = self._clock()
        if not self._day_seconds:
            return now >= datetime.combine(planned.day, RETURNS_AT if planned.code else SETTLES_AT, NEW_YORK)
        since = self._taken_at.setdefault(planned.file, now)
        return now >= since + timedelta(seconds=self._day_seconds * (2 if planned.code else 1))

    def _settle(self) -> int:
        """Reports of what settled: one for each file of ours and day."""
        count = 0
        for planned in [found for found in self._state.planned if not found.code and self._is_due(found)]:
            wanted = set(planned.traces)
            rows = [
                f"{entry.trace_number},{money(entry.amount_cents)},{planned.day.isoformat()}"
                for _, entry in _entries((self._home / planned.file).read_bytes())
                if entry.trace_number in wanted
            ]
            text = "\n".join(["trace_number,amount,settlement_date", *rows, ""])
            self._place(f"{Path(planned.file).stem}.{planned.day:%Y%m%d}{SETTLED}", text.encode())
            self._state.planned.remove(planned)
            count += len(rows)
        return count

    def _answer(self) -> tuple[int, int]:
        """Return files: one for each banking day. Number of returns and of notices."""
        due = [found for found in self._state.planned if found.code and self._is_due(found)]
        returns = notices = 0
        for day in sorted({found.day for found in due}):
            answers = [answer for found in due if found.day == day for answer in self._answers(found)]
            number = self._next_file()
            made = answer_file(
                ROUTE, answers, created=self._clock(), settles=day, file_of_day=number % _MODIFIERS, sequence=self._state.sequence
            )
            self._state.sequence = made.next_sequence % _SEQUENCES or 1
            self._place(f"returns-{day:%Y%m%d}-{number:06d}{NACHA}", write(made.file))
            notices += sum(answer.code.startswith("C") for answer in answers)
            returns += sum(answer.code.startswith("R") for answer in answers)
        self._state.planned = [found for found in self._state.planned if found not in due]
        return returns, notices

    def _answers(self, planned: Planned) -> Iterator[Answer]:
        wanted = set(planned.traces)
        for header, entry in _entries((self._home / planned.file).read_bytes()):
            if entry.trace_number in wanted:
                correction = correction_of(planned.code, entry) if planned.code.startswith("C") else None
                yield Answer(header=header, entry=entry, code=planned.code, correction=correction, disputes=planned.disputes)

    def _next_file(self) -> int:
        self._state.files_sent += 1
        self._save()  # a number is never used again, whatever happens next
        return self._state.files_sent

    def _place(self, name: str, content: bytes) -> None:
        place(self._folders.inbox / name, content)

    def _load(self) -> State:
        path = self._home / STATE
        return msgspec.json.decode(path.read_bytes(), type=State) if path.exists() else State()

    def _save(self) -> None:
        part = self._home / f".{STATE}"
        part.write_bytes(msgspec.json.encode(self._state))
        part.replace(self._home / STATE)


def _entries(content: bytes) -> Iterable[tuple[BatchHeader, Entry]]:
    for batch in read(content).file.batches:
        if isinstance(batch.header, BatchHeader):
            yield from ((batch.header, entry) for entry in batch.entries if isinstance(entry, Entry))


def run(bank: SandboxBank, stopped: Callable[[], bool], tell: Callable[[str], None], *, once: bool = False) -> None:
    """Look at the folders every half second until stopped, or `once`; one line whenever something happened."""
    while not stopped():
        done = bank.step()
        if any(msgspec.structs.astuple(done)):
            tell(", ".join(f"{count} {name}" for name, count in msgspec.structs.asdict(done).items() if count))
        if once:
            return
        wall.sleep(LOOK_SECONDS)


def main() -> None:
    """`python -m simulator.bank_files`, until SIGTERM; a banking day lasts two seconds."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings = Settings()
    run(SandboxBank(settings.data_dir, utc_now, day_seconds=FAST_DAY_SECONDS), stop.is_set, typer.echo)


if __name__ == "__main__":
    main()
