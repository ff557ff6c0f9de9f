"""Exact match and F1 of answers: the worked examples of SQuAD's definition."""

import math

import pytest
from tunedeck.engine.metrics.squad import match, normalise, squad_metrics


def test_case_punctuation_articles_and_spaces_do_not_count() -> None:
    assert normalise("  The   Eiffel-Tower's (an) A-list!\n") == "eiffeltowers alist"
    assert normalise("Theatre, an answer. A") == "theatre answer"
    assert normalise("The") == normalise("?!") == ""


@pytest.mark.parametrize(
    ("prediction", "answers", "exact_match", "f1"),
    [
        ("Denver Broncos", ["Denver Broncos", "the Broncos"], 1, 1),
        ("the denver broncos!", ["Denver Broncos"], 1, 1),
        # Two of two words right, two of three found: precision 1, recall 2/3.
        ("Santa Clara", ["Santa Clara, California", "Levi's Stadium"], 0, 0.8),
        # Words count as often as they stand in both: one "very" of three, one of one.
        ("very very very", ["very good"], 0, 2 * (1 / 3) * (1 / 2) / (1 / 3 + 1 / 2)),
        ("1976", ["1977", "1978"], 0, 0),
        ("", [], 1, 1),
        ("", [""], 1, 1),
        ("something", [], 0, 0),
        ("", ["Denver"], 0, 0),
        ("the", ["Denver", "a"], 0, 0),
        ("安全", ["安全"], 1, 1),
    ],
)
def test_a_worked_example(prediction: str, answers: list[str], exact_match: float, f1: float) -> None:
    assert match(prediction, answers) == pytest.approx((exact_match, f1))


def test_rows_are_averaged_and_split_by_whether_they_have_an_answer() -> None:
    told = squad_metrics(["Santa Clara", "Denver", "", "wrong"], [["Santa Clara, California"], ["Denver"], [], []])
    assert told == pytest.approx(
        {
            "exact_match": 0.5,
            "f1": (0.8 + 1 + 1 + 0) / 4,
            "HasAns_exact_match": 0.5,
            "HasAns_f1": 0.9,
            "NoAns_exact_match": 0.5,
            "NoAns_f1": 0.5,
        }
    )


def test_without_no_answer_rows_there_is_no_split_and_without_rows_nan() -> None:
    assert squad_metrics(["a b"], [["b"]]) == {"exact_match": 1.0, "f1": 1.0}
    assert all(map(math.isnan, squad_metrics([], []).values()))
    told = squad_metrics([""], [[]])
    assert told["NoAns_f1"] == 1.0 and math.isnan(told["HasAns_f1"])
    with pytest.raises(ValueError, match="zip"):
        squad_metrics(["a"], [])
