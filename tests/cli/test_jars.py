"""The jar cache: verified, shared by processes, and enough without a network."""

import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from cli.errors import UserError
from cli.stack import jars

CONTENT = {"alpha": b"first jar" * 1000, "beta": b"second jar" * 2000}


class Repository:
    """A Maven repository on loopback with two small jars; counts what is asked of it."""

    def __init__(self, server: HTTPServer, folder: Path) -> None:
        self.asked: Counter[str] = Counter()
        self.content = dict(CONTENT)
        self.lock = folder / "jars.lock"
        lines = [f"org.example:{name}:1.0 {len(data)} {hashlib.sha256(data).hexdigest()}\n" for name, data in CONTENT.items()]
        self.lock.write_text("# test\n" + "".join(lines))
        self._server = server
        server.expect_request("/").respond_with_data("")
        for name in CONTENT:
            server.expect_request(f"/org/example/{name}/1.0/{name}-1.0.jar").respond_with_handler(self._answer)

    @property
    def url(self) -> str:
        return self._server.url_for("").rstrip("/")

    def _answer(self, request: Request) -> Response:
        name = request.path.split("/")[3]
        self.asked[name] += 1
        return Response(self.content[name])


@pytest.fixture
def repository(httpserver: HTTPServer, tmp_path: Path) -> Repository:
    return Repository(httpserver, tmp_path)


def test_what_is_missing_is_downloaded_once_and_then_served_without_a_network(repository: Repository, tmp_path: Path) -> None:
    counted: list[int] = []
    paths = jars.fetch(tmp_path, repository.url, counted.append, repository.lock)
    assert [path.read_bytes() for path in paths] == list(CONTENT.values())
    assert sum(counted) == sum(map(len, CONTENT.values()))
    assert jars.fetch(tmp_path, "http://127.0.0.1:9", lock=repository.lock) == paths
    assert sorted(path.name for path in jars.folder_in(tmp_path).iterdir()) == [".lock", "alpha-1.0.jar", "beta-1.0.jar"]


def test_a_damaged_jar_is_fetched_again(repository: Repository, tmp_path: Path) -> None:
    alpha, _beta = jars.fetch(tmp_path, repository.url, lock=repository.lock)
    alpha.write_bytes(b"x" * alpha.stat().st_size)
    assert jars.fetch(tmp_path, repository.url, lock=repository.lock)[0].read_bytes() == CONTENT["alpha"]
    assert repository.asked == {"alpha": 2, "beta": 1}


def test_other_bytes_than_the_locked_ones_are_refused_and_leave_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.content["beta"] = b"somebody else's jar"
    with pytest.raises(UserError, match=r"org\.example:beta:1\.0 .* not the locked one"):
        jars.fetch(tmp_path, repository.url, lock=repository.lock)
    assert not (jars.folder_in(tmp_path) / "beta-1.0.jar").exists()


def test_what_a_killed_download_left_is_cleared_away(repository: Repository, tmp_path: Path) -> None:
    left = jars.folder_in(tmp_path) / ".fetch-abc"
    left.mkdir(parents=True)
    (left / "half.jar").write_bytes(b"half")
    jars.fetch(tmp_path, repository.url, lock=repository.lock)
    assert not left.exists()


def test_an_unreachable_repository_is_one_sentence_that_says_what_to_do(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"could not be downloaded \(ConnectionError\).*HMS_MAVEN_URL") as refused:
        jars.fetch(tmp_path, "http://127.0.0.1:9", lock=repository.lock)
    assert "\n" not in str(refused.value)


def test_two_processes_at_once_download_once(repository: Repository, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from cli.stack import jars\n"
        "print(len(jars.fetch(Path(sys.argv[1]), sys.argv[2], lock=Path(sys.argv[3]))))"
    )
    command = [sys.executable, "-c", program, str(tmp_path), repository.url, str(repository.lock)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate(timeout=60)[0] for process in running] == ["2\n"] * 3
    assert repository.asked == {"alpha": 1, "beta": 1}


def test_a_cache_that_cannot_be_made_is_one_sentence(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="HMS_CACHE_DIR"):
        jars.fetch(tmp_path / "file", repository.url, lock=repository.lock)


def test_the_locked_class_path_is_one_kafka_release_with_a_log_backend() -> None:
    locked = jars.locked_jars()
    assert {jar.version for jar in locked if jar.group == "org.apache.kafka"} == {"4.3.1"}
    assert {jar.coordinate for jar in locked} >= set(jars.ROOTS)
    assert len({jar.file_name for jar in locked}) == len(locked)
