"""The gauge of models that judge: how far the embeddings of the probe's texts have moved from the base's."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..methods.parts import base_model
from .passages import Batch, Passages
from .sentence import Retention


@dataclass(frozen=True)
class Embeddings:
    """Drift and similarity of the last hidden states, mean-pooled over all tokens; the head has no part in it."""

    passages: Passages

    def base(self, model: nn.Module) -> dict[str, Tensor]:
        """What is kept of the base: `embeddings`, (passages, hidden), fp32."""
        return {"embeddings": self._pooled(model)}

    def unmoved(self, base: Mapping[str, Tensor]) -> tuple[dict[str, float], Retention]:
        """The figures of the base itself."""
        return {"retention_drift": 0.0, "retention_cka": 1.0}, Retention(drift=0.0)

    def compare(self, base: Mapping[str, Tensor], model: nn.Module) -> tuple[dict[str, float], Retention]:
        """`retention_drift` and `retention_cka` of the model now, and the former for the sentence."""
        then, now = base["embeddings"].double(), self._pooled(model).double()
        moved = drift(then, now)
        return {"retention_drift": moved, "retention_cka": linear_cka(then, now)}, Retention(drift=moved)

    def _pooled(self, model: nn.Module) -> Tensor:
        backbone = backbone_of(model)

        def read(rows: list[int], batch: Batch) -> list[Tensor]:
            hidden = backbone(**batch).last_hidden_state.float()
            mask = batch["attention_mask"].unsqueeze(-1)
            return list(((hidden * mask).sum(dim=1) / mask.sum(dim=1)).cpu())

        return torch.stack(self.passages.show(model, read))


def backbone_of(model: nn.Module) -> nn.Module:
    """The part beneath the head, with its adapters; of an encoder-decoder the encoder, as the texts are only read."""
    whole = base_model(model)
    return whole.get_encoder() if whole.config.is_encoder_decoder else whole.base_model


def drift(base: Tensor, now: Tensor) -> float:
    """1 - the mean cosine similarity of the rows of two (passages, hidden); 0 where no direction has changed."""
    return 1.0 - float(functional.cosine_similarity(base, now).mean())


def linear_cka(base: Tensor, now: Tensor) -> float:
    """Linear centred kernel alignment of two (passages, hidden): 1 for the same up to rotation and scale.

    Kornblith et al., Similarity of Neural Network Representations Revisited (2019), equation 3. With fewer passages
    than dimensions it reads high for unrelated embeddings too: compare it along a run, not with other probes.
    NaN where all passages of either have the same embedding.
    """
    one, other = (_centred_gram(part) for part in (base, now))
    return float((one * other).sum() / (one.norm() * other.norm()))


def _centred_gram(embeddings: Tensor) -> Tensor:
    centred = embeddings - embeddings.mean(dim=0)
    return centred @ centred.T
