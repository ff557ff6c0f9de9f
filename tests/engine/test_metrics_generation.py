"""Metrics of generated text: ROUGE equal to rouge-score, BLEU and chrF equal to sacrebleu, on the same texts."""

import logging
import math
import time

import numpy as np
import pytest
import sacrebleu
from rouge_score.rouge_scorer import RougeScorer
from tunedeck.engine.metrics import generation
from tunedeck.engine.metrics.rouge import ROUGE, row

ODD = [
    "",
    "\n",
    "...",
    "The cat. The cat!",
    "die Käse\nkostet 3,50 €",
    "\x00 a\x1b[31m",
    "İstanbul's\n\n\n3rd\tx_y",
    "安全 ok",
]


def drawn(seed: int, rows: int = 25) -> tuple[list[str], list[str]]:
    """Texts of few different words, on up to four lines, so that common subsequences are many and tied."""
    random = np.random.default_rng(seed)
    words = [*"abcd", "The", "end.", "\n"]

    def text() -> str:
        return " ".join(random.choice(words, size=random.integers(0, 30)))

    return [text() for _ in range(rows)], [text() for _ in range(rows)]


@pytest.mark.parametrize("seed", range(10))
def test_rouge_equals_rouge_score(seed: int) -> None:
    scorer = RougeScorer(ROUGE)
    for prediction, reference in zip(*drawn(seed), strict=True):
        scores = {name: score.fmeasure for name, score in scorer.score(reference, prediction).items()}
        assert row(prediction, reference) == pytest.approx(scores), (prediction, reference)


def test_rouge_of_odd_texts_equals_rouge_score() -> None:
    scorer = RougeScorer(ROUGE)
    for prediction in ODD:
        for reference in ODD:
            scores = {name: score.fmeasure for name, score in scorer.score(reference, prediction).items()}
            assert row(prediction, reference) == pytest.approx(scores), (prediction, reference)


@pytest.mark.parametrize("seed", range(3))
def test_bleu_and_chrf_equal_sacrebleu(seed: int) -> None:
    predictions, references = drawn(seed)
    told = generation.generation_metrics(predictions, references)
    assert told["bleu"] == sacrebleu.corpus_bleu(predictions, [references]).score > 0
    assert told["chrf"] == sacrebleu.corpus_chrf(predictions, [references]).score > 0
    rows = [row(*pair)["rougeL"] for pair in zip(predictions, references, strict=True)]
    assert told["rougeL"] == pytest.approx(np.mean(rows))
    assert tuple(told) == generation.GENERATION


def test_a_row_has_the_scores_that_mean_something_for_one_text() -> None:
    told = generation.row("the cat sat", "the cat sat down")
    assert told["rouge1"] == pytest.approx(6 / 7)
    assert told["chrf"] == sacrebleu.sentence_chrf("the cat sat", ["the cat sat down"]).score


def test_equal_texts_have_full_scores_and_empty_ones_none() -> None:
    text = "The quick brown fox jumps.\nIt is over the dog."
    assert generation.generation_metrics([text], [text]) == pytest.approx(
        {"rouge1": 1, "rouge2": 1, "rougeL": 1, "rougeLsum": 1, "bleu": 100, "chrf": 100}
    )
    for predictions, references in (([""], [text]), ([text], [""]), ([""], [""])):
        assert set(generation.generation_metrics(predictions, references).values()) == {0.0}


def test_no_rows_are_nan_and_unequal_ones_are_refused() -> None:
    assert all(map(math.isnan, generation.generation_metrics([], []).values()))
    with pytest.raises(ValueError, match="zip"):
        generation.generation_metrics(["a"], [])


def test_nothing_is_printed_about_texts_that_end_in_a_full_stop(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        generation.generation_metrics(["a b ."] * 120, ["a b ."] * 120)
    assert not caplog.records


def test_long_texts_take_a_moment() -> None:
    random = np.random.default_rng(0)
    long = [" ".join(random.choice(["a", "b", "c", "d"], size=3000)) for _ in range(2)]
    began = time.monotonic()
    assert 0.5 < row(*long)["rougeL"] < 1
    assert time.monotonic() - began < 2
