"""Text from a model, by greedy search or with beams, so that it can be held side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase, StoppingCriteria, StoppingCriteriaList

from ..encoding.collate import pad_id
from ..model.precision import Arithmetic


class Listener(Protocol):
    """Who is told that work goes on, and may end it: the session of a run, say."""

    def beat(self, expect_seconds: float) -> None: ...

    def stop_asked(self) -> bool: ...

    def check(self) -> None: ...


class _AskedToStop(StoppingCriteria):
    """Ends a generation when the run is to stop, and beats between tokens."""

    def __init__(self, session: Listener) -> None:
        self._session = session

    def __call__(self, input_ids: Tensor, scores: object, **kwargs: object) -> torch.BoolTensor:
        stop = self._session.stop_asked()
        return torch.full((input_ids.shape[0],), stop, device=input_ids.device).bool()  # pyright: ignore[reportReturnType]


@dataclass(frozen=True)
class Speaker:
    """A model that can be asked, with its tokenizer, where it computes, and who may stop it."""

    model: Any
    tokenizer: PreTrainedTokenizerBase
    arithmetic: Arithmetic
    session: Listener

    def go_on(self, prompts: Sequence[Sequence[int]], max_new_tokens: int, **options: Any) -> list[str]:
        """What a decoder says after each prompt, cut at its end or after `max_new_tokens`; `options` as `generate`.

        Raises StopRequested.
        """
        inputs = self.here(_front_padded(prompts, pad_id(self.tokenizer)))
        output = self.generate(inputs, max_new_tokens, **options)
        return self.texts(output[:, inputs["input_ids"].shape[1] :])

    def generate(self, inputs: dict[str, Tensor], max_new_tokens: int, num_beams: int = 1, **options: Any) -> Tensor:
        """The ids that the model writes, (rows, length); `options` go to its own `generate`. Raises StopRequested."""
        self.session.beat(expect_seconds=120)
        output = self.model.generate(
            **inputs,
            max_new_tokens=max_new_tokens,
            num_beams=num_beams,
            do_sample=False,
            pad_token_id=pad_id(self.tokenizer),
            stopping_criteria=StoppingCriteriaList([_AskedToStop(self.session)]),
            **options,
        )
        self.session.check()
        return output

    def texts(self, output: Tensor) -> list[str]:
        return [text.strip() for text in self.tokenizer.batch_decode(output, skip_special_tokens=True)]

    def here(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """The batch on the model's device."""
        return {name: tensor.to(self.arithmetic.device) for name, tensor in batch.items()}


def _front_padded(rows: Sequence[Sequence[int]], fill: int) -> dict[str, Tensor]:
    """Padded in front, so that all answers begin together."""
    width = max(len(row) for row in rows)
    return {
        "input_ids": torch.tensor([[fill] * (width - len(row)) + list(row) for row in rows]),
        "attention_mask": torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows]),
    }
