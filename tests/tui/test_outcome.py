"""What predictions say by class, by entity and by question: the figures of scikit-learn, seqeval and of the engine."""

import random
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet
from seqeval.metrics import classification_report as entity_report
from seqeval.scheme import IOB2
from sklearn import metrics as sklearn_metrics
from sklearn.preprocessing import MultiLabelBinarizer
from tunedeck.engine.metrics.classification import multi_label, single_label
from tunedeck.engine.metrics.entities import entity_metrics
from tunedeck.engine.metrics.squad import match, squad_metrics
from tunedeck.store.paths import RunFolder
from tunedeck.tui import predictions
from tunedeck.tui.outcome import answers, classes, entities, reading
from tunedeck.tui.outcome.aligned import aligned

CLASSES = ["1", "2", "10", "macro"]


def chances(rng: random.Random, count: int) -> list[float]:
    drawn = [rng.random() for _ in range(count)]
    return [value / sum(drawn) for value in drawn]


def write(folder: Path, step: int, rows: list[dict[str, Any]]) -> RunFolder:
    run = RunFolder(folder)
    run.predictions.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pyarrow.Table.from_pylist(rows), predictions.of_step(run, step))
    return run


@pytest.mark.parametrize("rows", [5, 300])
def test_a_confusion_matrix_is_that_of_scikit_learn(rows: int) -> None:
    rng = random.Random(rows)
    likely = [chances(rng, len(CLASSES)) for _ in range(rows)]
    labels = [rng.choice(CLASSES[:3]) for _ in range(rows)]
    told = [CLASSES[max(range(len(CLASSES)), key=row.__getitem__)] for row in likely]
    found = classes.confusion(labels, told)
    present = [name for name in CLASSES if name in {*labels, *told}]
    assert [*found.classes] == sorted(present) if "macro" in present else present
    expected = sklearn_metrics.confusion_matrix(labels, told, labels=found.classes)
    assert found.counts.tolist() == expected.tolist()
    scored = sklearn_metrics.precision_recall_fscore_support(labels, told, labels=found.classes, zero_division=0)
    for ratio, *each in zip(found.ratios.names, *scored, strict=True):
        assert (ratio.precision, ratio.recall, ratio.f1, ratio.support) == pytest.approx(each)
    recorded = single_label([CLASSES.index(name) for name in labels], likely, CLASSES)
    macro = found.ratios.macro
    assert (macro.precision, macro.recall, macro.f1) == pytest.approx(
        tuple(recorded[f"{part}_macro"] for part in ("precision", "recall", "f1"))
    )
    assert found.accuracy == pytest.approx(recorded["accuracy"])


def test_the_most_confused_pairs_come_first() -> None:
    found = classes.confusion([*"aaabbbbc"], [*"abbbccca"])
    assert found.mistakes(5) == [("b", "c", 3), ("a", "b", 2), ("c", "a", 1)]


def test_several_labels_per_row_are_scored_as_the_engine_does() -> None:
    rng = random.Random(1)
    likely = [[rng.random() for _ in CLASSES] for _ in range(200)]
    told = [[name for name, value in zip(CLASSES, row, strict=True) if value >= 0.5] for row in likely]
    labels = [[name for name in CLASSES[:3] if rng.random() < 0.4] for _ in range(200)]
    found = classes.by_label(labels, told, len(CLASSES))
    recorded = multi_label([[name in row for name in CLASSES] for row in labels], likely, CLASSES)
    for part in ("precision", "recall", "f1"):
        assert getattr(found.macro, part) == pytest.approx(recorded[f"{part}_macro"])
        assert getattr(found.micro, part) == pytest.approx(recorded[f"{part}_micro"])
    marks = MultiLabelBinarizer(classes=[ratio.name for ratio in found.names])
    scored = sklearn_metrics.precision_recall_fscore_support(
        marks.fit_transform(labels), marks.transform(told), zero_division=0
    )
    for ratio, *each in zip(found.names, *scored, strict=True):
        assert (ratio.precision, ratio.recall, ratio.f1, ratio.support) == pytest.approx(each)


TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "I-ODD")


def tagged(rng: random.Random, lengths: list[int], tags: tuple[str, ...]) -> list[list[str]]:
    return [[rng.choice(tags) for _ in range(length)] for length in lengths]


