"""`hms-ach verify` and `rebuild`: prove what is stored, or make it anew from the journal."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import JsonOption, print_json, print_table, tell

if TYPE_CHECKING:
    from cli.verification import Finding


def register(app: typer.Typer) -> None:
    """Add `verify` and `rebuild`."""
    app.command()(verify)
    app.command()(rebuild)


Bundle = Annotated[Path | None, typer.Option("--bundle", help="Check this evidence bundle instead; no server is asked.", exists=True)]
Key = Annotated[Path | None, typer.Option("--key", help="The public key of --bundle; evidence.pub in the data folder if left out.")]


def verify(as_json: JsonOption = False, bundle: Bundle = None, key: Key = None) -> None:
    """Prove the hash chain, debits = credits, journal = ClickHouse, and that every input has one answer. Exit code 1 otherwise."""
    if bundle is not None:
        _verify_bundle(bundle, key or Path(os.environ.get("HMS_DATA_DIR", ".data")) / "evidence.pub", as_json=as_json)
    from cli.environment import reachable_settings
    from cli.progress import bar
    from cli.stored import stored
    from cli.verification import verify as compare

    settings = reachable_settings()
    with stored(settings) as side, bar("reading the journal", quiet=as_json) as advance:
        result = compare(settings, side, advance)
    totals = result.totals
    outcomes = [{"topic": topic, "outcome": outcome, "inputs": count} for (topic, outcome), count in sorted(totals.outcomes.items())]
    if as_json:
        print_json(
            {
                "ok": result.ok,
                "records": totals.records,
                "postings": totals.postings,
                "posted_cents": totals.posted_cents,
                "debits": dict(totals.debits),
                "credits": dict(totals.credits),
                "outcomes": outcomes,
                "findings": [finding._asdict() for finding in result.findings],
            }
        )
    else:
        _show(result.findings, totals.records, totals.postings, totals.posted_cents, outcomes)
    raise typer.Exit(0 if result.ok else 1)


def _verify_bundle(file: Path, key: Path, *, as_json: bool) -> None:
    from cli.bundle import check, lines

    checked = check(file, key)
    if as_json:
        payload = checked.bundle.payload
        found = {"ok": not checked.faults, "transaction_id": payload.transaction_id, "records": len(payload.records)}
        print_json({**found, "findings": [fault._asdict() for fault in checked.faults]})
    else:
        for line in lines(checked):
            tell(line)
    raise typer.Exit(1 if checked.faults else 0)


def _show(findings: "list[Finding]", records: int, count: int, cents: int, outcomes: list[dict[str, object]]) -> None:
    from ledger.money import money

    print_table("Inputs", ("topic", "outcome", "inputs"), [tuple(row.values()) for row in outcomes])
    tell(f"{records:,} records on the chain, {count:,} postings of ${money(cents)} in all, as many debits as credits.")
    for finding in findings:
        tell(f"{finding.check}: {finding.where}: {finding.what}")
    tell("Everything agrees." if not findings else f"{len(findings)} findings.")


def rebuild(as_json: JsonOption = False) -> None:
    """Make ClickHouse's tables and the checkpoints anew from the journal. Workers and API must be stopped; Kafka is started if need be."""
    from cli.checkpoints import rewrite
    from cli.kafka_alone import kafka_alone
    from cli.progress import bar
    from sinks.clickhouse.database import Database
    from sinks.clickhouse.rebuild import rebuild as store_again

    with kafka_alone() as settings:
        with Database(settings) as database, bar("storing the journal again", quiet=as_json) as advance:
            prints = store_again(settings, database, advance)
        with bar("writing checkpoints again", quiet=as_json) as advance:
            accounts = rewrite(settings, advance)
    if as_json:
        print_json({"fingerprints": prints, "checkpoints": accounts})
    else:
        print_table("Rebuilt", ("table", "rows and content"), sorted(prints.items()))
        tell(f"{accounts:,} checkpoints written.")
