"""`make bench`: what this machine sustains, on the real stack: drain, a ladder of rates, recovery. `--help` has the choices."""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

from bench import report
from bench.figures import Row
from bench.parts import drain, recovery
from bench.stack import running
from bench.steady import WARM_S, steady

OUT = Path("bench/out")
_SHORT = {"events": 150_000, "rates": "4000", "seconds": 15, "recovery_accounts": 20_000}


def main() -> None:
    """Run the parts that were asked for, print them as they end, and write all to bench/out/: JSON, CSV, and a page with charts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=400_000, help="input events of the drain; 0 for no drain")
    parser.add_argument("--accounts", type=int, default=20_000, help="of the drain and of the open loop, where they take turns")
    parser.add_argument("--rates", default="2000,6000", help="input events per second of the open loop, comma separated; empty for none")
    parser.add_argument("--seconds", type=int, default=30, help="length of one rate")
    parser.add_argument("--warm", type=int, default=WARM_S, help="seconds of a rate before it is measured")
    parser.add_argument("--recovery-accounts", type=int, default=100_000, help="0 for no recovery part")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--short", action="store_true", help="every part in little, in less than three minutes")
    asked = parser.parse_args()
    if asked.short:
        vars(asked).update(_SHORT)
    parts = [*_parts(asked)]
    OUT.mkdir(parents=True, exist_ok=True)
    target = OUT / time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    target.with_suffix(".json").write_text(json.dumps(parts, indent=1))
    target.with_suffix(".csv").write_text(report.csv_text(parts))
    target.with_suffix(".html").write_text(report.page(parts))
    print(f"written to {target}.json, .csv and .html")


def _parts(asked: argparse.Namespace) -> Iterator[Row]:
    if asked.events:
        with running(asked.workers) as stack:
            yield _shown(drain(stack, asked.events, asked.accounts))
    for rate in [int(text) for text in asked.rates.split(",") if text]:
        with running(asked.workers) as stack:
            yield _shown(steady(stack, rate, asked.seconds, asked.accounts, asked.warm))
    if asked.recovery_accounts:
        with running(1) as stack:
            yield _shown(recovery(stack, asked.recovery_accounts))


def _shown(part: Row) -> Row:
    print(json.dumps(part), flush=True)
    return part


if __name__ == "__main__":
    main()
