"""One worker process: `python -m streams.worker`, with its settings in the environment."""

import asyncio
import logging
import sys

import uvloop

from journal.letter_box import letter_seal
from journal.settings import Settings
from streams.engine.app import build
from streams.poster import Poster
from streams.stacks import StackWorker


def main() -> int:
    """Run until SIGTERM or SIGINT; a fault of the engine ends the process at once with its own exit code."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    for name in ("faust", "mode", "aiokafka"):
        logging.getLogger(name).setLevel(logging.WARNING)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    app = build(settings, Poster(settings, letter_seal(settings)))
    StackWorker(app, override_logging=False, quiet=True, loglevel="WARN").execute_from_commandline()
    return 0


if __name__ == "__main__":
    sys.exit(main())
