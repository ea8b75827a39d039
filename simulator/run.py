"""`python -m simulator.run`: a simulated CREDIT and bank on the Kafka of the settings (`HMS_…`), until SIGTERM."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import islice, takewhile
from typing import Annotated

import msgspec
import typer
from confluent_kafka import KafkaException
from pydantic import ValidationError

from journal import topics
from journal.settings import Settings
from simulator import hours, state
from simulator.bank import Span
from simulator.feed import Feed, FeedFailedError
from simulator.live import Simulation, begin
from simulator.message import Message
from simulator.noise import QUIET, USUAL
from simulator.open_loop import open_loop
from simulator.pace import Pace
from simulator.schedule import use_cases
from simulator.sender import Sender, SendFailedError
from simulator.standalone import clocked, events
from simulator.world import World

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
Stopped = Callable[[], bool]


class Codec(StrEnum):
    """Kafka's compression codecs."""

    NONE = "none"
    GZIP = "gzip"
    SNAPPY = "snappy"
    LZ4 = "lz4"
    ZSTD = "zstd"


def simulate(
    seed: Annotated[int, typer.Option(help="Decides everything but the timestamps of real time.")] = 1,
    accounts: Annotated[int, typer.Option(min=1, help="Patients with an account.")] = 2000,
    months: Annotated[int, typer.Option(min=1, max=24, help="Months of history before now.")] = 4,
    rate: Annotated[float, typer.Option(min=0.1, help="Events a second: in real time, or of the open loop with --standalone.")] = 20.0,
    history_seconds: Annotated[float, typer.Option(min=1, help="How long the history takes to be told.")] = 90.0,
    at_most: Annotated[bool, typer.Option("--max", help="No pace: as fast as Kafka and the ledger keep up.")] = False,
    live: Annotated[bool, typer.Option("--live/--standalone", help="Listen to the ledger, or tell the bank's side unasked.")] = True,
    total: Annotated[int, typer.Option("--events", min=0, help="Stop after about so many events; 0: never.")] = 0,
    codec: Annotated[Codec, typer.Option(help="Compression of the messages.")] = Codec.LZ4,
    noise: Annotated[bool, typer.Option("--noise/--no-noise", help="Late, repeated, contradicting and broken messages.")] = True,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day, instead of --months ago.")] = None,
) -> None:
    """Simulate CREDIT and a bank."""
    stopped = _until_signal()
    now_ms = time.time_ns() // 1_000_000
    first = start.date() if start else hours.months_before(hours.day_of(now_ms), months)
    span = Span(hours.instant(first, 0), now_ms)
    rates = USUAL if noise else QUIET
    try:
        settings = Settings()
        topics.apply(settings)
        sender = Sender(settings, codec)
        if live:
            factor = 0.0 if at_most else (now_ms - span.start_ms) / 1000 / history_seconds
            known = state.load(settings.data_dir)
            position = state.same(known, seed, accounts, months) if known else begin(seed, accounts, months, span.start_ms, now_ms)
            _announce(position)
            feed = Feed(settings, position.offsets)
            try:
                Simulation(position, settings, sender, feed, Pace(factor), rate, rates, typer.echo).run(stopped, total)
            finally:
                feed.close()
        else:
            messages = clocked(events(World(seed, accounts, span), rates), span, settings.partitions)
            _tell_all(sender, islice(messages, total or None), 0.0 if at_most else rate, stopped)
    except (state.OtherSimulationError, SendFailedError, FeedFailedError) as error:
        raise _failure(str(error)) from None
    except KafkaException as error:
        raise _failure(f"Kafka does not serve the simulation: {error}") from None
    except ValidationError as error:
        raise _failure(f"Settings: {error}") from None
    except msgspec.MsgspecError as error:
        raise _failure(f"{state.FILE} or the ledger's events cannot be read: {error}") from None


def _until_signal() -> Stopped:
    stop = threading.Event()
    for number in STOP_SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    return stop.is_set


def _announce(position: state.State) -> None:
    for case in use_cases(World(position.seed, position.accounts, Span(position.start_ms, position.live_from_ms))):
        payments = ", ".join(f"{name} {transaction}" for name, transaction in case.transactions.items())
        typer.echo(f"Use case {case.mission} ({case.name}): account {case.account}; {payments}")


def _tell_all(sender: Sender, messages: Iterator[Message], rate: float, stopped: Stopped) -> None:
    """Send everything, at a rate in an open loop, or as fast as Kafka takes it when the rate is 0."""
    wanted = takewhile(lambda _: not stopped(), messages)
    if rate:
        typer.echo(f"{open_loop(wanted, rate, sender.send)}")
    else:
        began, count = time.monotonic(), 0
        for message in wanted:
            sender.send(message)
            count += 1
        sender.flush()
        seconds = time.monotonic() - began
        typer.echo(f"{count} messages in {seconds:.1f} s")
    sender.flush()


def _failure(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(1)


def main() -> None:
    """Entry point."""
    typer.run(simulate)


if __name__ == "__main__":
    main()
