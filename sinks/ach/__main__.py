"""The rail as a process: `python -m sinks.ach`, with its settings in the environment."""

import logging
import signal
import sys
import threading

from journal.settings import Settings
from sinks.ach.config import ConfigError, load
from sinks.ach.sink import AchSink


def main() -> int:
    """Work until SIGTERM or SIGINT (exit code 0). Exit code 1 for a configuration that cannot be used."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("asyncssh").setLevel(logging.WARNING)
    try:
        config = load(settings)
    except ConfigError as error:
        logging.getLogger("sinks.ach").critical("%s", error)
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    AchSink(settings, config).run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
