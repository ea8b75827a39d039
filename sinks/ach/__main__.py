"""The rail as a process: `python -m sinks.ach`, with its settings in the environment."""

import logging
import signal
import sys
import threading

from journal.keys.masters import KeyAccessError
from journal.keys.sealer import Sealer
from journal.keys.store import KeyStore
from journal.letter_box import letter_seal
from journal.partition_count import PartitionCountError
from journal.settings import Settings
from sinks.ach.config import ConfigError, load
from sinks.ach.sink import AchSink, Keys


def main() -> int:
    """Work until SIGTERM or SIGINT (exit code 0). Exit code 1 for a configuration or keys that cannot be used."""
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
    try:
        with KeyStore.of(settings) as store:
            AchSink(settings, config, Keys(Sealer(store), letter_seal(settings))).run(stop)
    except (KeyAccessError, PartitionCountError) as error:
        logging.getLogger("sinks.ach").critical("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
