"""Through the whole system in real Nacha files: a notice of change, a return dishonored, a dishonor contested, a prenote returned."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from ach.reader import read
from ach.records import Batch
from ach.records import Entry as FileEntry
from bench.stack import Running, running
from cli.environment import running_settings
from cli.rail import cut_now
from journal.chain import Place
from journal.reader import read_to_end
from journal.settings import Settings
from journal.topics import PAYMENTS
from ledger import effects as fx
from ledger.account import Status
from rules.default import default_book_text
from simulator.bank_files import SandboxBank
from simulator.bank_patterns import parse
from sinks.ach.clock import utc_now
from tests.live.test_verify import hms

pytestmark = pytest.mark.live

PATTERNS = parse(
    """
[[answers]]
amount = "310.00"
code = "R02"
after_banking_days = 5
then = ["R68"]

[[answers]]
amount = "320.00"
code = "R02"
after_banking_days = 5
then = ["R68", "R73"]

[[answers]]
amount = "0.00"
code = "R03"
"""
)
PRENOTES = f"{default_book_text().replace('version = 1', 'version = 2', 1)}\n[prenotes]\nhospitals = ['H02']\n"
QUERY = """
from journal.settings import Settings
from sinks.clickhouse.database import Database
import json, sys
with Database(Settings()) as database:
    client = database.client()
    print(json.dumps({name: [list(map(str, row)) for row in client.query(sql).result_rows] for name, sql in json.load(sys.stdin).items()}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rail-ledger")


@pytest.fixture(scope="module")
def stack(folder: Path) -> Iterator[Running]:
    settings = {"HMS_ACH_FILES": "true", "HMS_ACH_SANDBOX": "true"}
    with running(1, settings, folder) as up:
        yield up


def tell(settings: Settings, kind: str, account: str, **data: str) -> None:
    """One event of CREDIT."""
    now = datetime.now(UTC).isoformat()
    value = {"specversion": "1.0", "id": f"{kind}/{data}", "source": "/test", "type": kind, "time": now}
    producer = Producer(settings.kafka(partitioner="murmur2_random", enable_idempotence=True))
    producer.produce(PAYMENTS, json.dumps({**value, "data": {"credit_reference": account, "patient_id": "P-1", **data}}), account.encode())
    assert producer.flush(10) == 0


def pay(settings: Settings, name: str, amount: str, hospital: str = "H01") -> None:
    tell(settings, "payment.initiated.v1", f"CR-{name[0]}", transaction_id=name, hospital_id=hospital, amount=amount, direction="repayment")


def effects(settings: Settings) -> list[fx.AnyEffect]:
    """All that was journalled so far."""
    places = dict.fromkeys(range(settings.partitions), Place())
    return [effect for found in read_to_end(settings, places) for entry in found.record().entries for effect in entry.effects]


def until(settings: Settings, enough: Callable[[list[fx.AnyEffect]], bool], step: Callable[[], Any] = lambda: None) -> list[fx.AnyEffect]:
    deadline = time.monotonic() + 90
    while not enough(found := effects(settings)):
        assert time.monotonic() < deadline, found[-20:]
        step()
        time.sleep(0.3)
    return found


def count(found: list[fx.AnyEffect], kind: type) -> int:
    return sum(isinstance(effect, kind) for effect in found)


def batches(folder: Path, name: str) -> tuple[Batch, ...]:
    """Of a file that went to the bank."""
    [path] = folder.rglob(name)
    return read(path.read_bytes()).file.batches


def test_what_banks_say_to_each_other_reaches_the_ledger_and_its_tables(stack: Running, folder: Path) -> None:
    settings = running_settings(data_dir=folder)
    bank = SandboxBank(folder, utc_now, PATTERNS, day_seconds=0.1)
    (folder / "prenotes.toml").write_text(PRENOTES)
    hms(folder, "rules", "activate", str(folder / "prenotes.toml"), "--by", "olga")
    for name in "ABCD":
        tell(settings, "mandate.granted.v1", f"CR-{name}", mandate_id=f"M-{name}")
    for name, amount in (("A1", "278.01"), ("B1", "310.00"), ("C1", "320.00")):
        pay(settings, name, amount)
    pay(settings, "D1", "55.00", "H02")
    until(settings, lambda found: count(found, fx.EntryDue) == 4)
    [cut] = cut_now(settings, 60)
    found = until(
        settings,
        lambda found: count(found, fx.Disputed) == 3 and count(found, fx.AccountCorrected) == 1 and count(found, fx.Barred) == 3,
        bank.step,
    )
    last = {effect.transaction_id: effect.status for effect in found if isinstance(effect, fx.Decided | fx.Moved)}
    assert (last["B1"], last["C1"]) == (Status.SETTLED, Status.RETURNED)
    assert last["D1"] == Status.FAILED, "its prenote came back, so the debit never went out"
    duties = {(effect.duty, effect.transaction_id) for effect in found if isinstance(effect, fx.DutyOpened)}
    assert duties == {
        ("change", "A1"),
        ("dishonor", "B1"),
        ("contest", "B1"),
        ("dishonor", "C1"),
        ("contest", "C1"),
        ("prenote", "D1"),
    }
    sent = [entry for made in cut.files for batch in batches(folder, made.name) for entry in batch.entries if isinstance(entry, FileEntry)]
    assert sorted((entry.transaction_code, entry.amount_cents) for entry in sent) == [(27, 27801), (27, 31000), (27, 32000), (28, 0)]

    pay(settings, "A2", "55.00")
    until(settings, lambda found: count(found, fx.EntryDue) == 5)
    [cut] = cut_now(settings, 60)
    until(settings, lambda found: fx.DutyClosed("change", "A1", "sent with A2") in found, bank.step)
    [entry] = [entry for batch in batches(folder, cut.files[0].name) for entry in batch.entries]
    assert isinstance(entry, FileEntry)
    assert entry.dfi_account_number.startswith("NSB"), "the account as the notice of change wants it"

    hms(folder, "verify")
    stack.stop()
    asked = {
        "returns": "SELECT transaction_id, status, code FROM returns ORDER BY transaction_id",
        "disputes": "SELECT transaction_id, stage, code, return_code FROM disputes ORDER BY transaction_id, position",
        "changes": "SELECT transaction_id, code, fields FROM account_changes",
        "duties": "SELECT transaction_id, duty FROM open_duties",
        "bars": "SELECT transaction_id, kind, code FROM bars ORDER BY transaction_id",
        "payments": "SELECT transaction_id, status FROM payments ORDER BY transaction_id",
    }
    environment = {"HMS_DATA_DIR": str(folder), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", QUERY], input=json.dumps(asked), env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    rows = json.loads(done.stdout.splitlines()[-1])
    assert rows["returns"] == [["B1", "returned", "R02"], ["C1", "returned", "R02"]]
    assert rows["disputes"] == [["B1", "dishonored", "R68", "R02"], ["C1", "dishonored", "R68", "R02"], ["C1", "contested", "R73", "R02"]]
    assert rows["changes"] == [["A1", "C01", "['account']"]]
    assert rows["duties"] == [["B1", "contest"]]
    assert rows["bars"] == [["B1", "barred", "R02"], ["C1", "barred", "R02"], ["D1", "barred", "R03"]]
    assert [row[1] for row in rows["payments"] if row[0] in {"B1", "C1", "D1"}] == ["settled", "returned", "failed"]
