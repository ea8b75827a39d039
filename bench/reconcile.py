"""`python -m bench.reconcile [cases]`: two generated files through `hms-ach reconcile`: time, memory, and how right it is by label."""

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.reconcile_data import Line, cases

LIMIT_S, LIMIT_MB = 60, 2_000


def main(count: int) -> None:
    """Generate, run in a process of its own, and print what it took and what it found."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        labels = _generate(folder, count)
        started = time.monotonic()
        command = [sys.executable, "-m", "cli.main", "reconcile", str(folder / "ledger.csv"), str(folder / "bank.csv")]
        done = subprocess.run([*command, "--out", str(folder / "out"), "--json"], check=True, capture_output=True, text=True)
        seconds = time.monotonic() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s = used.ru_utime + used.ru_stime
        peak_mb = used.ru_maxrss / 1024
        summary = json.loads(done.stdout)
        rows = summary["left"]["rows"], summary["right"]["rows"]
        print(f"{rows[0]:,} against {rows[1]:,} rows: {seconds:.1f} s ({cpu_s:.1f} s of CPU), {peak_mb:,.0f} MB")
        print(f"limits at 1,000,000: {LIMIT_S} s, {LIMIT_MB:,} MB")
        print(f"matched {summary['match_rate']} % of rows; {summary['groups']}; {summary['proposals']}; fees {summary['fees_learned']}")
        _judge(folder / "out", labels)


def _generate(folder: Path, count: int) -> dict[str, tuple[int, str]]:
    """Both files, and for every id its case and kind."""
    labels: dict[str, tuple[int, str]] = {}
    with (folder / "ledger.csv").open("w", newline="") as left, (folder / "bank.csv").open("w", newline="") as right:
        writers = csv.writer(left), csv.writer(right)
        for writer in writers:
            writer.writerow(Line._fields)
        for number, case in enumerate(cases(count)):
            for writer, lines in zip(writers, (case.left, case.right), strict=True):
                writer.writerows(lines)
                labels.update({line.id: (number, case.kind) for line in lines})
    return labels


def _judge(out: Path, labels: dict[str, tuple[int, str]]) -> None:
    """Precision and recall of the confirmed groups, by row, and what proposals add."""
    right, wrong, proposed = Counter[str](), Counter[str](), Counter[str]()
    with (out / "matched.ndjson").open() as lines:
        for line in lines:
            group = json.loads(line)
            members = [labels[name] for name in (*group["left_ids"], *group["right_ids"])]
            (right if len({case for case, _ in members}) == 1 else wrong).update(kind for _, kind in members)
    with (out / "proposed.ndjson").open() as lines:
        for line in lines:
            group = json.loads(line)
            members = [labels[name] for name in (*group["left_ids"], *group["right_ids"])]
            if group["state"] == "PROPOSED" and len({case for case, _ in members}) == 1:
                proposed.update(kind for _, kind in members)
    total = Counter(kind for _, kind in labels.values())
    print(f"precision {right.total() / max(1, (right + wrong).total()):.5f}")
    for kind in total:
        counts = f"confirmed {right[kind]:>10,}  wrong {wrong[kind]:>6,}  proposed rightly {proposed[kind]:>8,}"
        print(f"  {kind:<12}{total[kind]:>10,} rows  {counts}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
