"""Where tokens stand in their text: what tasks on words and answers need of a tokenizer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...store.errors import ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# First character and the one behind the last.
Offset = tuple[int, int]


def need_offsets(tokenizer: PreTrainedTokenizerBase, model: str) -> None:
    """Refuse a tokenizer that doesn't know where its tokens stand. Raises ModelError."""
    if not tokenizer.is_fast:
        raise ModelError(
            f"The tokenizer of {model} can't tell which characters its tokens stand for.",
            "Choose a model that comes with a tokenizer.json.",
        )
