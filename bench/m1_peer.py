"""The engine with job M1, as one peer process of the side-by-side benchmark (`bench/m1`)."""

import asyncio
import logging
import os
import sys

import faust
import uvloop
from confluent_kafka.admin import AdminClient

from bench.m1_job import M1
from journal.settings import Settings
from journal.topics import TopicSpec, apply
from streams.engine.app import build


def main() -> int:
    """Run until SIGTERM; the topics it makes carry the run's name."""
    env = os.environ
    machine = M1(env["M1_RUN"], env["M1_IN"], env["M1_OUT"])
    bootstrap = env.get("M1_BOOTSTRAP", "127.0.0.1:19092")
    partitions = len(
        AdminClient({"bootstrap.servers": bootstrap}).list_topics(machine.sources[0], 20).topics[machine.sources[0]].partitions
    )
    settings = Settings(kafka_bootstrap=bootstrap, partitions=partitions, tick_interval_ms=0)
    apply(
        settings,
        [TopicSpec(machine.journal, {}), TopicSpec(machine.checkpoints, {"cleanup.policy": "compact"}), TopicSpec(machine.letters, {})],
    )
    logging.basicConfig(level="WARNING", stream=sys.stderr)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    faust.Worker(build(settings, machine), override_logging=False, quiet=True, loglevel="WARN").execute_from_commandline()
    return 0


if __name__ == "__main__":
    sys.exit(main())
