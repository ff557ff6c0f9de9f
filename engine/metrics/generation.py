"""Metrics of generated text against references: ROUGE (0 to 1), and BLEU and chrF by sacrebleu (0 to 100)."""

from collections.abc import Sequence

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from .naming import undefined
from .rouge import ROUGE, rouge
from .rouge import row as rouge_row

GENERATION = (*ROUGE, "bleu", "chrf")


def generation_metrics(predictions: Sequence[str], references: Sequence[str]) -> dict[str, float]:
    """All six over the rows, one reference each: the mean for ROUGE, of the corpus as a whole for BLEU and chrF.

    Without rows all are NaN.

    Raises:
        ValueError: predictions and references are not equally many.
    """
    if not predictions:
        return undefined(GENERATION)
    return rouge(predictions, references) | {
        # Forced, or a hundred texts that end in " ." make it print advice.
        "bleu": BLEU(force=True).corpus_score(predictions, [references]).score,
        "chrf": CHRF().corpus_score(predictions, [references]).score,
    }


def row(prediction: str, reference: str) -> dict[str, float]:
    """The scores that mean something for a single text, for its row in the predictions; BLEU needs a corpus."""
    return rouge_row(prediction, reference) | {"chrf": CHRF().sentence_score(prediction, [reference]).score}
