"""The probe as a model reads it: tokenised, cut, and shown in batches of similar length."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from ..encoding.collate import padded
from ..encoding.example import IGNORED
from ..model.precision import Arithmetic
from ..outputs.evaluating import evaluating
from .kinds import Kind

# A built-in passage has 84 to 214 tokens, 118 in the mean (SmolLM2's tokenizer).
MAX_LENGTH = 256
# Their scores are 100 MB in fp32 at a vocabulary of 49,152; on two cores larger batches are no faster.
BATCH_TOKENS = 512

Batch = dict[str, Tensor]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Passage:
    """What the model reads, and the tokens that it is scored on; these are empty for an embedding."""

    input_ids: list[int]
    targets: list[int]


def encode(texts: Sequence[str], tokenizer: PreTrainedTokenizerBase, kind: Kind, max_length: int) -> list[Passage]:
    """Tokenise each text, cut at `max_length`; those with nothing to score are left out.

    Next-token: every token but the first is a target. Second-half: the encoder reads the first half of the text, cut at
    the white space nearest to its middle, and the second half is the target.
    """
    made = [_encoded(text, tokenizer, kind, max_length) for text in texts]
    return [passage for passage in made if passage.input_ids and (passage.targets or kind == "embedding")]


def _encoded(text: str, tokenizer: PreTrainedTokenizerBase, kind: Kind, max_length: int) -> Passage:
    def ids(part: str, special: bool = True) -> list[int]:
        return tokenizer(part, truncation=True, max_length=max_length, add_special_tokens=special)["input_ids"]  # pyright: ignore[reportReturnType]

    if kind == "second-half":
        first, second = halves(text)
        return Passage(ids(first), ids(second, special=False))
    read = ids(text)
    return Passage(read, read[1:] if kind == "next-token" else [])


def halves(text: str) -> tuple[str, str]:
    """The text apart at the white space nearest to its middle, or in its middle where there is none."""
    middle = len(text) // 2
    breaks = [position for position, letter in enumerate(text) if letter.isspace()]
    nearest = min(breaks, key=lambda position: abs(position - middle), default=middle)
    return text[:nearest], text[nearest:].lstrip()


@dataclass(frozen=True)
class Passages:
    """The probe for one kind of model, and how it is shown; `each` is called after every batch."""

    rows: Sequence[Passage]
    kind: Kind
    pad_id: int
    arithmetic: Arithmetic
    each: Callable[[], None]

    @property
    def target_tokens(self) -> list[int]:
        """How many tokens are scored in each passage."""
        return [len(row.targets) for row in self.rows]

    def show(self, model: nn.Module, read: Callable[[list[int], Batch], Sequence[Found]]) -> list[Found]:
        """What `read(rows, batch)` finds for each passage of a batch, in the order of the passages.

        Without dropout or gradients, in the arithmetic of the training; the model is left in the mode it was in, and no
        random number is drawn.
        """
        found: dict[int, Found] = {}
        with evaluating(model, self.arithmetic):
            for rows in self._batches():
                batch = {name: tensor.to(self.arithmetic.device) for name, tensor in self._batch(rows).items()}
                found.update(zip(rows, read(rows, batch), strict=True))
                self.each()
        return [found[row] for row in range(len(self.rows))]

    def _batches(self) -> Iterator[list[int]]:
        """Longest first: little padding, and a batch that doesn't fit fails at once."""
        waiting = sorted(range(len(self.rows)), key=self._length, reverse=True)
        while waiting:
            count = max(1, BATCH_TOKENS // self._length(waiting[0]))
            yield waiting[:count]
            del waiting[:count]

    def _length(self, row: int) -> int:
        return max(len(self.rows[row].input_ids), len(self.rows[row].targets))

    def _batch(self, rows: list[int]) -> Batch:
        shown = [self.rows[row] for row in rows]
        batch = {
            "input_ids": padded([row.input_ids for row in shown], self.pad_id, 1),
            "attention_mask": padded([[1] * len(row.input_ids) for row in shown], 0, 1),
        }
        if self.kind == "second-half":
            batch["labels"] = padded([row.targets for row in shown], IGNORED, 1)
        return batch
