"""The sink as a process of its own, for a ClickHouse server: `python -m sinks.clickhouse`, with its settings in the environment."""

import logging
import signal
import sys

from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from prometheus_client import CollectorRegistry, start_http_server

from journal.settings import Settings
from sinks.clickhouse.attempts import AttemptsSink
from sinks.clickhouse.database import Database
from sinks.clickhouse.lock import FolderInUseError
from sinks.clickhouse.migrate import SchemaError
from sinks.clickhouse.sink import ClickHouseSink

_log = logging.getLogger("sinks.clickhouse")


def main() -> int:
    """Store the journal and the delivery logs until SIGTERM or SIGINT (exit code 0). Exit code 1: it cannot start, or stops by itself."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        database = Database(settings)
    except (FolderInUseError, SchemaError, ClickHouseError) as error:
        _log.critical("the sink cannot start: %s", error)
        return 1
    with database:
        registry = CollectorRegistry()
        if settings.sink_metrics_port:
            start_http_server(settings.sink_metrics_port, settings.sink_metrics_host, registry)
        sink, attempts = ClickHouseSink(settings, database, registry=registry), AttemptsSink(settings, database)
        told = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, _frame: told.append(received))
        sink.start()
        attempts.start()
        while not told and not sink.wait(0.2) and attempts.error is None:
            pass
        sink.stop()
        attempts.stop()
    return 1 if sink.error is not None or attempts.error is not None else 0


if __name__ == "__main__":
    sys.exit(main())
