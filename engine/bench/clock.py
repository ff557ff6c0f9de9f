"""When the updates of a transformers trainer were made, and how many examples and tokens they saw."""

import time
from typing import Any

import torch
from torch import Tensor, nn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class Clock(TrainerCallback):
    """Counts what the model reads in training; `began` is when the process did, by `time.time`."""

    def __init__(self, began: float) -> None:
        self._began = began
        self.ends: list[float] = []
        self.tokens: list[int] = []
        self.examples: list[int] = []
        self._tokens = self._examples = 0

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        kwargs["model"].register_forward_pre_hook(self._see, with_kwargs=True)

    def _see(self, model: nn.Module, arguments: tuple[Any, ...], inputs: dict[str, Tensor]) -> None:
        tokens, mask = inputs["input_ids"], inputs.get("attention_mask")
        if mask is not None:
            self._tokens += int(mask.sum())
            self._examples += len(tokens)
        else:
            # Rows that are laid one behind the other have no padding, and count their places each from 0.
            self._tokens += tokens.numel()
            self._examples += int((inputs["position_ids"] == 0).sum())

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.ends.append(time.time() - self._began)
        self.tokens.append(self._tokens)
        self.examples.append(self._examples)

    @property
    def facts(self) -> dict[str, Any]:
        """What `Trained` wants to know of the updates."""
        return {
            "updates": len(self.ends),
            "examples": self.examples[-1] - self.examples[0],
            "tokens": self.tokens[-1] - self.tokens[0],
            "seconds": self.ends[-1] - self.ends[0],
            "first_update_at": self.ends[0],
            "total_seconds": time.time() - self._began,
        }
