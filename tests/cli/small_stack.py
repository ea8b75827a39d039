"""A stack whose workers and API are small programs: run as `python -m tests.cli.small_stack FOLDER [ROLE]`."""

import http.server
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from cli.environment import load_settings, quiet
from cli.errors import UserError
from cli.output import print_json, tell
from cli.stack.stack import Programs, Stack
from cli.stack.state import StackState
from journal import topics


class _Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()


def _serve() -> None:
    http.server.HTTPServer(("127.0.0.1", int(os.environ["HMS_API_PORT"])), _Ready).serve_forever()


def _work(folder: Path) -> None:
    """Show what the environment said, then live until SIGTERM."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    settings = load_settings()
    (folder / f"worker-{settings.worker_index}.seen").write_text(f"{settings.kafka_bootstrap} {settings.data_dir}")
    while True:
        time.sleep(60)


def _up(folder: Path) -> None:
    settings = load_settings(data_dir=folder, kafka_port=0, api_port=0, partitions=2, workers=2, auth="off")
    own = (sys.executable, "-m", "tests.cli.small_stack", str(folder))
    programs = Programs(
        (*own, "work"), (*own, "serve"), (*own, "wait"), (sys.executable, "-c", "print('Use case 5.1: account CR-1', flush=True)")
    )

    def make_topics(actual: object) -> None:
        assert isinstance(actual, type(settings))
        topics.apply(quiet(actual))

    def ready(state: StackState) -> None:
        print_json(
            {"pid": state.pid, "kafka": state.kafka_bootstrap, "api": state.api_url, "children": {c.name: c.pid for c in state.children}}
        )

    stack = Stack(settings, make_topics, tell, ready, programs)
    try:
        stack.run()
    except UserError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    match sys.argv[2:]:
        case ["work"]:
            _work(Path(sys.argv[1]))
        case ["serve"]:
            _serve()
        case ["wait"]:
            signal.pause()
        case _:
            _up(Path(sys.argv[1]))
