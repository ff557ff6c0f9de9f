"""The generator `edits`, and the requests that it is given."""

import json
from pathlib import Path
from typing import Any

import pytest
from tunedeck.engine import tasks
from tunedeck.engine.augment.generators.edits import RULES, Edits
from tunedeck.engine.augment.generators.generator import Request
from tunedeck.engine.augment.plan import Plan, labels_asked, seed_of
from tunedeck.engine.augment.rows import Rows
from tunedeck.engine.data import rows_file
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.engine.report import say_nothing
from tunedeck.store.augment import checked as knobs_of
from tunedeck.store.config import checked
from tunedeck.store.errors import ConfigError, DataError

LABELLED = [
    {"text": f"the {kind} house number {number} was seen again", "label": kind}
    for kind, count in (("good", 6), ("bad", 4), ("neutral", 2))
    for number in range(count)
]


def rows(folder: Path, values: list[dict[str, Any]], task: str = "sequence-classification") -> Rows:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    return Rows.of(str(path), tasks.of(checked({"data": "x", "model": "x", "task": task})), say_nothing)


def plan(source: Rows, forbidden: frozenset[int] = frozenset(), **knobs: object) -> Plan:
    return Plan.of(source, knobs_of(knobs), lambda row: row.line in forbidden, lambda: None)


def asked(source: Rows, **knobs: object) -> list[Request]:
    return [request for _, request in plan(source, **knobs).requests()]


def test_every_row_is_asked_for_as_often_as_told(tmp_path: Path) -> None:
    found = asked(rows(tmp_path, LABELLED), per_row=2)
    assert [request.number for request in found] == list(range(1, 25))
    assert [(request.source.line, request.variant) for request in found[:3]] == [(1, 0), (1, 1), (2, 0)]
    assert found[0].seed == seed_of(42, 1, 0) and len({request.seed for request in found}) == 24


def test_examples_are_other_rows_of_the_same_label(tmp_path: Path) -> None:
    for request in asked(rows(tmp_path, LABELLED), shots=3):
        assert {row.label for row in request.examples} == {request.source.label}
        assert request.source.line not in [row.line for row in request.examples]
        assert len(request.examples) == (1 if request.source.label == "neutral" else 3)


def test_a_label_or_several_can_be_asked_for(tmp_path: Path) -> None:
    found = asked(rows(tmp_path, LABELLED), only="label=neutral, bad", per_row=1)
    assert [request.source.line for request in found] == [7, 8, 9, 10, 11, 12]
    assert labels_asked('label="a,b"') == {"a,b"}
    with pytest.raises(ConfigError, match="expected label= and labels"):
        labels_asked("tokens>512")
    with pytest.raises(DataError, match=r"no row with label=other to make others from. Its labels are good \(6\)"):
        asked(rows(tmp_path, LABELLED), only="label=other")


def test_balance_brings_every_label_up_to_the_largest(tmp_path: Path) -> None:
    found = plan(rows(tmp_path, LABELLED), balance=1.0)
    assert found.counts.tolist() == [1, 1, 2, 2] and found.total == 6
    assert plan(rows(tmp_path, LABELLED), balance=0.5, only="label=neutral").counts.tolist() == [1]
    with pytest.raises(ConfigError, match="Every label has rows enough"):
        plan(rows(tmp_path, LABELLED), balance=0.5, only="label=good")
    with pytest.raises(ConfigError, match="these rows have no labels"):
        plan(rows(tmp_path, [{"source": "a b c d", "target": "e f g h"}], "seq2seq-lm"), balance=1.0)


def test_a_limit_ends_the_plan_within_a_row(tmp_path: Path) -> None:
    found = plan(rows(tmp_path, LABELLED), per_row=2, max_rows=5)
    assert found.counts.tolist() == [2, 2, 1]
    assert [done for done, _ in found.requests()] == [0, 1, 1, 2, 3]


def test_a_plan_goes_on_behind_any_number(tmp_path: Path) -> None:
    found = plan(rows(tmp_path, LABELLED), per_row=3, max_rows=20)
    whole = list(found.requests())
    for made in range(21):
        assert list(found.requests(after=made)) == whole[made:]
        assert found.sources_done(made) == (whole[made - 1][0] if made else 0)


def test_evaluation_rows_synthetic_rows_and_bad_rows_are_no_sources(tmp_path: Path) -> None:
    records = [RowRecord(number, json.dumps(value)) for number, value in enumerate(LABELLED, start=1)]
    records[2] = RowRecord(3, "", "not valid JSON")
    records[3] = RowRecord(4, records[3].row, "", 1, "edits:swap")
    rows_file.write(tmp_path / "v1.parquet", records)
    source = Rows.of(str(tmp_path / "v1.parquet"), rows(tmp_path, LABELLED).task, say_nothing)
    found = [request.source.line for _, request in plan(source, frozenset({1}), per_row=1).requests()]
    assert found == [2, 5, 6, 7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_makes_its_edit_the_same_each_time(rule: str, tmp_path: Path) -> None:
    requests = asked(rows(tmp_path, LABELLED), per_row=5)
    variants = Edits([rule], 0.1).variants(requests)
    assert variants == [Edits([rule], 0.1).variants([request])[0] for request in requests]
    for request, variant in zip(requests, variants, strict=True):
        before, after = request.source.texts[0].split(), variant.value["text"].split()  # pyright: ignore[reportIndexIssue]
        assert variant.generator == f"edits:{rule}" and not variant.fault
        assert (sorted(before) == sorted(after)) == (rule == "swap") and before != after
        assert len(after) == len(before) - (rule == "delete")


def test_entities_are_never_touched(tmp_path: Path) -> None:
    tokens = ["then", "Ada", "Lovelace", "walked", "slowly", "through", "London", "again"]
    value = {"tokens": tokens, "tags": ["O", "B-PER", "I-PER", "O", "O", "O", "B-LOC", "O"]}
    requests = asked(rows(tmp_path, [value], "token-classification"), per_row=200)
    variants = Edits(list(RULES), 0.5).variants(requests)
    assert not [variant.fault for variant in variants if variant.fault]
    for variant in variants:
        pairs = list(zip(variant.value["tokens"], variant.value["tags"], strict=True))  # pyright: ignore[reportIndexIssue]
        assert [tag for _, tag in pairs if tag != "O"] == ["B-PER", "I-PER", "B-LOC"]
        assert [token for token, tag in pairs if tag != "O"] == ["Ada", "Lovelace", "London"]


def test_a_text_that_can_not_be_edited_has_a_fault(tmp_path: Path) -> None:
    requests = asked(rows(tmp_path, [{"text": "42", "label": "a"}, {"text": "43 a b c d", "label": "b"}] * 4))
    assert Edits(["typo"], 0.1).variants(requests[:1])[0].fault == "there is nothing to typo in it"
