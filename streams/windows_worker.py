"""The process of the hospital windows: `python -m streams.windows_worker`, with its settings in the environment."""

import asyncio
import logging
import os
import sys

import uvloop

from journal.settings import Settings
from streams.stacks import StackWorker
from streams.windows import build

NICE = 10
"""Advisory work gives way to the money's."""


def main() -> int:
    """Run until SIGTERM or SIGINT."""
    settings = Settings()
    os.nice(NICE)
    logging.basicConfig(level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    for name in ("faust", "mode", "aiokafka"):
        logging.getLogger(name).setLevel(logging.WARNING)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    StackWorker(build(settings), override_logging=False, quiet=True, loglevel="WARN").execute_from_commandline()
    return 0


if __name__ == "__main__":
    sys.exit(main())
