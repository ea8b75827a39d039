"""Delivery against a real SFTP server on loopback and a real age key."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pyrage  # type: ignore[import-untyped]
import pytest
from msgspec.structs import replace

from sinks.ach.config import Config, Sftp, sandbox
from sinks.ach.delivery import Courier, DeliveryError
from sinks.ach.folders import Folders, place
from sinks.ach.lineage import Lineage
from sinks.ach.pulling import Puller


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    found = Folders(tmp_path / "data")
    found.prepare()
    return found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sftp]:
    """A bank's SFTP server; `bank` in the test's folder is its root."""
    root = tmp_path / "bank"
    root.mkdir()
    host, client = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
    client.write_private_key(str(tmp_path / "key"))
    client.write_public_key(str(tmp_path / "authorized"))
    loop = asyncio.new_event_loop()

    async def serve() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[host],
            authorized_client_keys=str(tmp_path / "authorized"),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=bytes(root)),
        )

    async def close() -> None:
        acceptor.close()
        await acceptor.wait_closed()
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)

    acceptor = loop.run_until_complete(serve())
    port = acceptor.get_port()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    (tmp_path / "known").write_text(f"[127.0.0.1]:{port} {host.export_public_key().decode()}")
    yield Sftp(host="127.0.0.1", port=port, user="hms", key_file=str(tmp_path / "key"), known_hosts=str(tmp_path / "known"))
    asyncio.run_coroutine_threadsafe(close(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def with_bank(**changes: object) -> Config:
    config = sandbox()
    return replace(config, banks={"sandbox": replace(config.banks["sandbox"], **changes)})


def test_a_file_is_pushed_whole_and_once(folders: Folders, server: Sftp, tmp_path: Path) -> None:
    courier = Courier(with_bank(sftp=server), folders)
    for _ in range(2):
        courier.deliver("sandbox", "a.ach", b"content")
    assert {path.name: path.read_bytes() for path in (tmp_path / "bank").iterdir()} == {"a.ach": b"content"}
    (tmp_path / "bank" / "b.ach.part").write_bytes(b"half of an ear")
    courier.deliver("sandbox", "b.ach", b"other content")
    assert (tmp_path / "bank" / "b.ach").read_bytes() == b"other content"
    (tmp_path / "bank" / "c.ach").write_bytes(b"something else")
    with pytest.raises(DeliveryError, match="another file"):
        courier.deliver("sandbox", "c.ach", b"content of c")
    assert (tmp_path / "bank" / "c.ach").read_bytes() == b"something else"


def test_a_server_that_is_not_the_known_one_gets_nothing(folders: Folders, server: Sftp, tmp_path: Path) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    (tmp_path / "known").write_text(f"[127.0.0.1]:{server.port} {stranger}")
    with pytest.raises(DeliveryError, match="HostKeyNotVerifiable"):
        Courier(with_bank(sftp=server), folders).deliver("sandbox", "a.ach", b"content")
    assert not list((tmp_path / "bank").iterdir())


def test_a_bank_that_does_not_answer_is_a_delivery_error(folders: Folders, server: Sftp) -> None:
    with pytest.raises(DeliveryError):
        Courier(with_bank(sftp=replace(server, port=1)), folders).deliver("sandbox", "a.ach", b"content")
    assert (folders.outbox / "a.ach").exists()


def test_an_encrypted_file_opens_with_the_banks_key_alone(folders: Folders) -> None:
    key = pyrage.x25519.Identity.generate()
    courier = Courier(with_bank(age_recipients=(str(key.to_public()),)), folders)
    path = courier.deliver("sandbox", "a.ach", b"content")
    first = path.read_bytes()
    assert courier.deliver("sandbox", "a.ach", b"content").read_bytes() == first, "made once, although no two encryptions are the same"
    assert [found.name for found in folders.outbox.iterdir()] == ["a.ach.age"]
    assert pyrage.decrypt(first, [key]) == b"content"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(first, [pyrage.x25519.Identity.generate()])


def test_a_name_that_is_taken_is_never_overwritten(folders: Folders) -> None:
    path = folders.outbox / "a.ach"
    assert place(path, b"one")
    assert not place(path, b"one")
    with pytest.raises(FileExistsError):
        place(path, b"two")
    assert path.read_bytes() == b"one"
    assert [found.name for found in folders.outbox.iterdir()] == ["a.ach"], "nothing half done is left"


def test_what_the_bank_lays_out_is_fetched_once_it_stands_still(folders: Folders, server: Sftp, tmp_path: Path) -> None:
    out = tmp_path / "bank" / "out"
    out.mkdir()
    (out / "returns.ach").write_bytes(b"1")
    (out / ".hidden.ach").write_bytes(b"no")
    (out / "readme.txt").write_bytes(b"no")
    (out / "folder.ach").mkdir()
    config = with_bank(sftp=replace(server, pull_folder="out"))
    with Lineage(folders.lineage) as lineage:
        puller = Puller(config, folders, lineage)
        assert puller.pull() == [], "seen for the first time: it may still grow"
        (out / "returns.ach").write_bytes(b"12")
        assert puller.pull() == [], "it grew"
        assert [path.read_bytes() for path in puller.pull()] == [b"12"]
        assert puller.pull() == []
        (out / "b.settled.csv").write_bytes(b"x")
        puller.pull()
        assert [path.name for path in puller.pull()] == ["b.settled.csv"]
        assert sorted(path.name for path in folders.inbox.iterdir()) == ["b.settled.csv", "returns.ach"]
        again = Puller(config, folders, lineage)
        assert [again.pull(), again.pull()] == [[], []], "remembered over a restart"
        (out / "returns.ach").write_bytes(b"of the next day")
        again.pull()
        [path] = again.pull()
        assert path.name.startswith("sandbox-")
        assert path.name.endswith("-returns.ach")
    assert sorted(path.name for path in out.iterdir()) == [".hidden.ach", "b.settled.csv", "folder.ach", "readme.txt", "returns.ach"]


def test_a_bank_that_does_not_answer_gives_nothing_and_breaks_nothing(folders: Folders, server: Sftp) -> None:
    with Lineage(folders.lineage) as lineage:
        assert Puller(with_bank(sftp=replace(server, port=1, pull_folder="out")), folders, lineage).pull() == []
        assert Puller(with_bank(sftp=replace(server, pull_folder="nowhere")), folders, lineage).pull() == []
        assert Puller(with_bank(sftp=server), folders, lineage).pull() == []
