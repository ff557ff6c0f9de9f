"""The verbs fetch and tokens, spoken to as the app does."""

import json
from pathlib import Path

import pytest
from tunedeck.engine.verbs import fetch, tokens
from tunedeck.store.errors import ConfigError, FetchError

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


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_tokens_shows_each_row_with_what_is_trained(
    rows: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens.run([str(rows), "--model", str(tiny_model)])
    first, bad, last = lines(capsys)
    assert first.keys() == {"row", "input_ids", "labels", "by_place", "tokens", "truncated"}
    assert (first["row"], bad["row"], last["row"]) == (2, 3, 4)
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
