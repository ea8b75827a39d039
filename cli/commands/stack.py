"""`hms-ach up`, `demo` and `status`: the whole system on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import JsonOption, print_json, print_table, tell

if TYPE_CHECKING:
    from cli.stack.state import StackState
    from journal.settings import Settings

WorkersOption = Annotated[int | None, typer.Option("--workers", help="Faust workers to start (HMS_WORKERS).")]
PortOption = Annotated[int | None, typer.Option("--port", help="Port of the API (HMS_API_PORT).")]
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (HMS_DATA_DIR).")]


def register(app: typer.Typer) -> None:
    """Add `up`, `demo` and `status`."""
    app.command()(up)
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(demo)
    app.command()(status)


def up(workers: WorkersOption = None, port: PortOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Run everything: Kafka, workers, API with the ClickHouse sink; until Ctrl-C or SIGTERM."""
    _run(_settings(workers, port, data), as_json=as_json)


def demo(
    context: typer.Context,
    workers: WorkersOption = None,
    port: PortOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """The same as `up`, with a simulated CREDIT and bank that make payments; further options go to the simulator (--rate 50)."""
    _run(_settings(workers, port, data), simulator_options=tuple(context.args), as_json=as_json)


def status(data: DataOption = None, as_json: JsonOption = False) -> None:
    """What runs on the data folder. Exit code 1 when nothing does or the API is not ready."""
    import time

    from cli.environment import running_settings
    from cli.stack import state
    from cli.stack.folder import DataFolder
    from cli.stack.stack import api_is_ready

    settings = running_settings(data_dir=data)
    running = state.read(DataFolder(settings.data_dir))
    ready = running is not None and api_is_ready(settings)
    if as_json:
        print_json({"running": running is not None, "ready": ready, "stack": _as_data(running)})
    elif running is None:
        tell(f"Nothing runs on {settings.data_dir.absolute()}; `hms-ach up` starts it.")
    else:
        now = time.time()
        rows = [
            (child.name, child.pid or "down", f"{now - child.started_at:,.0f} s", child.restarts, _megabytes(child.pid))
            for child in running.children
        ]
        print_table(f"{running.api_url}  {'ready' if ready else 'NOT READY'}", ("process", "pid", "up for", "restarts", "memory"), rows)
    raise typer.Exit(0 if ready else 1)


def _settings(workers: int | None, port: int | None, data: Path | None) -> "Settings":
    from cli.environment import load_settings

    return load_settings(workers=workers, api_port=port, data_dir=data)


def _run(settings: "Settings", *, as_json: bool, simulator_options: tuple[str, ...] | None = None) -> None:
    from cli.download import download_bar
    from cli.environment import must_agree, quiet
    from cli.stack.stack import Programs, Stack
    from journal import topics

    programs = Programs() if simulator_options is None else Programs().with_simulator(*simulator_options)

    def make_topics(actual: "Settings") -> None:
        must_agree(quiet(actual))
        report = topics.apply(quiet(actual))
        for sentence in report.drift:
            tell(f"Warning: {sentence}")

    def ready(state: "StackState") -> None:
        if as_json:
            print_json(_as_data(state))
        else:
            _show(state, settings, simulated=programs.simulator is not None)

    with download_bar(settings.cache_dir) as advance:
        Stack(settings, make_topics, tell, ready, programs).run(advance)


def _show(state: "StackState", settings: "Settings", *, simulated: bool) -> None:
    from rich.console import Console
    from rich.panel import Panel

    secured = settings.auth == "on"
    lines = [
        f"Page            {state.api_url}/",
        f"API             {state.api_url}/docs",
        f"Health          {state.api_url}/readyz",
        f"Kafka           {state.kafka_bootstrap}",
        "",
        "hms-ach status   what runs, with process ids and memory",
        *(["hms-ach login    a link that signs a person in"] if secured else []),
        *([] if simulated else ["hms-ach demo     the same with a simulated CREDIT and bank"]),
        "Ctrl-C           stops everything; the data stays",
    ]
    Console().print(Panel("\n".join(lines), title="HMS-ACH is up", expand=False))
    if secured:
        for line in _ways_in(state, settings):
            typer.echo(line)


def _ways_in(state: "StackState", settings: "Settings") -> list[str]:
    """For a browser and for curl; both work as they stand."""
    import getpass
    import sys

    from api.auth.folder import IdentityFolder
    from api.auth.sessions import NAME
    from cli.commands.login import sign_in_link

    actual = settings.model_copy(update={"api_port": int(state.api_url.rpartition(":")[2])})
    folder = IdentityFolder(settings.identity_folder())
    user = getpass.getuser()
    link = sign_in_link(actual, user if NAME.fullmatch(user) else "owner", "auditor", None)
    program = sys.argv[0] if Path(sys.argv[0]).name == "hms-ach" else "hms-ach"
    where = "" if settings.data_dir == Path(".data") else f" --data {settings.data_dir}"
    return [
        "",
        "In a browser, once, within ten minutes (it does not know the certificate: that is this machine's own):",
        f"  {link}",
        "With curl:",
        f'  curl -sK {folder.curl("local")} -H "Authorization: Bearer $({program} token{where})" {state.api_url}/api/v1/kpis',
    ]


def _as_data(state: "StackState | None") -> object:
    import msgspec

    return msgspec.to_builtins(state)


def _megabytes(pid: int | None) -> str:
    """Resident memory of a process where the kernel tells it (Linux)."""
    import os

    statm = Path(f"/proc/{pid}/statm")
    if pid is None or not statm.exists():
        return "–"
    return f"{int(statm.read_text().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 1e6:,.0f} MB"
