"""When the updates of a transformers trainer were made, and how many tokens they saw."""

import resource
import sys
import time
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class Clock(TrainerCallback):
    """Counts from its making on; `began` is when the process did, by `time.time`."""

    def __init__(self, began: float) -> None:
        self._began = began
        self.ends: list[float] = []
        self.tokens: list[int] = []
        self.examples: list[int] = []
        self._tokens = self._examples = 0

    def saw(self, inputs: dict[str, Any]) -> None:
        """A batch as the model gets it."""
        mask = inputs.get("attention_mask")
        self._tokens += int(mask.sum()) if mask is not None else inputs["input_ids"].numel()
        self._examples += len(inputs["input_ids"])

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
            "peak_bytes": peak_bytes(),
        }


def peak_bytes() -> int:
    """The most memory that this process had: on a GPU the allocator's, else its resident set."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    # Linux tells kilobytes, macOS bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
