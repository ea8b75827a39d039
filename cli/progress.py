"""A bar for work whose end is known."""

import contextlib
from collections.abc import Callable, Iterator

Advance = Callable[[int, int], None]
"""Told how much is done, and how much there is."""


@contextlib.contextmanager
def bar(title: str, *, quiet: bool = False) -> Iterator[Advance]:
    """A function to tell of progress; the bar is on standard error, and gone when the work is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as progress:
        task = progress.add_task(title, total=None)

        def advance(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield advance
