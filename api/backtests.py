"""Back-tests: each runs as a process of its own, so that no request waits for it, and tells of its progress line by line."""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from api.models.rules import BacktestAnswer, BacktestReport
from api.problems import Kind, Problem

COMMAND: Final = (sys.executable, "-m", "journal.backtest")
_KEPT: Final = 20
_LINE_BYTES_MAX: Final = 16 * 1024 * 1024
log = logging.getLogger(__name__)


class _Run:
    """One back-test."""

    def __init__(self, version: str) -> None:
        self.id = uuid4().hex
        self.version = version
        self.done = self.total = 0
        self.report: BacktestReport | None = None
        self.process: Process | None = None
        self.ended = False

    def take(self, line: bytes) -> None:
        """One line of the process."""
        said: dict[str, Any] = json.loads(line)
        if "report" in said:
            self.report = BacktestReport.model_validate(said["report"])
            self.done = self.total
        else:
            self.done, self.total = said["done"], said["total"]

    def answer(self) -> BacktestAnswer:
        """How it stands."""
        state = "finished" if self.report else "failed" if self.ended else "running"
        return BacktestAnswer.model_validate(
            {
                "id": self.id,
                "state": state,
                "version": self.version,
                "done": self.done,
                "total": self.total,
                "report": self.report,
            }
        )


class Backtests:
    """One at a time; the latest reports are kept in memory. The process reads its settings from the environment, as this one did."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._runs: OrderedDict[str, _Run] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, text: str, version: str) -> BacktestAnswer:
        """Begin one over a book that is known to compile. Raises Problem (409) while another one runs."""
        if self._tasks:
            raise Problem(Kind.BACKTEST_RUNNING, "One back-test runs at a time; ask again when it has finished.")
        run = _Run(version)
        self._runs[run.id] = run
        if len(self._runs) > _KEPT:
            self._runs.popitem(last=False)
        task = asyncio.get_running_loop().create_task(self._follow(run, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return run.answer()

    def get(self, identity: str) -> BacktestAnswer | None:
        """How a back-test stands; None for one that this process does not know."""
        run = self._runs.get(identity)
        return run.answer() if run else None

    def close(self) -> None:
        """End what runs."""
        for run in self._runs.values():
            if run.process is not None and run.process.returncode is None:
                run.process.kill()

    async def _follow(self, run: _Run, text: str) -> None:
        try:
            run.process = process = await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE, limit=_LINE_BYTES_MAX)
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(text.encode())
            process.stdin.close()
            async for line in process.stdout:
                run.take(line)
            if await process.wait():
                log.warning("a back-test of %s ended with exit code %s", run.version, process.returncode)
        except (OSError, ValueError, KeyError) as error:
            log.warning("a back-test of %s failed: %s", run.version, error)
        finally:
            run.ended = True
