"""Out and back: the rail and the bank sandbox on one folder, over a real broker."""

import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from typing import Any

import msgspec
import pytest

from ach.calendar import roll_forward
from ach.notices import Correction
from ach.reader import read
from ach.records import BatchHeader, Entry
from ach.returning import Answer, answer_file
from ach.writer import write
from cli.stack.broker import Broker
from journal import topics
from journal.keys.sealer import Sealer
from journal.keys.store import KeyStore
from ledger import bank_account
from ledger.bank_account import BankAccount
from simulator.bank_files import ROUTE
from sinks.ach.clock import utc_now
from sinks.ach.filecut import AccountCorrected
from sinks.ach.folders import place
from sinks.ach.lineage import Lineage
from tests.live.rail_world import RailWorld, rail, until
from tests.live.sink_world import environment

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def world() -> Iterator[RailWorld]:
    with tempfile.TemporaryDirectory(prefix="hms-ach-rail-") as folder, Broker(Path(folder) / "broker") as broker:
        yield RailWorld(broker.bootstrap, Path(folder) / "rail")


@contextmanager
def bank(world: RailWorld) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-m", "simulator.bank_files"], env=environment(world.settings)) as process:
        try:
            yield process
        finally:
            process.kill()


def said_of(world: RailWorld, names: list[str]) -> dict[str, list[str]]:
    """Kinds of events of each payment, with return codes, each event once however often it was said."""
    found: dict[str, dict[str, str]] = {name: {} for name in names}
    for event in world.said():
        data: dict[str, Any] = event["data"]
        if data["transaction_id"] in found:
            word = event["type"].removeprefix("payment.").removesuffix(".v1")
            found[data["transaction_id"]][event["id"]] = f"{word} {data.get('return_code', '')}".strip()
    return {name: sorted(kinds.values()) for name, kinds in found.items()}


def test_entries_settle_and_come_back_by_the_book(world: RailWorld) -> None:
    plain = world.entries(20)
    [nsf] = world.entries(1, amount="177.01")
    [revoked] = world.entries(1, amount="1277.07")
    [moved] = world.entries(1, amount="278.01")
    with rail(world.settings) as process, bank(world):
        world.request()
        until(lambda: said_of(world, [nsf, revoked])[revoked][-1:] == ["submitted"] and len(_reports(world)) >= 3, process)
    said = said_of(world, [*plain, nsf, revoked, moved])
    assert all(said[name] == ["settled", "submitted"] for name in plain)
    assert said[moved] == ["account.changed", "settled", "submitted"]
    assert said[nsf] == ["returned R01", "settled", "submitted"]
    assert said[revoked] == ["returned R07", "settled", "submitted"]
    [corrected] = [event.data for event in world.file_events() if isinstance(event, AccountCorrected)]
    assert corrected.correction is not None
    assert (corrected.transaction_id, corrected.code, corrected.correction.account[:3]) == (moved, "C01", "NSB")
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "bank", "find", nsf, "--json"], env=environment(world.settings), capture_output=True, check=True
    )
    [entry] = msgspec.json.decode(done.stdout)["entries"]
    answers = {answer["kind"]: answer for answer in entry["answers"]}
    assert {kind: answer["code"] for kind, answer in answers.items()} == {"settled": "", "return": "R01"}
    with Lineage(world.folders.lineage) as lineage:
        said_in = [lineage.by_answer(answers["return"][name]) for name in ("id", "bank_trace")]
        assert [[found.transaction_id for found in each] for each in said_in] == [[nsf], [nsf]]


def test_a_file_read_twice_changes_nothing_and_damage_is_told(world: RailWorld) -> None:
    [returned] = sorted(world.folders.archive.glob("*returns*.ach"))
    before = Counter(event["id"] for event in world.said())
    whole = returned.read_bytes()
    lines = whole.splitlines(keepends=True)
    with rail(world.settings) as process:
        for name, content in {
            "AGAIN.TXT": whole,
            "headless.ach": b"".join(line for line in lines if line[:1] not in b"159"),
            "trimmed.ach": b"".join(line.rstrip() + b"\r\n" for line in lines if line[:1] != b"9"),
            "stranger.ach": whole.replace(b"09100001000", b"09100001999"),
            "noise.ach": bytes(range(256)) * 40,
        }.items():
            path = world.folders.root / name
            path.write_bytes(content)
            copy(path, world.folders.inbox / f".{name}")
            (world.folders.inbox / f".{name}").rename(world.folders.inbox / name)
        until(lambda: not any(world.folders.inbox.iterdir()), process)
    reports = {report["file"]: report for report in _reports(world)}
    assert (reports["AGAIN.TXT"]["events"], reports["AGAIN.TXT"]["repeats"]) == (0, 3)
    assert reports["headless.ach"]["errors"] > 0
    trimmed = reports["trimmed.ach"]
    assert trimmed["events"] + trimmed["repeats"] + trimmed["dead_letters"] == 3 + 1, "the fourth says that the file has no control"
    assert reports["stranger.ach"]["dead_letters"] == 3 + 1, "its controls do not fit the numbers it was given"
    assert reports["noise.ach"]["errors"] > 0
    assert set(Counter(event["id"] for event in world.said())) == set(before), "not one event that was not known"
    archived = {path.name.split("-", 2)[2] for path in world.folders.archive.iterdir() if not path.name.endswith(".json")}
    letters = [(headers["hms_error_code"], headers["hms_file"]) for _, headers in world.messages(topics.DEAD_LETTERS)]
    assert letters.count((b"UNKNOWN_TRACE", b"stranger.ach")) == 3
    damaged = {name.encode() for name, report in reports.items() if report["errors"]}
    assert damaged >= {b"headless.ach", b"noise.ach", b"trimmed.ach"}
    assert {file for code, file in letters if code == b"DAMAGED_FILE"} == damaged, "a person sees each, not the log alone"
    assert {"AGAIN.TXT", "headless.ach", "trimmed.ach", "stranger.ach", "noise.ach"} <= archived


