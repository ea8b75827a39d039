"""The people who look at payments that the rules held."""

from ledger.decide.bars import MANDATE_REVOKED
from simulator import hours, statements
from simulator.dice import dice
from simulator.message import Message, token

REVIEWERS = 5
UNAUTHORIZED = "the patient has to authorize debits again"
APPROVED_SHARE = 0.86
_COMMENTS = {
    "approve": ("checked with the billing office", "known patient, amount confirmed", "plan papers are in order"),
    "decline": ("patient could not be reached", "amount does not fit the invoice", "duplicate of an earlier request"),
}


def review(seed: int, account: str, transaction_id: str, held_ms: int, live: bool, reason: str = "") -> Message:
    """The review of a held payment: after minutes to hours within office hours, or within two minutes when people watch (`live`).

    What is held because no authorization is in force (`reason`, as the ledger says it) is declined: the ledger refuses to approve it.
    """
    rng = dice(seed, "review", transaction_id)
    verdict = "approve" if rng.random() < APPROVED_SHARE else "decline"
    reviewer = token("U-", seed, "reviewer", rng.randrange(REVIEWERS))
    comment = rng.choice(_COMMENTS[verdict])
    if reason == MANDATE_REVOKED or reason.startswith("RETURNED_"):
        verdict, comment = "decline", UNAUTHORIZED
    if live:
        at_ms = held_ms + 15_000 + rng.randrange(105_000)
    else:
        delay = int(rng.lognormvariate(3.6, 1.0)) + 2
        at_ms = hours.next_office_instant(rng, held_ms, min(delay, 600) * hours.MINUTE_MS)
    return statements.reviewed(account, transaction_id, at_ms, verdict, reviewer, comment)
