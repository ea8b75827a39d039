"""Several hosts on one machine: network namespaces behind a bridge, so that a host can be cut off while its processes live on."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Final, Self

from cli.errors import UserError
from cli.stack.ports import LOOPBACK

_NETWORK: Final = "198.18.0"
"""Of the range for benchmarks of devices (RFC 2544), which no network routes."""


class OneHost:
    """Everything on this machine's loopback."""

    address = LOOPBACK
    """where the broker listens"""

    def command(self, name: str) -> tuple[str, ...]:
        """What stands before the command of a process to run it on its host."""
        return ()


class Hosts(OneHost):
    """`with Hosts(("a", "b"), where) as hosts:` makes a namespace of each name; `where` tells the host of a process, "" for this machine.

    Needs the right to make namespaces, so root, and iproute2; refused with one sentence otherwise.
    """

    address = f"{_NETWORK}.1"

    def __init__(self, names: Sequence[str], placed: dict[str, str]) -> None:
        self._names = names
        self._placed = placed
        self._tag = f"hms{os.getpid() % 100_000}"
        self._ip = shutil.which("ip") or ""
        self._made = ExitStack()

    def command(self, name: str) -> tuple[str, ...]:
        """The process runs in its host's namespace."""
        host = self._placed.get(name, "")
        return (self._ip, "netns", "exec", self._space(host)) if host else ()

    def cut(self, host: str) -> None:
        """The cable is pulled: no packet goes in or out, nobody is told."""
        self._run("link", "set", self._cable(host), "down")

    def mend(self, host: str) -> None:
        """The cable is back."""
        self._run("link", "set", self._cable(host), "up")

    def __enter__(self) -> Self:
        if os.geteuid() != 0 or not self._ip:
            raise UserError("Hosts are made of network namespaces: this needs root and the command ip (package iproute2).")
        try:
            self._make()
        except BaseException:  # an interrupt too leaves no namespace behind
            self._made.close()
            raise
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._made.close()

    def _make(self) -> None:
        self._run("link", "add", self._tag, "type", "bridge")
        self._made.callback(self._run, "link", "delete", self._tag)
        self._run("address", "add", f"{self.address}/24", "dev", self._tag)
        self._run("link", "set", self._tag, "up")
        for number, host in enumerate(self._names, start=2):
            space, cable = self._space(host), self._cable(host)
            self._run("netns", "add", space)
            self._made.callback(self._run, "netns", "delete", space)  # takes both ends of the cable with it
            self._run("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
            self._run("link", "set", cable, "master", self._tag, "up")
            for words in (
                ("address", "add", f"{_NETWORK}.{number}/24", "dev", "eth0"),
                ("link", "set", "eth0", "up"),
                ("link", "set", "lo", "up"),
            ):
                self._run("-netns", space, *words)

    def _space(self, host: str) -> str:
        return f"{self._tag}-{host}"

    def _cable(self, host: str) -> str:
        return f"{self._tag}{host}"

    def _run(self, *words: str) -> None:
        said = subprocess.run([self._ip, *words], capture_output=True, text=True, check=False)
        if said.returncode != 0:
            raise UserError(f"ip {' '.join(words)}: {said.stderr.strip()}")
