"""`tunedeck data open` and `search`, by the real engine."""

import json
from pathlib import Path

import pytest
from command import refused, say

ROWS = [
    '{"text": "the film was far too long", "label": "bad"}',
    "hello",
    '{"text": "\\u001b[2J[b]red and green", "label": "good"}',
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "films.jsonl"
    path.write_text("\n".join(ROWS))
    return path


def test_rows_are_shown_in_full_with_their_faults_and_what_they_are(source: Path) -> None:
    told = say("data", "open", str(source))
    assert told.exit_code == 0, told.output
    assert "line 1   " in told.stdout and "the film was far too long" in told.stdout
    assert "! not valid JSON: Expecting value (column 1)" in told.stdout
    assert "[2J[b]red" in told.stdout and "\x1b" not in told.stdout
    assert told.stdout.rstrip().endswith(
        f"{source}: 3 rows, 1 of which can't be used. Format: text and label; suits sequence-classification, causal-lm"
        " with text=text, label=label."
    )


def test_as_json_each_row_is_a_line_and_the_facts_are_the_last(source: Path) -> None:
    *rows, facts = map(json.loads, say("data", "open", str(source), "--json").stdout.splitlines())
    assert rows == [
        {"line": 1, "row": json.loads(ROWS[0])},
        {"line": 2, "error": "not valid JSON: Expecting value (column 1)"},
        {"line": 3, "row": json.loads(ROWS[2])},
    ]
    assert (facts["rows"], facts["bad_rows"], facts["format"]) == (3, 1, "text and label")


def lines(*arguments: str) -> list[int]:
    told = [json.loads(line) for line in say("data", "open", *arguments, "--json").stdout.splitlines()]
    return [row["line"] for row in told if "line" in row]


def test_the_first_rows_a_range_of_lines_or_all(tmp_path: Path) -> None:
    path = tmp_path / "numbers.jsonl"
    path.write_text("\n".join(map(str, range(1500))))
    assert lines(str(path)) == list(range(1, 21))
    assert lines(str(path), "--rows", "3-5") == [3, 4, 5]
    assert lines(str(path), "--rows", "1400,7") == [7, 1400]
    assert lines(str(path), "--all") == list(range(1, 1501))


def test_a_version_may_be_named_without_its_prefix(source: Path) -> None:
    assert say("data", "import", str(source), "--name", "films").exit_code == 0
    assert "films@v1: " in say("data", "report", "films@v1").stdout
    assert lines("films") == lines("data:films@v1") == [1, 2, 3]


def test_a_folder_names_the_file_of_each_fault(source: Path) -> None:
    told = say("data", "open", str(source.parent), "--rows", "2").stdout
    assert f"! {source.parent.name}/films.jsonl line 2: not valid JSON: Expecting value (column 1)" in told


def test_mistakes_are_a_sentence(source: Path, tmp_path: Path) -> None:
    assert refused("data", "open", str(tmp_path / "no.csv")) == f"{tmp_path}/no.csv does not exist. Check the path."
    told = say("data", "open", str(source), "--task", "question-answering")
    assert told.exit_code == 2 and told.stderr.startswith("tunedeck: no column was found for ")
    told = say("data", "open", str(source), "--rows", "5-2")
    assert told.exit_code == 2 and "'5-2' is no line or range of lines; write them like 3,17-20." in told.stderr


def test_a_hub_that_is_not_to_be_asked_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert (
        refused("data", "search", "reviews")
        == "The search failed: HF_HUB_OFFLINE keeps the hub from being asked. Unset it."
    )
