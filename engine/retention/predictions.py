"""The gauge of models that write: how well, and how differently from the base, they predict the probe's tokens."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .passages import Batch, Passages
from .reference import Reference, divergence, reference_of
from .sentence import Retention

TOP_K = 64


@dataclass(frozen=True)
class Predictions:
    """Mean cross-entropy and KL(base || now) per scored token, in nats; a causal model or an encoder-decoder."""

    passages: Passages
    top_k: int = TOP_K

    def base(self, model: nn.Module) -> dict[str, Tensor]:
        """What is kept of the base: `losses`, (passages,), summed over tokens, and the Reference of all tokens."""

        def read(rows: list[int], batch: Batch) -> list[tuple[Tensor, Reference]]:
            return [
                (loss, Reference(*(part.cpu() for part in reference_of(log_probs, self.top_k))))
                for loss, log_probs in self._scored(model, rows, batch)
            ]

        found = self.passages.show(model, read)
        references = [reference._asdict() for _, reference in found]
        joined = {name: torch.cat([kept[name] for kept in references]) for name in Reference._fields}
        return {"losses": torch.stack([loss for loss, _ in found]), **joined}

    def unmoved(self, base: Mapping[str, Tensor]) -> tuple[dict[str, float], Retention]:
        """The figures of the base itself."""
        loss = float(base["losses"].sum()) / sum(self.passages.target_tokens)
        return {"retention_loss": loss, "retention_kl": 0.0}, Retention(0.0)

    def compare(self, base: Mapping[str, Tensor], model: nn.Module) -> tuple[dict[str, float], Retention]:
        """`retention_loss` and `retention_kl` of the model now, and the change of the former."""
        kept = [base[name].split(self.passages.target_tokens) for name in Reference._fields]

        def read(rows: list[int], batch: Batch) -> list[tuple[Tensor, Tensor]]:
            references = [
                Reference(*(parts[row].to(self.passages.arithmetic.device) for parts in kept)) for row in rows
            ]
            scored = self._scored(model, rows, batch)
            return [
                (loss, divergence(reference, log_probs).cpu().double().sum())
                for (loss, log_probs), reference in zip(scored, references, strict=True)
            ]

        losses, divergences = (torch.stack(part) for part in zip(*self.passages.show(model, read), strict=True))
        tokens = torch.tensor(self.passages.target_tokens)
        figures = {
            "retention_loss": float(losses.sum() / tokens.sum()),
            "retention_kl": float(divergences.sum() / tokens.sum()),
        }
        return figures, Retention(*paired_change(base["losses"], losses, tokens))

    def _scored(self, model: nn.Module, rows: list[int], batch: Batch) -> Iterator[tuple[Tensor, Tensor]]:
        """For each passage its summed loss, a scalar, and log-probabilities, (tokens, vocabulary), in fp32.

        One after the other: the copies in fp32 of a whole batch would double the memory.
        """
        logits = model(**batch, use_cache=False).logits
        for place, row in enumerate(rows):
            yield self._of_passage(logits[place], row)

    def _of_passage(self, logits: Tensor, row: int) -> tuple[Tensor, Tensor]:
        # The scores at t predict the token at t + 1; an encoder-decoder shifts its labels by itself.
        targets = torch.tensor(self.passages.rows[row].targets, device=logits.device)
        log_probs = functional.log_softmax(logits[: len(targets)].float(), dim=-1)
        losses = -log_probs.gather(-1, targets.unsqueeze(-1))
        return losses.cpu().double().sum(), log_probs


def paired_change(base: Tensor, now: Tensor, tokens: Tensor) -> tuple[float, float]:
    """How much the mean loss per token rose, and half the width of its 95% interval over passages.

    `base`, `now` and `tokens` are (passages,), losses summed over each passage's tokens. A passage is the unit, as the
    tokens within one depend on each other: the linearised variance of a ratio (Cochran, Sampling Techniques, 2.11 and
    6.3), 1.96 standard errors; infinite for a single passage.
    """
    total, count = float(tokens.sum()), len(tokens)
    change = float((now - base).sum()) / total
    if count < 2:
        return change, math.inf
    off = (now - base) - change * tokens
    return change, 1.96 * math.sqrt(count / (count - 1) * float(off.square().sum())) / total
