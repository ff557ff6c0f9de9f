"""The verbs fetch and tokens, spoken to as the app does."""

import json
from pathlib import Path
from typing import Any

import pytest
from bench import write_rows
from tunedeck.engine.data import rows_file
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.engine.verbs import fetch, tokens
from tunedeck.store.errors import ConfigError, DataError, FetchError
from tunedeck.store.paths import Home

ROWS = """
{"prompt": "Hi", "completion": "Hello 👋"}
{"prompt": "Hi"}
{"prompt": "How?", "completion": "So."}
"""


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "train.jsonl"
    path.write_text(ROWS)
    return path


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_tokens_shows_each_row_with_what_is_trained(
    rows: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens.run([str(rows), "--model", str(tiny_model)])
    first, bad, last = lines(capsys)
    assert (first["row"], bad["row"], last["row"]) == (2, 3, 4)
    assert (last["index"], last["of"], bad.keys()) == (2, 3, {"row", "index", "of", "error"})
    assert str(bad["error"]).startswith("the row has 'prompt'; expected")
    assert last["truncated"] is False
    assert "".join(last["tokens"]) == "<|im_start|>user\nHow?<|im_end|>\n<|im_start|>assistant\nSo.<|im_end|>\n"


def test_tokens_takes_a_range_of_lines_and_a_length(
    rows: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens.run([str(rows), "--model", str(tiny_model), "--rows", "3-4", "--max-length", "8"])
    bad, cut = lines(capsys)
    assert (bad["row"], cut["row"], cut["truncated"]) == (3, 4, True)
    assert len(cut["input_ids"]) == len(cut["labels"]) == len(cut["tokens"]) == 8


def test_tokens_takes_lines_in_any_order_and_the_rows_around_one(
    rows: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.run([str(rows), "--model", str(tiny_model), "--lines", "4, 2"])
    assert [row["row"] for row in lines(capsys)] == [4, 2]
    monkeypatch.setattr(tokens, "AROUND_ROWS", 1)
    for line, around in ((2, [2, 3]), (3, [2, 3, 4]), (4, [3, 4])):
        tokens.run([str(rows), "--model", str(tiny_model), "--around", str(line)])
        assert [row["row"] for row in lines(capsys)] == around
    with pytest.raises(DataError, match=r"has no row at line 5\."):
        tokens.run([str(rows), "--model", str(tiny_model), "--lines", "2,5"])


def test_tokens_reads_a_version_of_a_data_set(home: Home, tiny_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = home.datasets / "reviews" / "v1.parquet"
    path.parent.mkdir(parents=True)
    value = json.dumps({"prompt": "How?", "completion": "So."})
    rows_file.write(path, [RowRecord(7, value), RowRecord(9, "", "it is broken"), RowRecord(12, value)])
    tokens.run(["data:reviews@v1", "--model", str(tiny_model), "--lines", "12,9"])
    good, bad = lines(capsys)
    assert (good["row"], good["index"], bad["error"]) == (12, 2, "it is broken")


def spoken(row: dict[str, Any]) -> list[str]:
    """What each trained stretch says."""
    return ["".join(row["tokens"][start:end]) for start, end in row["trained"]]


def shown(
    path: Path, model: Path, capsys: pytest.CaptureFixture[str], task: str, *options: str
) -> list[dict[str, Any]]:
    tokens.run([str(path), "--model", str(model), "--task", task, *options])
    return lines(capsys)


def test_tokens_tells_what_is_trained_special_and_lost(
    rows: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (whole,) = shown(rows, tiny_model, capsys, "causal-lm", "--lines", "4")
    assert (spoken(whole), whole["target"], whole["lost"]) == (["So.<|im_end|>"], [], None)
    special = [whole["tokens"][place] for place in whole["special"]]
    assert special == ["<|im_start|>", "<|im_end|>"] * 2
    length = len(whole["tokens"])
    (cut,) = shown(rows, tiny_model, capsys, "causal-lm", "--lines", "4", "--max-length", str(length - 2))
    assert (spoken(cut), cut["lost"], cut["lost_trained"]) == (["So."], 2, 1)


def test_the_first_token_of_a_text_is_shown_as_not_trained(
    tmp_path: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No token before it could predict it, and the batch leaves it out too."""
    path = write_rows(tmp_path / "texts.jsonl", [{"text": "One and two."}])
    (row,) = shown(path, tiny_model, capsys, "causal-lm")
    assert row["trained"] == [[1, len(row["tokens"])]]


def test_tokens_names_what_a_whole_row_is_trained_towards(
    tmp_path: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def targets(task: str, *values: dict[str, Any]) -> list[list[str]]:
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps(value) + "\n" for value in values))
        return [row["target"] for row in shown(path, tiny_model, capsys, task)]

    texts = [{"text": "good", "label": "yes"}, {"text": "bad", "label": "no"}]
    assert targets("sequence-classification", *texts) == [["yes"], ["no"]]
    several = [{"text": "good", "labels": ["a", "b"]}, {"text": "bad", "labels": []}, {"text": "so", "labels": ["b"]}]
    assert targets("sequence-classification", *several) == [["a", "b"], [], ["b"]]
    numbers = [{"text": "good", "label": 0.5}, {"text": "bad", "label": 1.25}]
    assert targets("sequence-classification", *numbers) == [["0.5"], ["1.25"]]
    (target,) = targets("seq2seq-lm", {"source": "two", "target": "So."})
    assert "".join(target).startswith("So.")


def test_tokens_marks_the_answer_and_the_tagged_words(
    tmp_path: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {"text": ["Oslo"], "answer_start": [13]}
    question = {"question": "Where is he?", "context": "He is now in Oslo.", "answers": answers}
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(question) + "\n")
    (row,) = shown(path, tiny_model, capsys, "question-answering")
    assert [answer.strip() for answer in spoken(row)] == ["Oslo"]
    path.write_text(json.dumps({"tokens": ["in", "Oslo"], "tags": ["O", "B-LOC"]}) + "\n")
    (row,) = shown(path, tiny_model, capsys, "token-classification")
    assert row["by_place"] and row["trained"] and row["target"] == []


def test_a_mistake_in_the_arguments_is_an_error_like_any_other(rows: Path) -> None:
    with pytest.raises(ConfigError, match="--rows: 'x' is not a range of lines like 1-20"):
        tokens.run([str(rows), "--model", "m", "--rows", "x"])
    with pytest.raises(ConfigError, match="the following arguments are required: --model"):
        tokens.run([str(rows)])


def test_fetch_tells_where_a_part_lies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUNEDECK_CACHE", str(tmp_path))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "chat.jsonl").write_text(ROWS)
    fetch.run(["demo:chat"])
    assert lines(capsys) == [{"part": "demo:chat", "path": str(tmp_path / "data" / "chat.jsonl")}]
    with pytest.raises(FetchError, match="There is no demo part 'demo:x'"):
        fetch.run(["demo:x"])


def test_tokens_reads_rows_for_what_their_shape_suits(
    tmp_path: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labelled = [{"text": f"Word number {number} of a few more.", "label": "ab"[number % 2]} for number in range(8)]
    path = write_rows(tmp_path / "labelled.jsonl", labelled)
    tokens.run([str(path), "--model", str(tiny_model), "--lines", "2"])
    (row,) = lines(capsys)
    assert (row["target"], row["trained"]) == (["b"], [])
