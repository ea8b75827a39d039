"""Logs are bounded, and their writer notices nothing."""

from pathlib import Path

from cli.stack.logs import rotate


def test_a_full_log_is_kept_once_and_begins_anew_under_its_writer(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * 100)
        assert not rotate(log, bytes_max=100)
        writer.write(b"y")
        assert rotate(log, bytes_max=100)
        writer.write(b"goes on\n")
    assert log.read_bytes() == b"goes on\n"
    assert (tmp_path / "worker.log.1").read_bytes() == b"x" * 100 + b"y"
