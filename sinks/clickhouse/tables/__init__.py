"""Which effect lands in which table, and which of its fields in which column."""

from ledger import effects
from sinks.clickhouse.tables import cases, money, standing

TABLES = (*money.TABLES, *cases.TABLES, *standing.TABLES)
"""Tables of effects, in the order in which a block is inserted."""

LEFT_OUT = frozenset(
    {
        (effects.PaymentInitiated, "instrument"),
        (effects.EntryDue, "instrument"),
        (effects.AccountCorrected, "correction"),
        (effects.ConsentChanged, "contact"),
        (effects.NotificationDue, "contact"),
    }
)
"""Fields that don't go to ClickHouse: sealed account data."""
