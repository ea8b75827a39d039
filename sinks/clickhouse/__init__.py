"""ClickHouse: what the journal holds, as tables that answer questions."""
