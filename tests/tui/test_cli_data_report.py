"""`tunedeck data report`, as a person reads it and as a script does."""

import json
from pathlib import Path

import pytest
from command import refused, say

SICK = "It made me sick for a whole week, and I will never take it again."


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUNEDECK_CACHE", str(tmp_path / "cache"))
    rows = [{"text": SICK, "label": "bad"}, {"text": SICK.upper(), "label": "bad"}, {"text": "Fine.", "label": "good"}]
    path = tmp_path / "my rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + '\n{"text": "\\u001b[31m[/red]\\u0007"}\n')
    return path


def test_a_report_is_read_at_a_glance(data: Path) -> None:
    told = say("data", "report", str(data), "--columns", "text=text")
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert "columns: text = text, label = label" in lines
    assert "  bad                        2  67% ##############################" in lines
    assert "  good                       1  33% ###############" in lines
    start = lines.index("WARNING: exact-duplicates")
    assert lines[start + 3].startswith(f"  line 2 (see line 1): [bad] {SICK.upper()[:40]}")
    cure = f"  > tunedeck data cure '{data}' --kind exact-duplicates --columns text=text"
    assert cure in lines
    assert all(len(line) <= 80 for line in lines[1:] if not line.startswith("  > "))


def test_what_rows_hold_reaches_no_terminal(data: Path) -> None:
    assert "\x1b" not in (out := say("data", "report", str(data)).output) and "\x07" not in out


def test_a_report_as_json_has_everything(data: Path) -> None:
    told = json.loads(say("data", "report", str(data), "--json").stdout)
    assert (told["rows"], told["bad_rows"], told["labels"]) == (4, 1, {"bad": 2, "good": 1})
    assert {"exact-duplicates", "bad-rows"} <= {finding["kind"] for finding in told["findings"]}


def test_a_leak_is_cured_with_the_rows_that_show_it(data: Path, tmp_path: Path) -> None:
    held_out = tmp_path / "held-out.jsonl"
    held_out.write_text(json.dumps({"text": SICK, "label": "bad"}) + "\n")
    told = say("data", "report", str(data), "--eval-data", str(held_out)).stdout
    assert f"--kind leakage-exact --eval-data {held_out}\n" in told
    assert told.index("ERROR: leakage-exact") < told.index("WARNING: exact-duplicates")


def test_what_can_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    assert refused("data", "report", str(tmp_path / "none.jsonl")).endswith("does not exist. Check the path.")
