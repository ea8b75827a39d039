"""The window that files teach themselves."""

from msgspec.structs import replace

from ledger.reconcile.run import Run
from ledger.reconcile.terms import FileTerms
from tests.ledger.reconcile.files import matched, run


def files(days_early: int, count: int, terms: FileTerms) -> Run:
    """So many rows with references that the bank has days before the ledger, and one without, a banking day earlier still."""
    ledger, bank = ["id, date, amount, reference"], ["id, date, amount, reference"]
    for n in range(count):
        ledger.append(f"L{n}, 2026-03-{20 + n % 5}, {100 + n}.10, INV-{1000 + n}")
        bank.append(f"B{n}, 2026-03-{20 + n % 5 - days_early}, {100 + n}.10, INV-{1000 + n}")
    ledger.append("L, 2026-03-20, 77.77, ")
    bank.append("B, 2026-03-18, 77.77, ")
    return run("\n".join(ledger), "\n".join(bank), terms)


def test_the_window_grows_to_the_lags_of_the_pairs_that_are_sure() -> None:
    terms = FileTerms()
    early = files(4, 40, terms)
    assert "L = B unique_amount" in matched(early)
    assert (early.both.terms.days_before, early.both.terms.days_after) == (4, 5)


def test_it_stays_where_few_pairs_speak_where_they_are_near_and_where_the_mapping_forbids_it() -> None:
    for days_early, count, terms in ((4, 10, FileTerms()), (0, 40, FileTerms()), (4, 40, replace(FileTerms(), learn_days=False))):
        found = files(days_early, count, terms)
        assert "L = B unique_amount" not in matched(found)
        assert (found.both.terms.days_before, found.both.terms.days_after) == (1, 5)
