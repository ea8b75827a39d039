"""`hms-ach bank`: the ACH rail by hand: cut files, read files of the bank, look into them, follow a payment, and play the bank."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.commands import nacha
from cli.errors import UserError
from cli.output import JsonOption, counted, print_json, print_table, tell

if TYPE_CHECKING:
    from sinks.ach.lineage import Lineage, SentEntry

SECONDS_MAX = 120.0
bank = typer.Typer(no_args_is_help=True, help="The ACH rail: send, receive and look into Nacha files.")

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (HMS_DATA_DIR).")]


def register(app: typer.Typer) -> None:
    """Add `bank`."""
    nacha.register(bank)
    app.add_typer(bank, name="bank")


@bank.command()
def send(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Cut everything that waits into files now, without waiting for the cut-off. The rail must run (HMS_ACH_FILES)."""
    import msgspec

    from cli.environment import reachable_settings
    from cli.rail import cut_now

    cuts = cut_now(reachable_settings(data_dir=data), SECONDS_MAX)
    if as_json:
        print_json({"cuts": [msgspec.to_builtins(cut) for cut in cuts]})
        return
    if not cuts:
        tell("Nothing waited.")
    rows = [
        (made.name, made.entries, f"{made.debit_cents / 100:,.2f}", f"{made.credit_cents / 100:,.2f}") for cut in cuts for made in cut.files
    ]
    if rows:
        print_table("Files in the outbox", ("file", "entries", "debits", "credits"), rows)
    for cut in cuts:
        for partition, offset, reason in cut.left_out[:20]:
            tell(f"Left out: entry {offset} of partition {partition}: {reason}")


