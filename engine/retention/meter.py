"""The retention meter: measures the base once, and a model against it as often as asked."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from ...store.errors import DataError
from ..encoding.collate import pad_id
from ..methods.parts import base_model
from ..model.precision import Arithmetic
from . import base_file
from .embeddings import Embeddings
from .kinds import Kind, kind_of
from .passages import MAX_LENGTH, Passages, encode
from .predictions import TOP_K, Predictions
from .sentence import Retention


class RetentionMeter:
    """What a model keeps of its base, on general texts.

    For models that write (causal, encoder-decoder): `retention_loss`, mean cross-entropy per token, and `retention_kl`,
    KL(base || now) per token, both in nats. For all others, which have no head for it: `retention_drift`, 1 - mean
    cosine similarity of the embeddings, and `retention_cka`. Neither weights nor random numbers are touched. `each` is
    called after every batch, so that long work can be watched and stopped.
    """

    def __init__(
        self,
        texts: Sequence[str],
        tokenizer: PreTrainedTokenizerBase,
        arithmetic: Arithmetic,
        each: Callable[[], None] = lambda: None,
        top_k: int = TOP_K,
    ) -> None:
        self._texts, self._tokenizer, self._arithmetic = texts, tokenizer, arithmetic
        self._each, self._top_k = each, top_k
        self._max_length = MAX_LENGTH
        self._started: tuple[Predictions | Embeddings, Mapping[str, Tensor]] | None = None
        self.retention = Retention()

    def start(self, model: nn.Module) -> dict[str, float]:
        """Measure the base, before any training; its figures are those of a model that has kept everything.

        Raises DataError where no text has anything to measure; whatever `each` raises.
        """
        gauge = self._gauge(kind_of(model), _length_limit(model, self._tokenizer))
        base = gauge.base(model)
        self._started = gauge, base
        figures, self.retention = gauge.unmoved(base)
        return figures

    def measure(self, model: nn.Module) -> dict[str, float]:
        """The figures of the model now, by metric name; `retention` has what the sentence needs of them."""
        gauge, base = self._state()
        figures, self.retention = gauge.compare(base, model)
        return figures

    def save(self, file: Path) -> None:
        """Write what is kept of the base, all at once or not at all; about 0.5 kB a token, 2 MB for 32 texts."""
        gauge, base = self._state()
        about = {"kind": gauge.passages.kind, "max_length": str(self._max_length), "probe": _sha256(gauge.passages)}
        base_file.save(file, base, about)

    def restore(self, file: Path) -> None:
        """Take the base from that file instead of measuring it: a resumed run is compared with its true base.

        Raises StateError where the file is missing, damaged, or of other texts or another tokenizer.
        """
        base, about = base_file.load(file)
        gauge = self._gauge(cast(Kind, about["kind"]), int(about["max_length"]))
        if about["probe"] != _sha256(gauge.passages):
            raise base_file.unusable(file, "it was measured with other texts or another tokenizer")
        self._started = gauge, base

    def _gauge(self, kind: Kind, max_length: int) -> Predictions | Embeddings:
        self._max_length = max_length
        rows = encode(self._texts, self._tokenizer, kind, max_length)
        if not rows:
            raise DataError("retention_data: no text has two tokens.", "Name longer texts, or leave it empty.")
        passages = Passages(rows, kind, pad_id(self._tokenizer), self._arithmetic, self._each)
        return Embeddings(passages) if kind == "embedding" else Predictions(passages, self._top_k)

    def _state(self) -> tuple[Predictions | Embeddings, Mapping[str, Tensor]]:
        if self._started is None:
            raise RuntimeError("the meter was neither started nor restored")
        return self._started


def _length_limit(model: nn.Module, tokenizer: PreTrainedTokenizerBase) -> int:
    # T5 has relative positions and no such limit.
    places = getattr(base_model(model).config, "max_position_embeddings", None) or MAX_LENGTH
    return min(MAX_LENGTH, places, tokenizer.model_max_length)


def _sha256(passages: Passages) -> str:
    tokens = [(row.input_ids, row.targets) for row in passages.rows]
    return hashlib.sha256(repr(tokens).encode()).hexdigest()
