"""What may be done, word by word, and which words a role or a client holds."""

from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """One permission; every route needs one of these, or says that it is open."""

    PAYMENTS_READ = "payments:read"
    PAYMENTS_WRITE = "payments:write"
    BALANCES_READ = "balances:read"
    LEDGER_READ = "ledger:read"
    EXCEPTIONS_READ = "exceptions:read"
    EXCEPTIONS_WRITE = "exceptions:write"
    EXCEPTIONS_APPROVE = "exceptions:approve"
    ALERTS_READ = "alerts:read"
    RULES_READ = "rules:read"
    RULES_TRY = "rules:try"
    RULES_ACTIVATE = "rules:activate"
    KPIS_READ = "kpis:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    NOTIFICATIONS_READ = "notifications:read"
    PRIVACY_READ = "privacy:read"
    PRIVACY_REVEAL = "privacy:reveal"
    PRIVACY_ERASE = "privacy:erase"
    AUDIT_READ = "audit:read"
    METRICS_READ = "metrics:read"


MEANING: Final = {
    Scope.PAYMENTS_READ: "See payments, their status and trace.",
    Scope.PAYMENTS_WRITE: "Ask for payments.",
    Scope.BALANCES_READ: "See what accounts owe.",
    Scope.LEDGER_READ: "Export the ledger's postings.",
    Scope.EXCEPTIONS_READ: "See what needs a person.",
    Scope.EXCEPTIONS_WRITE: "Assign, comment and resolve exceptions, propose adjustments, review payments.",
    Scope.EXCEPTIONS_APPROVE: "Approve what another one proposed.",
    Scope.ALERTS_READ: "See risk alerts.",
    Scope.RULES_READ: "See rule books and rollouts.",
    Scope.RULES_TRY: "Check rule books, back-test them, run them as shadows.",
    Scope.RULES_ACTIVATE: "Put rule books in force, change the phases of hospitals, let a rule sleep for an account.",
    Scope.KPIS_READ: "See KPIs, and be told when they change.",
    Scope.WEBHOOKS_READ: "See webhook deliveries.",
    Scope.WEBHOOKS_WRITE: "Send webhook deliveries again.",
    Scope.NOTIFICATIONS_READ: "See which messages patients were sent, without text and address.",
    Scope.PRIVACY_READ: "See which personal data is held, without seeing it.",
    Scope.PRIVACY_REVEAL: "See personal data, for a stated purpose.",
    Scope.PRIVACY_ERASE: "Erase a person's data.",
    Scope.AUDIT_READ: "Compare stored records with the journal.",
    Scope.METRICS_READ: "Read Prometheus metrics.",
}

_VIEW: Final = frozenset({Scope.PAYMENTS_READ, Scope.BALANCES_READ, Scope.KPIS_READ, Scope.ALERTS_READ, Scope.EXCEPTIONS_READ})
_READ: Final = frozenset(scope for scope in Scope if scope.endswith(":read"))
EVERYTHING: Final = frozenset(Scope)

ROLES: Final = {
    "viewer": _VIEW,
    "finance": _VIEW | {Scope.LEDGER_READ, Scope.EXCEPTIONS_WRITE},
    "risk": _VIEW | {Scope.RULES_READ, Scope.RULES_TRY},
    "operator": _VIEW | {Scope.METRICS_READ, Scope.RULES_READ, Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE, Scope.NOTIFICATIONS_READ},
    "approver": _VIEW | {Scope.LEDGER_READ, Scope.EXCEPTIONS_APPROVE, Scope.RULES_READ, Scope.RULES_ACTIVATE},
    "auditor": _READ,
    "privacy": frozenset({Scope.PAYMENTS_READ, Scope.PRIVACY_READ, Scope.PRIVACY_REVEAL, Scope.PRIVACY_ERASE}),
}
"""Roles of people. Nobody both proposes and approves; who activates rules is not who tries them."""

CLIENTS: Final = {
    "credit": frozenset({Scope.PAYMENTS_WRITE, Scope.PAYMENTS_READ, Scope.BALANCES_READ, Scope.LEDGER_READ, Scope.WEBHOOKS_READ}),
    "prometheus": frozenset({Scope.METRICS_READ}),
    "machine": EVERYTHING,
}
"""Kinds of clients: CREDIT, a scraper of metrics, and the command line on the ledger's own machine."""

OF_ALL_HOSPITALS: Final = frozenset(
    {
        *(Scope.RULES_READ, Scope.RULES_TRY, Scope.RULES_ACTIVATE, Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE),
        *(Scope.NOTIFICATIONS_READ, Scope.PRIVACY_READ, Scope.PRIVACY_ERASE, Scope.AUDIT_READ),
    }
)
"""Scopes of what is not kept by hospital: nothing to a client that may see some hospitals alone."""


def words(scopes: frozenset[Scope]) -> str:
    """The scopes as OAuth writes them: sorted, with spaces between."""
    return " ".join(sorted(scopes))


def known(text: str) -> frozenset[Scope]:
    """The scopes in a text with spaces; words that are no scope of ours are left out, as RFC 6749 section 3.3 allows."""
    return frozenset(Scope(word) for word in text.split() if word in Scope.__members__.values())
