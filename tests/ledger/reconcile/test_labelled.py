"""Generated files with labels: what is confirmed is right, and little of what is right stays unconfirmed."""

from collections import Counter

from bench.reconcile_data import Line, cases
from ledger.reconcile.layout import guess
from ledger.reconcile.report import group_records
from ledger.reconcile.run import reconcile
from ledger.reconcile.side import Side
from ledger.reconcile.terms import FileTerms

CASES = 4_000


def read(lines: list[Line]) -> Side:
    rows = [line._asdict() for line in lines]
    side = Side(guess(Line._fields, rows[:500]))
    side.extend(rows)
    return side


def test_precision_and_recall_on_labelled_files() -> None:
    labelled = list(cases(CASES, seed=11))
    case_of = {line.id: (n, case.kind) for n, case in enumerate(labelled) for line in (*case.left, *case.right)}
    left = read([line for case in labelled for line in case.left])
    right = read([line for case in labelled for line in case.right])
    found = reconcile(left, right, FileTerms())
    right_rows: Counter[str] = Counter()
    for group in group_records(found, found.confirmed()):
        members = [case_of[name] for name in (*group.left_ids, *group.right_ids)]
        assert len({n for n, _ in members}) == 1, f"wrong: {group}"
        right_rows.update(kind for _, kind in members)
    total = Counter(kind for _, kind in case_of.values())
    for kind in ("clean", "drift", "in_text", "payout", "split"):
        assert right_rows[kind] == total[kind], kind
    for kind, percent in (("blank", 95), ("fee", 95), ("typo", 80), ("duplicate", 60)):
        assert right_rows[kind] * 100 >= total[kind] * percent, kind
    assert [fee.name for fee in found.learned] == ["2.90%+0.30"]
