"""Apache Kafka's jars: a locked list with hashes, fetched once by jgo into a cache that then serves without a network."""

import contextlib
import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.errors import UserError
from cli.stack.folder import require_space

JARS_LOCK = Path(__file__).with_name("jars.lock")
ROOTS = (
    "org.apache.kafka:kafka_2.13:4.3.1",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4",  # without a backend the broker's log is silent
)
_ATTEMPTS = 3
_PARALLEL = 6
_STAGING = ".fetch-"

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Jar:
    """One locked jar: Maven coordinates, size in bytes and SHA-256 in hex."""

    group: str
    artifact: str
    version: str
    size_bytes: int
    sha256: str

    @property
    def file_name(self) -> str:
        """Name in the cache; no two locked jars share it."""
        return f"{self.artifact}-{self.version}.jar"

    @property
    def coordinate(self) -> str:
        """Maven's `group:artifact:version`."""
        return f"{self.group}:{self.artifact}:{self.version}"


def locked_jars(lock: Path = JARS_LOCK) -> tuple[Jar, ...]:
    """The jars of the lock file, in class path order."""
    return tuple(_locked_jar(line) for line in lock.read_text().splitlines() if not line.startswith("#"))


def _locked_jar(line: str) -> Jar:
    coordinate, size, sha256 = line.split()
    group, artifact, version = coordinate.split(":")
    return Jar(group, artifact, version, int(size), sha256)


def missing(folder: Path, jars: tuple[Jar, ...]) -> tuple[Jar, ...]:
    """The jars that are absent from the folder or whose bytes are not the locked ones (all hashed: 30 ms)."""
    return tuple(jar for jar in jars if not _is_intact(folder / jar.file_name, jar))


def folder_in(cache: Path) -> Path:
    """Where a cache folder keeps the jars."""
    return cache.expanduser() / "jars"


def fetch(cache: Path, maven_url: str = "", advance: Advance = lambda _bytes: None, lock: Path = JARS_LOCK) -> tuple[Path, ...]:
    """The class path, after downloading what the cache lacks. `advance` hears of each chunk's bytes.

    Safe in several processes at once: one downloads, the others wait for it. Refused with one sentence when the
    repository cannot be reached, a file is not the locked one, or the disk is full.
    """
    jars, folder = locked_jars(lock), folder_in(cache)
    if missing(folder, jars):
        with _alone(folder):
            absent = missing(folder, jars)  # another process may have fetched them while this one waited
            require_space(folder, 2 * sum(jar.size_bytes for jar in absent), "HMS_CACHE_DIR")
            _download_all(folder, absent, maven_url, advance)
    return tuple(folder / jar.file_name for jar in jars)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("ab")
    except OSError as error:
        raise UserError(f"The cache folder {folder} cannot be used ({error.strerror}); choose another with HMS_CACHE_DIR.") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _download_all(folder: Path, absent: tuple[Jar, ...], maven_url: str, advance: Advance) -> None:
    for left in folder.glob(f"{_STAGING}*"):  # by a process that was killed: nobody else is here now
        shutil.rmtree(left)
    with ThreadPoolExecutor(_PARALLEL) as pool:
        running = [pool.submit(_download, folder, jar, maven_url, advance) for jar in absent]
        try:
            for download in running:
                download.result()
        except BaseException:  # Ctrl-C included: don't begin with the rest
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _download(folder: Path, jar: Jar, maven_url: str, advance: Advance) -> None:
    """Put one verified jar into the folder, under its name only once it is whole."""
    import requests

    failure = ""
    for _attempt in range(_ATTEMPTS):
        # A folder for each attempt: jgo writes in place and refuses to write over a file that is already there.
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=folder) as staging:
            try:
                path = _ask(jar, Path(staging), maven_url, advance)
            except (requests.RequestException, RuntimeError) as error:
                failure = f"could not be downloaded ({type(error).__name__})"
                continue
            if _is_intact(path, jar):
                path.replace(folder / jar.file_name)
                return
            failure = "that was downloaded is not the locked one (SHA-256 differs)"
    raise UserError(
        f"The jar {jar.coordinate} {failure}; the first start needs a Maven repository "
        "(HMS_MAVEN_URL names another than Maven Central), later ones need no network."
    )


def _ask(jar: Jar, repository: Path, maven_url: str, advance: Advance) -> Path:
    from jgo.maven import MavenContext, PythonResolver

    @contextlib.contextmanager
    def progress(_name: str, _size: int) -> Iterator[Advance]:
        yield advance

    resolver = PythonResolver(progress_callback=progress)
    remotes = {"repository": maven_url} if maven_url else None
    context = MavenContext(resolver=resolver, repo_cache=repository, remote_repos=remotes, timeout=30)
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    path = resolver.download(artifact)
    assert path is not None
    return Path(path)


def _is_intact(path: Path, jar: Jar) -> bool:
    if not path.is_file() or path.stat().st_size != jar.size_bytes:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256


def write_lock(lock: Path = JARS_LOCK) -> None:
    """Resolve `ROOTS` anew and write the lock file (part of `make lock`).

    Each root is resolved by itself: together, jgo lets the logging backend's own managed versions override Kafka's.
    The first root to name an artifact decides its version.
    """
    from jgo.maven import MavenContext

    with tempfile.TemporaryDirectory() as repository:
        context: Any = MavenContext(repo_cache=Path(repository), timeout=30)
        found: dict[tuple[str, str], Any] = {}
        for root in ROOTS:
            inputs, transitive = context.resolver.resolve([context.create_dependency(root)])
            for dependency in (*inputs, *transitive):
                found.setdefault((dependency.groupId, dependency.artifactId), dependency.artifact)
        lines = [_locked_line(artifact) for _, artifact in sorted(found.items())]
    header = "# Apache Kafka and what it needs: coordinate, bytes, SHA-256. Written by `make lock`; read by cli/stack/jars.py.\n"
    temporary = lock.with_suffix(".new")
    temporary.write_text(header + "".join(lines))
    temporary.replace(lock)


def _locked_line(artifact: Any) -> str:
    content = Path(artifact.resolve()).read_bytes()
    coordinate = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
    return f"{coordinate} {len(content)} {hashlib.sha256(content).hexdigest()}\n"


if __name__ == "__main__":
    write_lock()
