"""Code of others in this repository: what it is, that it is what it was, and that its licence is with it."""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", ["dashboards/web/vendor", "tests/browser/vendor"])
def test_every_file_is_locked_and_licensed(folder: str) -> None:
    lines = (ROOT / folder / "vendor.lock").read_text().splitlines()[1:]
    locked = {line.split("\t")[0]: line.split("\t") for line in lines}
    assert set(locked) == {path.name for path in (ROOT / folder).iterdir() if path.suffix in {".js", ".mjs"}}
    for name, (_, package, version, _, _, sha256) in locked.items():
        assert hashlib.sha256((ROOT / folder / name).read_bytes()).hexdigest() == sha256, name
        assert version.count(".") == 2
        assert (ROOT / folder / f"{package.removesuffix('-core')}.LICENSE.txt").is_file()
