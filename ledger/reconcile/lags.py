"""How long money takes in these very files: the window where the amount alone decides, from the pairs whose references agree."""

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from ledger.reconcile.side import Ints
from ledger.reconcile.terms import FileTerms
from ledger.reconcile.view import Both

PAIRS_MIN = 20
"""fewer sure pairs than this teach nothing"""
SHARE_LEFT_OUT = 2
"""so many percent of the lags at either end are exceptions"""
DAYS_MAX = 10
"""no window reaches further, before or after"""


def learned(both: Both, pairs: Sequence[tuple[Ints, Ints]]) -> FileTerms:
    """The terms with a window that is as wide as the lags of these pairs, never narrower than before."""
    terms = both.terms
    known = [_lags(both, rows, others) for rows, others in pairs]
    lags = np.sort(np.concatenate(known)) if known else np.empty(0, np.int64)
    if not (terms.learn_days and both.dated and len(lags) >= PAIRS_MIN):
        return terms
    cut = len(lags) * SHARE_LEFT_OUT // 100
    first, last = int(lags[cut]), int(lags[-1 - cut])
    before, after = max(terms.days_before, min(-first, DAYS_MAX)), max(terms.days_after, min(last, DAYS_MAX))
    return replace(terms, days_before=before, days_after=after)


def _lags(both: Both, rows: Ints, others: Ints) -> Ints:
    dated = (both.left.day[rows] > 0) & (both.right.day[others] > 0)
    lags: Ints = (both.right.banking_day[others] - both.left.banking_day[rows])[dated]
    return lags
