"""The filter of perplexity: texts that a causal model finds far odder, or far plainer, than their source."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from ...encoding.collate import pad_id
from ...encoding.example import IGNORED
from ...outputs.evaluating import evaluating
from ...outputs.loss import by_row, item_losses, next_token_scores
from ..loading import Loaded
from .filter import Candidate, Objection

# Longer texts are judged by their beginnings.
MAX_LENGTH = 512
_ROWS_AT_ONCE = 8


@dataclass
class Perplexity:
    """Objects to perplexities outside of a band around the source's, exp of the mean loss of a token in nats."""

    loaded: Loaded
    least: float
    most: float
    # The source's, which is asked for once a variant: all variants of a row come one after another.
    _sources: dict[str, float] = field(default_factory=dict)

    def objections(self, candidates: Sequence[Candidate]) -> list[Objection | None]:
        sources = list(dict.fromkeys(candidate.texts[1] for candidate in candidates))
        fresh = [text for text in sources if text not in self._sources]
        asked = [candidate.texts[0] for candidate in candidates] + fresh
        found = self.perplexities(asked)
        known = self._sources | dict(zip(fresh, found[len(candidates) :], strict=True))
        self._sources = {text: known[text] for text in sources}
        pairs = zip(found, (known[candidate.texts[1]] for candidate in candidates), strict=False)
        return [self._objection(made, source) for made, source in pairs]

    def _objection(self, made: float, source: float) -> Objection | None:
        # A text of one token has none.
        if math.isnan(made) or math.isnan(source) or self.least * source <= made <= self.most * source:
            return None
        return Objection("perplexity", f"its perplexity is {made:,.1f}, that of its source {source:,.1f}")

    def perplexities(self, texts: Sequence[str]) -> list[float]:
        """Of each text by itself; NaN where it has but one token."""
        found: list[float] = []
        for start in range(0, len(texts), _ROWS_AT_ONCE):
            found += self._of_batch(texts[start : start + _ROWS_AT_ONCE])
        return found

    def _of_batch(self, texts: Sequence[str]) -> list[float]:
        rows = [self._ids(text) for text in texts]
        width = max(map(len, rows))
        fill, device = pad_id(self.loaded.tokenizer), self.loaded.arithmetic.device
        ids = torch.tensor([row + [fill] * (width - len(row)) for row in rows], device=device)
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows], device=device)
        labels = ids.masked_fill(mask == 0, IGNORED)
        labels[:, 0] = IGNORED
        with evaluating(self.loaded.model, self.loaded.arithmetic):
            scored = next_token_scores(self.loaded.model, labels, input_ids=ids, attention_mask=mask)
            losses, weights = by_row(scored, item_losses(scored), len(rows))
        return (losses / weights).exp().tolist()

    def _ids(self, text: str) -> list[int]:
        tokenizer = self.loaded.tokenizer
        found = tokenizer(text, truncation=True, max_length=MAX_LENGTH, add_special_tokens=False)
        return list(found["input_ids"]) or [pad_id(tokenizer)]  # pyright: ignore[reportArgumentType]