@pytest.mark.parametrize("seed", range(4))
def test_entities_are_scored_strictly_as_by_seqeval(seed: int) -> None:
    rng = random.Random(seed)
    lengths = [rng.randint(1, 9) for _ in range(80)]
    labels, told = tagged(rng, lengths, TAGS[:5]), tagged(rng, lengths, TAGS)
    found = entities.by_type(labels, told)
    report = entity_report(labels, told, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    for ratio in found.names:
        expected = report[ratio.name]
        assert (ratio.precision, ratio.recall, ratio.f1, ratio.support) == pytest.approx(
            tuple(expected[part] for part in ("precision", "recall", "f1-score", "support"))
        )
    recorded = entity_metrics(labels, told)
    for part in ("precision", "recall", "f1"):
        assert getattr(found.micro, part) == pytest.approx(recorded[part])
        assert getattr(found.macro, part) == pytest.approx(recorded[f"{part}_macro"])


def test_tags_that_are_not_bio_mark_a_word_each() -> None:
    labels, told = [["NOUN", "VERB"], ["NOUN", "NOUN"]], [["NOUN", "NOUN"], ["NOUN", ""]]
    found = entities.by_type(labels, told)
    bio = [[[f"B-{tag}" if tag else "O" for tag in row] for row in rows] for rows in (labels, told)]
    recorded = entity_metrics(*bio)
    assert {ratio.name: ratio.f1 for ratio in found.names} == pytest.approx(
        {name: recorded[f"f1_{name}"] for name in ("NOUN", "VERB")}
    )


def test_rows_without_any_entity_are_no_fault() -> None:
    found = entities.by_type([["O", "O"], []], [["O", "I-X"], []])
    assert found.names == () and found.macro.f1 == 0.0


def test_questions_are_told_apart_by_whether_they_have_an_answer() -> None:
    golden = [["the cat"], ["dog", "a dog"], [], ["The"]]
    said = ["cat", "a big dog", "", "no"]
    scored = [match(one, each) for one, each in zip(said, golden, strict=True)]
    found = answers.by_kind(golden, [each.exact_match for each in scored], [each.f1 for each in scored])
    recorded = squad_metrics(said, golden)
    for one, prefix in zip(found, ("", "HasAns_", "NoAns_"), strict=True):
        assert (one.exact_match, one.f1) == pytest.approx((recorded[f"{prefix}exact_match"], recorded[f"{prefix}f1"]))
    assert [one.questions for one in found] == [4, 2, 2]
    assert [one.kind for one in answers.by_kind(golden[:2], [1.0, 0.0], [1.0, 0.5])] == ["all"]


def test_what_stands_in_the_files_says_which_task_it_was(tmp_path: Path) -> None:
    one = {"row": 1, "loss": 0.5, "label": "a", "predicted": "b", "probabilities": [0.2, 0.8]}
    found = reading.of_run(write(tmp_path / "one", 0, [one]), None)
    assert found and isinstance(found.newest[1], classes.Confusion)
    several = one | {"label": ["a"], "predicted": []}
    found = reading.of_run(write(tmp_path / "several", 0, [several, several | {"label": []}]), None)
    assert found and isinstance(found.newest[1], reading.Labels) and found.newest[1].ratios.macro.support == 1
    found = reading.of_run(write(tmp_path / "tags", 0, [{"row": 1, "tags": ["B-X"], "predicted": ["B-X"]}]), None)
    assert found and isinstance(found.newest[1], reading.Entities) and found.newest[1].ratios.micro.f1 == 1.0
    for text in ({"row": 1, "loss": 1.0, "items": 3}, {"row": 1, "label": 0.5, "predicted": 0.4}):
        found = reading.of_run(write(tmp_path / str(len(text)), 0, [text]), None)
        assert found and found.newest == (0, None)
    nothing = one | {"probabilities": [float("nan"), 0.1]}
    found = reading.of_run(write(tmp_path / "nothing", 0, [nothing]), None)
    assert found and found.newest == (0, None)
    assert reading.of_run(RunFolder(tmp_path / "none"), None) is None


def test_the_base_and_the_best_stand_beside_the_newest(tmp_path: Path) -> None:
    row = {"row": 1, "label": "a", "predicted": "a", "probabilities": [0.9, 0.1]}
    for step in (0, 20, 40, 60):
        run = write(tmp_path, step, [row])
    found = reading.of_run(run, 20)
    assert found and [*found.of_steps] == [0, 20, 60] and found.best == 20
    found = reading.of_run(run, 30)
    assert found and [*found.of_steps] == [0, 60] and found.best is None


def test_figures_stand_under_their_titles() -> None:
    lines = aligned(("class", "rows", "a long title"), [("東京", "1,000", "0.5"), ("x" * 40, "2", "-")], most=7)
    assert lines == [
        "class                        rows  a long…",
        "東京                        1,000      0.5",
        "xxxxxxxxxxxxxxxxxxxxxxxxx…      2        -",
    ]
