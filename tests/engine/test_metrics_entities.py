"""Entity metrics: equal to seqeval in strict mode, and faults of BIO told with their place."""

import math

import numpy as np
import pytest
import seqeval.metrics
from seqeval.scheme import IOB2
from tunedeck.engine.metrics.entities import ENTITIES, Span, bio_faults, entity_metrics, spans

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG-X", "I-ORG-X"]


def drawn(seed: int) -> tuple[list[list[str]], list[list[str]]]:
    """Rows of tags, valid or not, and predictions that agree with two thirds of them."""
    random = np.random.default_rng(seed)
    rows = [random.choice(TAGS, size=length).tolist() for length in random.integers(1, 12, size=30)]
    return rows, [[tag if random.random() < 0.67 else str(random.choice(TAGS)) for tag in row] for row in rows]


@pytest.mark.parametrize("seed", range(20))
def test_entity_metrics_equal_seqeval(seed: int) -> None:
    labels, predicted = drawn(seed)
    told = entity_metrics(labels, predicted)
    report = seqeval.metrics.classification_report(
        labels, predicted, output_dict=True, mode="strict", scheme=IOB2, zero_division=0
    )
    for kind, suffix in (
        ("PER", "_PER"),
        ("LOC", "_LOC"),
        ("ORG-X", "_ORG-X"),
        ("macro avg", "_macro"),
        ("micro avg", ""),
    ):
        found = [told[f"{metric}{suffix}"] for metric in ("precision", "recall", "f1")]
        assert found == pytest.approx([report[kind][metric] for metric in ("precision", "recall", "f1-score")])
    assert told["accuracy"] == pytest.approx(seqeval.metrics.accuracy_score(labels, predicted))


def test_an_inside_that_continues_nothing_marks_nothing() -> None:
    assert spans(["I-PER", "B-PER", "I-PER", "I-LOC", "I-PER", "B-PER"]) == [Span("PER", 1, 3), Span("PER", 5, 6)]
    assert spans([]) == spans(["O", "O"]) == []


def test_a_type_that_is_never_found_has_f1_0() -> None:
    told = entity_metrics([["B-PER", "O", "B-LOC"]], [["B-PER", "O", "O"]])
    assert (told["f1_PER"], told["f1_LOC"], told["f1_macro"], told["recall"]) == (1.0, 0.0, 0.5, 0.5)


def test_all_outside_is_0_as_in_seqeval_and_no_rows_are_nan() -> None:
    rows = [["O", "O"], ["O"]]
    told = entity_metrics(rows, rows)
    assert told["f1"] == seqeval.metrics.f1_score(rows, rows, mode="strict", scheme=IOB2, zero_division=0) == 0.0
    assert told["f1_macro"] == 0.0 and told["accuracy"] == 1.0 and set(told) == set(ENTITIES)
    assert all(map(math.isnan, entity_metrics([], []).values())) and set(entity_metrics([[]], [[]])) == set(ENTITIES)


def test_rows_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        entity_metrics([["O", "O"]], [["O"]])


@pytest.mark.parametrize(
    ("tags", "fault"),
    [
        (["O", "B-PER", "I-PER", "B-PER", "B-LOC", "I-LOC"], ""),
        ([], ""),
        (["O", "I-PER"], 'tags[1] is "I-PER" but no PER begins before it; the first word of an entity is "B-PER"'),
        (["B-LOC", "I-PER"], 'tags[1] is "I-PER" but no PER begins before it; the first word of an entity is "B-PER"'),
        (["O", "PER"], 'tags[1] is "PER", expected "O", "B-" and a type, or "I-" and a type'),
        (["B-"], 'tags[0] is "B-", expected "O", "B-" and a type, or "I-" and a type'),
        (["O", 3], "tags[1] is not text"),
    ],
)
def test_a_fault_in_the_tags_is_told_with_its_place(tags: list[object], fault: str) -> None:
    assert bio_faults(tags) == fault


def test_a_fault_is_told_in_few_words_however_long_the_tag() -> None:
    assert len(bio_faults(["I-" + "x" * 10**6])) < 250 and len(bio_faults(["x" * 10**6])) < 250