@bank.command()
def receive(
    files: Annotated[list[Path], typer.Argument(help="Files of the bank: returns, notices of change, settlement reports.", exists=True)],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put files of the bank into the inbox and tell what the rail made of them. The originals stay where they are."""
    from cli.environment import running_settings
    from cli.rail import read_files

    reports = read_files(running_settings(data_dir=data).data_dir, files, SECONDS_MAX)
    if as_json:
        print_json({"reports": reports})
        return
    for report in reports:
        tell(
            f"{report['file']}: {counted(report['events'], 'event')}, {report['repeats']} known already, "
            f"{counted(report['dead_letters'], 'dead letter')}, {counted(report['errors'], 'error')}; archived as {report['archived_as']}."
        )


@bank.command()
def find(
    name: Annotated[
        str,
        typer.Argument(help="Trace number (ours or the bank's), transaction id, file id, FILE/BATCH, event id or SHA-256 of an answer."),
    ],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """From a trace number, a payment, a file, a batch or an answer to the entries, batches and files, and to what the bank answered."""
    with _lineage(data) as lineage:
        entries = _named(lineage, name)
        found = [_chain(lineage, entry) for entry in entries]
    if not found:
        raise UserError(f"No entry has trace number, transaction, file, batch or answer {name}.")
    if as_json:
        print_json({"entries": found})
        return
    columns = ("transaction", "attempt", "trace number", "file", "batch", "amount", "effective", "answers")
    rows = [(*(entry[column] for column in _SHOWN), "; ".join(_said(answer) for answer in entry["answers"])) for entry in found]
    print_table(name, columns, rows)


@bank.command()
def rates(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Nacha's return rates over 60 days, by hospital, originator and entry class, and how many returns are left until a breach."""
    from datetime import datetime

    from ach.zone import NEW_YORK
    from sinks.ach.monitor import standings

    with _lineage(data) as lineage:
        found = standings(lineage, datetime.now(NEW_YORK).date())
    if as_json:
        rows = [{**one.group._asdict(), **{name: getattr(one.rate, name) for name in _RATE}} for one in found]
        print_json({"rates": rows})
        return
    columns = ("hospital", "originator", "SEC", "rate", "returns", "debits", "percent", "threshold", "level", "returns until breach")
    print_table(
        "Return rates, 60 days",
        columns,
        [
            (
                *one.group,
                one.rate.kind.value,
                one.rate.returns,
                one.rate.debits,
                f"{one.rate.basis_points / 100:.2f}",
                f"{one.rate.threshold_basis_points / 100:.2f}",
                one.rate.level.value,
                one.rate.returns_until_breach,
            )
            for one in found
        ],
    )


@bank.command()
def sandbox(
    fast: Annotated[bool, typer.Option("--fast", help="A banking day lasts two seconds.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Look at the folders once and end.")] = False,
    patterns: Annotated[Path | None, typer.Option("--patterns", help="TOML: which entries come back, and how.", exists=True)] = None,
    data: DataOption = None,
) -> None:
    """Play the bank on the data folder: take files, settle them, send returns and notices of change. Until Ctrl-C."""
    import signal
    import threading

    from cli.environment import running_settings
    from simulator.bank_files import FAST_DAY_SECONDS, SandboxBank, run
    from simulator.bank_patterns import PatternError, parse
    from sinks.ach.clock import utc_now

    try:
        answers = parse(patterns.read_text()) if patterns else ()
    except PatternError as error:
        raise UserError(f"{patterns}: {error}") from None
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    folder = running_settings(data_dir=data).data_dir
    run(SandboxBank(folder, utc_now, answers, day_seconds=FAST_DAY_SECONDS if fast else 0.0), stop.is_set, tell, once=once)


_SHOWN = ("transaction_id", "attempt", "trace_number", "file_id", "batch", "amount", "effective")


_RATE = ("kind", "returns", "debits", "basis_points", "threshold_basis_points", "level", "returns_until_breach")


@bank.command()
def reindex(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Make the index of trace numbers anew, from Kafka and the archive. The rail must not run meanwhile, Kafka must."""
    from cli.environment import reachable_settings
    from cli.stack import state
    from cli.stack.folder import DataFolder
    from journal.keys.sealer import Sealer
    from journal.keys.store import KeyStore
    from sinks.ach.instrument import unsealed
    from sinks.ach.reindex import reindex as made_anew

    settings = reachable_settings(data_dir=data)
    up = state.read(DataFolder(settings.data_dir))
    if up is not None and any(child.name == "ach" and child.pid is not None for child in up.children):
        raise UserError("The rail is running and writes this index; start the stack without HMS_ACH_FILES first.")
    with KeyStore.of(settings) as store:
        found = made_anew(settings, unsealed(Sealer(store)))
    if as_json:
        print_json(found._asdict())
        return
    tell(f"{found.cuts} cuts and {found.answers} answers of banks are indexed.")
    if found.lost:
        tell(f"Cuts that cannot be made again: {', '.join(map(str, found.lost))}")


def _lineage(data: Path | None) -> "Lineage":
    from cli.environment import running_settings
    from sinks.ach.folders import Folders
    from sinks.ach.lineage import Lineage

    path = Folders(running_settings(data_dir=data).data_dir).lineage
    if not path.exists():
        raise UserError(f"{path} does not exist: no file was ever cut here.")
    return Lineage(path)


def _named(lineage: "Lineage", name: str) -> "list[SentEntry]":
    if one := lineage.by_trace(name):
        return [one]
    file, _, batch = name.rpartition("/")
    if file and batch.isascii() and batch.isdigit():
        return lineage.by_batch(file, int(batch))
    return lineage.by_transaction(name) or lineage.by_file(name) or lineage.by_answer(name)


def _chain(lineage: "Lineage", entry: "SentEntry") -> dict[str, Any]:
    from ledger.money import money

    fields = entry._asdict()
    fields["amount"] = money(fields.pop("amount_cents"))
    return {**fields, "answers": [answer._asdict() for answer in lineage.answers_to(entry)]}


def _said(answer: dict[str, Any]) -> str:
    return f"{answer['kind']} {answer['code']} {answer['day']}".replace("  ", " ")
