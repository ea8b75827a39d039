"""Nacha files by hand: looked into, turned into JSON and back, and codes explained."""

import json
from pathlib import Path

import pytest

from ach.writer import write
from tests.ach.samples import batch, entry, file, ppd, returned
from tests.cli.test_main import run


def saved(folder: Path, data: bytes) -> str:
    path = folder / "some.ach"
    path.write_bytes(data)
    return str(path)


def test_a_file_becomes_json_and_the_same_file_again(tmp_path: Path) -> None:
    data = write(file(batch([returned(entry(9), "R15")]), batch([entry(2)], "CCD", number=2)))
    shown = run(tmp_path, "bank", "json", saved(tmp_path, data))
    assert (shown.returncode, shown.stderr) == (0, "")
    assert json.loads(shown.stdout)["batches"][0]["entries"][0]["addenda"][0]["return_code"] == "R15"
    (tmp_path / "some.json").write_text(shown.stdout)
    back = run(tmp_path, "bank", "nacha", str(tmp_path / "some.json"))
    assert (back.returncode, back.stdout.encode()) == (0, data)


def test_what_a_damaged_file_holds_is_shown_beside_its_problems(tmp_path: Path) -> None:
    cut_short = write(ppd(3))[: 4 * 95]
    shown = run(tmp_path, "bank", "json", saved(tmp_path, cut_short))
    assert shown.returncode == 1
    assert len(json.loads(shown.stdout)["batches"][0]["entries"]) == 2
    assert "line 2, batch control: the batch has no control [batch_control]" in shown.stderr


def test_an_override_is_named(tmp_path: Path) -> None:
    heartbeat = saved(tmp_path, write(file()))
    assert run(tmp_path, "bank", "inspect", heartbeat).returncode == 1
    assert run(tmp_path, "bank", "inspect", heartbeat, "--allow", "allow_zero_batches", "--strict").returncode == 0
    wrong = run(tmp_path, "bank", "inspect", heartbeat, "--allow", "everything")
    assert wrong.stderr.startswith("There is no override everything. There are: allow_custom_transaction_codes, ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nacha", "{path}"), "{path}: not a Nacha file in JSON: Expected `object`"),
        (("code", "R99"), "Nacha has assigned no code R99; as a return it would wait for a person."),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    path = saved(tmp_path, write(ppd(1)))
    failed = run(tmp_path, "bank", *(word.format(path=path) for word in words))
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith(sentence.format(path=path))


def test_a_code_is_explained_with_its_source(tmp_path: Path) -> None:
    shown = json.loads(run(tmp_path, "bank", "code", "r11", "--json").stdout)
    assert (shown["window"], shown["action"]) == ("60D", "FX")
    assert "2020-04-01" in shown["source"]
    assert json.loads(run(tmp_path, "bank", "code", "C03", "--json").stdout)["fields"] == ["routing", "account"]
