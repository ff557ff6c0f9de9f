"""The report on a source, from its rows to its findings, as the verb tells it."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from bench import write_rows
from pyarrow import parquet
from transformers import PreTrainedTokenizerFast
from tunedeck.engine.curation.report import report as make_report
from tunedeck.engine.data import kept
from tunedeck.engine.verbs import report
from tunedeck.store.errors import ConfigError, DataError

GOOD = "I have taken this for two years now and I never want to be without it again."


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUNEDECK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


def labelled(*rows: tuple[str, str]) -> list[dict[str, object]]:
    return [{"text": text, "label": label} for text, label in rows]


def findings(data: Path, *options: str) -> dict[str, dict[str, Any]]:
    return {finding["kind"]: finding for finding in make_report(str(data), options)["findings"]}


def kinds(data: Path, rows: Sequence[dict[str, object]], *options: str) -> set[str]:
    write_rows(data, rows)
    return set(findings(data, *options))


def test_the_verb_tells_progress_and_then_the_report(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(data, labelled((GOOD, "good"), (GOOD.upper(), "good"), ("It made me sick.", "bad")))
    report.run([str(data)])
    *progress, told = map(json.loads, capsys.readouterr().out.splitlines())
    assert {"progress": "near duplicates: 0%"} in progress
    assert (told["rows"], told["bad_rows"], told["task"]) == (3, 0, "sequence-classification")
    assert (told["format"], told["labels"], told["tokens"]) == ("text and label", {"bad": 1, "good": 2}, None)
    (finding,) = (finding for finding in told["findings"] if finding["kind"] == "exact-duplicates")
    assert (finding["rows"], finding["groups"], finding["cure"]) == ([1], [[0, 1]], "drop")
    assert finding["examples"] == [{"line": 2, "text": f"[good] {GOOD.upper()}", "like": 1}]


def test_duplicates_are_those_that_training_drops(data: Path) -> None:
    write_rows(data, labelled((GOOD, "good"), (f"  {GOOD.replace(' ', '  ')}", "good"), (GOOD, "bad")))
    found = findings(data)
    assert found["exact-duplicates"]["rows"] == [1]
    assert found["label-conflicts"]["groups"] == [[0, 1, 2]]
    assert found["label-conflicts"]["rows"] == [0, 1, 2]


def test_near_duplicates_keep_the_first_and_their_labels(data: Path) -> None:
    rows = labelled((GOOD, "good"), (GOOD + "!", "good"), (GOOD + "?", "bad"), ("Never again will I take it.", "good"))
    write_rows(data, rows)
    assert findings(data)["near-duplicates"]["groups"] == [[0, 1]]


def test_an_instruction_that_all_rows_have_makes_none_near(data: Path) -> None:
    instruction = "Say in one word whether the review below is good or bad, and nothing else, please: "
    rows = [{"prompt": f"{instruction}{number**9}", "completion": "good"} for number in range(300, 600)]
    assert "near-duplicates" not in kinds(data, rows)


def test_many_questions_on_one_context_are_not_near(data: Path) -> None:
    context = "Hamlet was written by Shakespeare in about 1600, and is played to this day. " * 5
    asked = ("Who wrote it?", "When was that?")
    rows = [{"context": context, "question": q, "answers": {"text": [], "answer_start": []}} for q in asked]
    assert "near-duplicates" not in kinds(data, rows, "--task", "question-answering")


def test_leakage_is_found_by_question_exact_and_near(data: Path, tmp_path: Path) -> None:
    held_out = tmp_path / "held-out.jsonl"
    write_rows(
        held_out, labelled((GOOD, "bad"), ("It made me sick for a whole week or two, and I had to stay in bed.", "bad"))
    )
    near = "It made me sick for a whole week, or two, and I had to stay in bed."
    write_rows(data, labelled(("Fine.", "good"), (GOOD.lower(), "good"), (near, "bad"), ("Bad.", "bad")))
    found = findings(data, "--eval-data", str(held_out))
    assert (found["leakage-exact"]["rows"], found["leakage-near"]["rows"]) == ([1], [2])
    assert found["leakage-exact"]["sentence"].startswith("1 row asks what 1 of the 2 rows of ")
    assert found["leakage-exact"]["severity"] == "error" and "leakage-would-be" not in found


def test_without_held_out_rows_a_random_split_is_foretold(data: Path) -> None:
    questions = [{"prompt": f"Question {number // 2}?", "completion": f"Answer {number}."} for number in range(400)]
    write_rows(data, questions)
    finding = findings(data)["leakage-would-be"]
    # Each of 400 rows is held out with 10%, and then its twin is not with 90%.
    assert (finding["count"], finding["severity"], finding["cure"]) == (36, "info", "")
    assert "40 rows, would share the question of about 36 (90%)" in finding["sentence"]


def test_bad_and_empty_rows_are_findings_by_index(data: Path) -> None:
    lines = ['{"text": "Fine.", "label": "a"}', "{nonsense", '{"text": " ", "label": "a"}', '{"label": "b"}', "7"]
    data.write_text("\n".join([*lines, '{"text": "\\u200b", "label": "b"}', '{"text": "So.", "label": "b"}']))
    told = make_report(str(data), ["--task", "sequence-classification"])
    found = {finding["kind"]: finding for finding in told["findings"]}
    assert (told["rows"], told["bad_rows"]) == (7, 4)
    assert (found["bad-rows"]["rows"], found["empty"]["rows"]) == ([1, 3, 4], [2, 5])
    assert found["bad-rows"]["sentence"].startswith("3 rows are left out of training: line 2: not valid JSON")


def test_a_single_row_is_spoken_of_as_one(data: Path) -> None:
    write_rows(data, labelled(*((f"{number} {GOOD}"[: 9 * number], "good") for number in range(2, 9)), (" ", "good")))
    data.write_text(data.read_text() + "{\n")
    said = {kind: finding["sentence"] for kind, finding in findings(data, "--task", "sequence-classification").items()}
    assert said["empty"] == "1 row has an empty text, which trains nothing. Drop it."
    assert said["bad-rows"].startswith("1 row is left out of training: ") and said["bad-rows"].endswith("drop it.")


def test_rows_that_suit_no_task_are_reported_as_they_are(data: Path) -> None:
    rows: list[Any] = [{"a": 1, "b": [None, {"c": "half \ud800"}]}, {"a": 1, "b": [{"c": "half \ud800"}]}, 3, [], None]
    data.write_text("\n".join(map(json.dumps, rows)))
    told = make_report(str(data))
    found = {finding["kind"]: finding for finding in told["findings"]}
    assert (told["task"], told["rows"], told["bad_rows"]) == ("", 5, 0)
    assert (found["exact-duplicates"]["rows"], found["empty"]["rows"]) == ([1, 4], [3, 4])


def test_nothing_at_all_is_reported_as_nothing(data: Path) -> None:
    data.write_text("")
    told = make_report(str(data))
    assert (told["rows"], told["findings"], told["labels"]) == (0, [], None)


def test_tokens_are_those_of_training(data: Path, tiny_model: Path, tokenizer: PreTrainedTokenizerFast) -> None:
    rows = [{"prompt": "Hi" * number, "completion": "Yes."} for number in range(1, 9)]
    write_rows(data, rows)
    told = make_report(str(data), ["--model", str(tiny_model), "--max-length", "30"])
    turns = [[("user", row["prompt"]), ("assistant", row["completion"])] for row in rows]
    talks = [[{"role": role, "content": text} for role, text in turn] for turn in turns]
    counts = [len(tokenizer(str(tokenizer.apply_chat_template(talk, tokenize=False)))["input_ids"]) for talk in talks]
    tokens = told["tokens"]
    assert (tokens["total"], tokens["max"]) == (sum(counts), max(counts))
    assert (tokens["cut_rows"], tokens["cut_tokens"]) == (
        sum(count > 30 for count in counts),
        sum(max(count - 30, 0) for count in counts),
    )
    assert sum(rows for _, rows in tokens["histogram"]) == 8 and tokens["histogram"][-1][0] >= max(counts)
    assert parquet.read_table(told["facts"])["tokens"].to_pylist() == counts


def test_of_plain_text_nothing_is_cut(data: Path, tiny_model: Path) -> None:
    write_rows(data, [{"text": "A long text that is trained in stretches, to its very end."}])
    told = make_report(str(data), ["--task", "causal-lm", "--model", str(tiny_model), "--max-length", "8"])
    assert told["tokens"]["total"] > 8 and told["tokens"]["cut_rows"] == 0


def test_facts_stand_beside_every_row_bad_ones_too(data: Path) -> None:
    data.write_text('{"text": "Fine.", "label": "a"}\nnonsense\n{"text": "Bad", "label": "b"}\n')
    facts = parquet.read_table(make_report(str(data))["facts"]).to_pydict()
    assert facts == {"tokens": [-1, -1, -1], "label": ["a", "", "b"], "characters": [5, 0, 3]}


def test_a_report_is_kept_until_its_source_changes(data: Path) -> None:
    write_rows(data, labelled((GOOD, "good"), ("Bad.", "bad")))
    said: list[str] = []
    first = make_report(str(data), say=said.append)
    assert said
    said.clear()
    assert make_report(str(data), say=said.append) == first and not said
    write_rows(data, labelled((GOOD, "good"), ("Bad.", "bad"), ("Worse.", "bad")))
    assert make_report(str(data))["rows"] == 3


def test_a_model_that_changes_is_asked_anew(data: Path, tiny_model: Path, tmp_path: Path) -> None:
    write_rows(data, [{"prompt": "Hi", "completion": "Yes."}])
    model = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    first = make_report(str(data), ["--model", str(model)])["tokens"]["total"]
    template = "{% for message in messages %}{{ message.content * 9 }}{% endfor %}"
    (model / "chat_template.jinja").write_text(template)
    assert make_report(str(data), ["--model", str(model)])["tokens"]["total"] != first


def test_a_report_that_was_broken_on_the_disk_is_made_again(data: Path, cache: Path) -> None:
    write_rows(data, labelled((GOOD, "good"), ("Bad.", "bad")))
    first = make_report(str(data))
    Path(first["facts"]).with_suffix(".json").write_text("")
    assert make_report(str(data))["rows"] == 2


def test_the_oldest_reports_make_room(data: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT_FILES", 2)
    for count in range(1, 5):
        write_rows(data, [{"text": "One."}] * count)
        make_report(str(data))
    assert len(list((cache / "reports").iterdir())) == 4


def test_options_that_a_report_does_not_have_are_refused(data: Path) -> None:
    write_rows(data, labelled((GOOD, "good")))
    with pytest.raises(ConfigError, match="can't be asked with '--colour red'"):
        make_report(str(data), ["--colour", "red"])
    with pytest.raises(ConfigError, match="--max-length is 'long'"):
        make_report(str(data), ["--max-length", "long"])
    with pytest.raises(DataError, match="no column"):
        make_report(str(data), ["--columns", "text=review", "--task", "sequence-classification"])
