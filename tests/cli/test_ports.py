"""Ports: the preferred one, else a free one; never one that another stack has chosen but not opened yet."""

import socket
import subprocess
import sys

from cli.stack import ports
from cli.stack.ports import Ports


def test_the_preferred_port_is_taken_when_free_and_left_when_a_server_listens() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as server, Ports() as claimed:
        busy = server.getsockname()[1]
        assert ports.answers(busy)
        assert not ports.is_free(busy)
        chosen = claimed.choose(busy)
        assert chosen != busy
        assert ports.is_free(chosen)
    with Ports() as claimed:
        assert claimed.choose(chosen) == chosen


def test_a_stack_never_chooses_the_same_port_twice() -> None:
    with Ports() as claimed:
        first = claimed.choose(0)
        assert claimed.choose(first) != first


def test_a_claim_holds_against_another_process_until_it_is_given_up() -> None:
    program = "import sys; from cli.stack.ports import Ports; print(Ports().choose(int(sys.argv[1])))"

    def other(port: int) -> int:
        return int(subprocess.run([sys.executable, "-c", program, str(port)], capture_output=True, check=True).stdout)

    with Ports() as claimed:
        port = claimed.choose(0)
        assert other(port) != port
    assert other(port) == port