def test_the_index_is_made_anew_from_kafka_and_the_archive(world: RailWorld) -> None:
    def rows() -> list[list[tuple[Any, ...]]]:
        with sqlite3.connect(world.folders.lineage) as index:
            return [sorted(index.execute(f"SELECT * FROM {name}")) for name in ("cuts", "entries", "answers", "levels")]

    before = rows()
    assert all(before)
    world.folders.lineage.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "bank", "reindex", "--json"], env=environment(world.settings), capture_output=True, check=True
    )
    assert msgspec.json.decode(done.stdout)["lost"] == []
    assert rows() == before


CONFIG = """
[banks.first]
destination = "091000019"
origin = "1234567890"
odfi = "12104288"

[hospitals.H01]
bank = "first"
company_name = "FIRST HOSPITAL"
company_identification = "1234567890"
"""
HOME = BankAccount(routing_number="091000019", account_number="4711", name="JANE DOE")
AWAY = BankAccount(routing_number="121042882", account_number="4712", name="JANE DOE")
NEW_NUMBER = "98765432"


def test_outside_the_sandbox_a_correction_is_sealed_and_a_prenote_tries_the_account(world: RailWorld) -> None:
    path = world.folders.root / "rail.toml"
    path.write_text(CONFIG)
    world.settings = world.settings.model_copy(update={"ach_sandbox": False, "ach_config": path})
    before = world.sent()
    with KeyStore.of(world.settings) as store, rail(world.settings) as process:

        def wait(account: BankAccount, **fields: Any) -> str:
            sealed = Sealer(store).seal("P-1", bank_account.EVENT, bank_account.FIELD, bank_account.encode(account))
            return world.entries(1, hospital_id="H01", patient_id="P-1", instrument=sealed, **fields)[0]

        def sent() -> list[tuple[BatchHeader, Entry]]:
            count = len(world.sent())
            world.request()
            until(lambda: len(world.sent()) == count + 1, process)
            [made] = world.cuts()[-1].data.files
            return entries_of((world.folders.outbox / made.name).read_bytes())

        wait(HOME)
        tried = wait(AWAY, company_entry_description="PRENOTE", amount="0.00", attempt=0)
        live, prenote = sent()
        assert [(entry.transaction_code, entry.dfi_account_number) for _, entry in (live, prenote)] == [(27, "4711"), (28, "4712")]
        corrected = Answer(header=live[0], entry=live[1], code="C01", correction=Correction(account=NEW_NUMBER))
        returned = Answer(header=prenote[0], entry=prenote[1], code="R03")
        day = roll_forward(utc_now().date())
        made = answer_file(ROUTE, [corrected, returned], created=utc_now(), settles=day, sequence=8_000_000)
        place(world.folders.inbox / "answers.ach", write(made.file))
        until(lambda: len(returns_of(world, tried)) == sealed_corrections(world) == 1, process)
        wait(HOME)
        [(_, entry)] = sent()
    assert (entry.transaction_code, entry.dfi_account_number) == (27, NEW_NUMBER)
    assert [event["data"].get("prenote") for event in returns_of(world, tried)] == [True]
    assert len(world.sent()) == len(before) + 2
    assert not any(NEW_NUMBER.encode() in value for topic in (topics.FILES, topics.SETTLEMENTS) for value, _ in world.messages(topic))


def entries_of(content: bytes) -> list[tuple[BatchHeader, Entry]]:
    """With the header of the batch each stands in."""
    batches = [(batch.header, batch.entries) for batch in read(content).file.batches]
    return [
        (header, entry) for header, entries in batches for entry in entries if isinstance(header, BatchHeader) and isinstance(entry, Entry)
    ]


def returns_of(world: RailWorld, name: str) -> list[dict[str, Any]]:
    return [event for event in world.said() if event["type"] == "payment.returned.v1" and event["data"]["transaction_id"] == name]


def sealed_corrections(world: RailWorld) -> int:
    return sum(isinstance(event, AccountCorrected) and bool(event.data.sealed) for event in world.file_events())


def _reports(world: RailWorld) -> list[dict[str, Any]]:
    return [msgspec.json.decode(path.read_bytes()) for path in world.folders.archive.glob("*.report.json")]
