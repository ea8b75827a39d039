"""`python -m bench.oracle BOOTSTRAP [--clickhouse DSN] [--json]`: judge what lies in Kafka and ClickHouse now. Exit code 1 when broken."""

import argparse
import sys
from pathlib import Path

import clickhouse_connect

from bench.oracle import balances, cents, clickhouse, inputs, payments, public, replay
from bench.oracle.evidence import gather
from bench.oracle.report import Report
from journal.letter_box import opener
from journal.settings import Settings


def judge(bootstrap: str, dsn: str, database: str, data: Path, *, model: bool) -> Report:
    """Every invariant. Without a DSN ClickHouse is left out; without `model` the load may be anything."""
    keys = opener(Settings(data_dir=data, kafka_bootstrap=bootstrap))
    evidence = gather({"bootstrap.servers": bootstrap}, keys)
    balanced, accounts = balances.check(evidence)
    findings = [inputs.check(evidence), inputs.check_letters(evidence), cents.check(evidence), balanced]
    if dsn:
        client = clickhouse_connect.get_client(dsn=dsn, database=database)
        findings.append(clickhouse.check(evidence, client))
        client.close()
    findings += [replay.check(evidence, bootstrap), public.check(evidence)]
    if model:
        findings.append(payments.check(evidence, accounts))
    return Report(tuple(findings))


def main() -> int:
    """Judge and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.oracle", description=__doc__)
    parser.add_argument("bootstrap", help="Kafka bootstrap servers; nothing may be under way")
    parser.add_argument("--clickhouse", default="", metavar="DSN", help="clickhouse-connect DSN, such as chdb:///folder")
    parser.add_argument("--database", default="hms", help="the ledger's database")
    parser.add_argument("--data", type=Path, default=Path(".data"), help="the data folder, for the key that opens dead letters")
    parser.add_argument("--model", action="store_true", help="the load is bench.chaos's: compare with the naive ledger")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    report = judge(asked.bootstrap, asked.clickhouse, asked.database, asked.data, model=asked.model)
    print(report.to_json() if asked.json else report.text())
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
