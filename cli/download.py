"""The progress bar of the first download of Kafka's jars."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from cli.stack import jars


@contextlib.contextmanager
def download_bar(cache: Path) -> Iterator[jars.Advance]:
    """A function that advances a bar by bytes; the bar is on standard error, and only there when something is missing."""
    total = sum(jar.size_bytes for jar in jars.missing(jars.folder_in(cache), jars.locked_jars()))
    if total == 0:
        yield lambda _bytes: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("Kafka's jars, once"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True))
    task = bar.add_task("download", total=total)

    def advance(count: int) -> None:
        bar.advance(task, count)
        if bar.finished:
            bar.stop()

    bar.start()
    try:
        yield advance
    finally:
        if not bar.finished:
            bar.stop()
