"""A row edited in the user's own editor, which has the terminal of the app meanwhile."""

import json
import sqlite3
from pathlib import Path

import pytest
from terminal import Open, Terminal
from tunedeck.engine.data import rows_file
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.store import datasets
from tunedeck.store.datasets import NewDataset
from tunedeck.store.paths import Home


@pytest.fixture
def version(db: sqlite3.Connection, home: Home) -> str:
    made = home.root / "made.parquet"
    written = rows_file.write(made, [RowRecord(1, '{"text": "Works."}'), RowRecord(2, '{"text": "Helps."}')])
    operation = json.dumps({"op": "import", "sentence": "2 rows read"})
    new = NewDataset("reviews", "", None, operation, "reviews.jsonl", written.rows, written.bad_rows, written.sha256)
    return datasets.add(db, home, new, made).label


def editor(folder: Path, *lines: str) -> str:
    """A command that does this to the file whose name it is given."""
    script = folder / "editor"
    script.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    script.chmod(0o755)
    return str(script)


def open_rows(terminal: Terminal, version: str) -> None:
    terminal.until("RUNS")
    terminal.press("3")
    terminal.until(version)
    terminal.press("\r")
    terminal.until("text: Works.")


def test_an_edited_row_makes_a_version_and_ctrl_c_is_for_the_editor_alone(
    db: sqlite3.Connection, home: Home, version: str, open_app: Open, environment: dict[str, str], tmp_path: Path
) -> None:
    # The terminal sends Ctrl+C to the editor and to the app behind it.
    environment["EDITOR"] = editor(tmp_path, "echo It has the terminal.", "kill -INT $PPID", "sed -i s/Works/Fails/ $1")
    terminal = open_app()
    open_rows(terminal, version)
    terminal.press("e")
    terminal.until("It has the terminal.")
    terminal.until("reviews@v2 has 2 rows", 60)
    changed = rows_file.read(datasets.find(db, "reviews@v2").path(home))
    assert [row.value for row in changed] == [{"text": "Fails."}, {"text": "Helps."}]


def test_what_is_no_json_is_there_to_be_mended(
    db: sqlite3.Connection, version: str, open_app: Open, environment: dict[str, str], tmp_path: Path
) -> None:
    environment["EDITOR"] = editor(tmp_path, "cat $1", 'echo "{half of it" > $1')
    terminal = open_app()
    open_rows(terminal, version)
    terminal.press("e")
    terminal.until("Line 1 would be no JSON")
    editor(tmp_path, "cat $1", "exit 3")
    terminal.press("e")
    terminal.until("{half of it")
    terminal.until("with exit code 3. Nothing was changed.")
    assert [made.label for made in datasets.of_all(db)] == [version]
