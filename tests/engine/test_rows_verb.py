"""The verb rows, spoken to as the app does: the first rows at once, then a file of all of them."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tunedeck.engine.data import rows_file
from tunedeck.engine.verbs import rows
from tunedeck.store import database, datasets
from tunedeck.store.datasets import NewDataset
from tunedeck.store.errors import DataError
from tunedeck.store.paths import Home

LABELLED = [{"text": f"the film number {number} was long", "label": ["good", "bad"][number % 2]} for number in range(8)]


def source(folder: Path, lines: list[str]) -> Path:
    path = folder / "train.jsonl"
    path.write_text("\n".join(lines))
    return path


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict]:
    rows.run(list(arguments))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_head_comes_first_and_the_file_of_all_rows_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = source(tmp_path, [*map(json.dumps, LABELLED), "{"])
    head, last = asked(capsys, str(path))
    fault = "not valid JSON: Expecting property name enclosed in double quotes (column 2)"
    assert head["head"] == [*([line, json.dumps(row), ""] for line, row in enumerate(LABELLED, 1)), [9, "", fault]]
    assert last.keys() == {"source", "path", "rows", "bad_rows", "sha256", "format", "tasks", "columns"}
    assert (last["source"], last["rows"], last["bad_rows"]) == (str(path), 9, 1)
    assert (last["format"], last["tasks"]) == ("text and label", ["sequence-classification", "causal-lm"])
    assert last["columns"] == {"text": "text", "label": "label"}
    assert [list(item[:3]) for item in rows_file.read(Path(last["path"]))] == head["head"]
    assert asked(capsys, str(path)) == [head, last]


def test_only_the_first_200_rows_are_the_head(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = source(tmp_path, [str(number) for number in range(1000)])
    head, last = asked(capsys, str(path))
    assert (len(head["head"]), last["rows"]) == (200, 1000)
    assert len(asked(capsys, str(path))[0]["head"]) == 200


def test_progress_is_told_now_and_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "PROGRESS_ROWS", 300)
    monkeypatch.setattr(rows, "PROGRESS_SECONDS", 0)
    _, *progress, _ = asked(capsys, str(source(tmp_path, ["1"] * 1000)))
    assert progress == [{"progress": 300}, {"progress": 600}, {"progress": 900}]


def test_a_version_is_answered_with_its_own_file(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "made.parquet"
    written = rows_file.write(made, [rows_file.RowRecord(5, json.dumps(row)) for row in LABELLED])
    db = database.connect(home)
    new = NewDataset("films", "", None, "{}", "train.jsonl", *written)
    version = datasets.add(db, home, new, made)
    head, last = asked(capsys, "data:films")
    assert (last["source"], last["path"]) == ("data:films@v1", str(version.path(home)))
    assert (last["rows"], last["sha256"], len(head["head"])) == (8, written.sha256, 8)


def test_a_task_that_finds_no_columns_is_refused_after_the_head(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = source(tmp_path, list(map(json.dumps, LABELLED)))
    with pytest.raises(DataError, match="no column was found for question"):
        asked(capsys, str(path), "--task", "question-answering")
    assert list(json.loads(capsys.readouterr().out)) == ["head"]
    _, last = asked(capsys, str(path), "--task", "seq2seq-lm", "--columns", "source=text, target=label")
    assert last["columns"] == {"source": "text", "target": "label"}


def test_a_source_without_rows_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, last = asked(capsys, str(source(tmp_path, [])))
    assert (head["head"], last["rows"], last["format"], last["tasks"]) == ([], 0, "no rows", [])


def test_half_a_file_is_never_kept_of_a_process_that_was_ended(tmp_path: Path) -> None:
    path = source(tmp_path, [json.dumps(LABELLED[0])] * 300_000)
    command = [sys.executable, "-P", "-m", "tunedeck.engine", "rows", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline().startswith('{"head"')
        time.sleep(0.3)
        process.send_signal(signal.SIGKILL)
    assert not list((tmp_path / "cache" / "rows").glob("*.parquet"))
