"""The API as a process: `python -m api.serve`, with its settings in the environment. The embedded ClickHouse and its sink run in it too."""

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import resource
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator, Sequence

import uvicorn
from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from fastapi import FastAPI

from api.app import LOOPBACK_NAMES, create_app
from api.assembly import Assembly
from api.auth.folder import SecretError
from api.auth.identity import Identity
from api.auth.peer import peer_protocol
from api.auth.tls import server_context
from api.door import Door
from api.patience import PatientProtocol
from api.server import Server
from journal.partition_count import PartitionCountError, must_be
from journal.settings import Settings
from journal.topics import together
from sinks.ach.config import ConfigError, known
from sinks.clickhouse.database import Database
from sinks.clickhouse.lock import FolderInUseError
from sinks.clickhouse.migrate import SchemaError

_GRACE_S = 3
_ASKS_S = 3.0
_FINISH_S = 30.0
"""between two looks at erasures that wait for an open payment"""
_BACKLOG = 2048
_FILES = 1024
"""what ClickHouse's tables, Kafka's connections and logs take of the process's file limit, generously"""
log = logging.getLogger("api")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT (exit code 0). Exit code 1 and one sentence when it cannot start."""
    settings = Settings()
    with_sink = _with_sink(settings, arguments)
    logging.basicConfig(level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    try:
        identity = _identity(settings)
        tls = server_context(settings) if identity else None
        banks = known(settings)
        _must_agree(settings)
        listener = _listen(settings)
        database = Database(settings)
    except (FolderInUseError, SchemaError, SecretError, ConfigError, PartitionCountError, OSError, ClickHouseError) as error:
        log.critical("The API cannot start: %s", error)
        return 1
    assembly = Assembly(settings, database, with_sink=with_sink, banks=banks)
    _serve(assembly, listener, settings, identity, tls)
    if not assembly.stop():
        logging.shutdown()
        os._exit(0)
    database.close()
    return 0


def _must_agree(settings: Settings) -> None:
    """Raise PartitionCountError when the topics have another partition count. Without Kafka nothing is said: readiness waits for it."""
    with contextlib.suppress(KafkaException):
        must_be(settings.partitions, AdminClient(settings.kafka()), together(), _ASKS_S)


def _with_sink(settings: Settings, arguments: Sequence[str] | None) -> bool:
    parser = argparse.ArgumentParser("python -m api.serve", description=__doc__)
    parser.add_argument(
        "--sink",
        action=argparse.BooleanOptionalAction,
        default=not settings.clickhouse_dsn,
        help="run the ClickHouse sink in this process; the default with the embedded engine, which one process owns",
    )
    return bool(parser.parse_args(arguments).sink)


def _identity(settings: Settings) -> Identity | None:
    """Clients, keys and sessions; None while authentication is off. Raises SecretError when one of them cannot be used."""
    if settings.auth == "off":
        return None
    try:
        identity = Identity(settings, time.time)
        identity.clients.all()
        identity.keys.signer()
    except (LookupError, ValueError) as error:
        raise SecretError(str(error)) from error
    return identity


def _listen(settings: Settings) -> socket.socket:
    """The listening socket, bound before anything else is done, so that a taken port is found out at once."""
    family = socket.AF_INET6 if ":" in settings.api_host else socket.AF_INET
    try:
        return socket.create_server((settings.api_host, settings.api_port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise OSError(
            f"port {settings.api_port} on {settings.api_host} cannot be used ({error.strerror}); choose one with HMS_API_PORT"
        ) from error


def _serve(assembly: Assembly, listener: socket.socket, settings: Settings, identity: Identity | None, tls: ssl.SSLContext | None) -> None:
    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.services = assembly.services
        app.state.rule_actions = assembly.rule_actions
        app.state.deliveries = assembly.deliveries
        app.state.subjects = assembly.subjects
        app.state.evidence = assembly.evidence
        app.state.banks = assembly.banks
        app.state.desk = assembly.desk
        assembly.start()
        _spare_what_stays()
        finishing = asyncio.create_task(assembly.subjects.keep_finishing(_FINISH_S))
        host, port = listener.getsockname()[:2]
        if identity is None:
            log.info("The API answers on http://%s:%d, on this machine alone: authentication is off.", host, port)
            yield
            finishing.cancel()
            return
        log.info("The API answers on https://%s:%d.", host, port)
        sources = (identity.outside, identity.sign_in.provider if identity.sign_in else None)
        followed = [asyncio.create_task(source.follow()) for source in sources if source is not None]
        yield
        for task in (finishing, *followed):
            task.cancel()
        identity.close()

    config = uvicorn.Config(
        create_app(assembly.metrics, lifespan, LOOPBACK_NAMES | {name.lower() for name in settings.names()}, identity),
        loop="uvloop",
        http=peer_protocol(identity.clients.turned_away) if identity else PatientProtocol,
        ssl_context_factory=(lambda _config, _default: tls) if tls else None,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_GRACE_S,
    )
    Server(config, _door(settings)).run([listener])


def _spare_what_stays() -> None:
    """Keep modules, routes and models out of the garbage collector's way: walking them all took a tenth of a second, and every request
    under way waited for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 100)


def _door(settings: Settings) -> Door:
    """A door for as many connections as are asked for, and as the process has files for."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    most = settings.connections_max
    if hard != resource.RLIM_INFINITY and hard < most + _FILES:
        most = max(hard - _FILES, 10)
        log.warning("only %d connections are let in: the process may open %d files, and needs %d for itself", most, hard, _FILES)
    return Door(most, settings.connections_of_one, settings.proxies())


if __name__ == "__main__":
    sys.exit(main())
