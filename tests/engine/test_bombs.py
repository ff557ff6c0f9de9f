"""Rows made to exhaust memory or the stack: an error with the line, in bounded memory."""

import subprocess
import sys
from pathlib import Path

import pytest
from tiny_tasks import CHAT
from tunedeck.engine.data import jsonl
from tunedeck.engine.data.source import load_rows
from tunedeck.store.errors import DataError

GOOD = '{"prompt": "Hi", "completion": "Hello"}'
BOMBS = [
    ("[" * 200_000, "starts with ["),
    ('{"prompt":' + "[" * 200_000, "line 1: the row is nested too deeply"),
    ('{"a":' * 200_000, "line 1: the row is nested too deeply"),
    ('{"prompt": ' + "7" * 5000 + "}", "line 1: an integer has more than 4,300 digits"),
    ('{"prompt": -1e999}', "line 1: the number -1e999 is too large"),
]

READ_UNDER_LIMIT = """
import resource, sys
from tunedeck.engine import tasks
from tunedeck.engine.data.source import load_rows
from tunedeck.store.config import checked
task = tasks.of(checked({"data": sys.argv[1], "model": "m"}))
resource.setrlimit(resource.RLIMIT_AS, (400 * 2**20, 400 * 2**20))
rows = load_rows(sys.argv[1], task, on_bad_rows="skip")
print(len(rows.rows), rows.bad_rows.count, rows.bad_rows.kept[0])
"""


@pytest.mark.parametrize(("bomb", "sentence"), BOMBS, ids=["list", "in a row", "object", "integer", "float"])
def test_a_bomb_is_an_error_with_its_line(tmp_path: Path, bomb: str, sentence: str) -> None:
    path = tmp_path / "bomb.jsonl"
    path.write_text(bomb + "\n" + GOOD)
    with pytest.raises(DataError) as caught:
        load_rows(str(path), CHAT)
    assert sentence in caught.value.what


def test_a_deep_array_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "bomb.json"
    path.write_text("[" * 200_000)
    with pytest.raises(DataError, match="line 1: the row is nested too deeply"):
        load_rows(str(path), CHAT)


def test_a_line_of_300_megabytes_is_passed_over_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl"
    with path.open("wb") as file:
        file.write(b'{"prompt": "')
        # A hole: 300 MB that take no room on the disk and no time to write.
        file.seek(300 * 2**20)
        file.write(f'"}}\n{GOOD}\n'.encode())
    done = subprocess.run(
        [sys.executable, "-P", "-c", READ_UNDER_LIMIT, str(path)], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "1 1 BadRow(line=1, sentence='the line is longer than 16 MB')", done.stderr


def test_an_array_above_the_limit_is_refused_before_it_is_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "ARRAY_LIMIT_BYTES", 2**20)
    path = tmp_path / "bomb.json"
    path.write_bytes(b"[" + b" " * 2**20)
    with pytest.raises(DataError, match=r"bomb\.json is a JSON array of more than 1 MB"):
        load_rows(str(path), CHAT)
