"""How many tokens rows have, and what of them a greatest length cuts off."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jinja2 import TemplateError
from numpy.typing import NDArray

from ..data.chat import ChatRow
from ..data.row import Row
from ..report import Report
from ..tasks.causal_lm import CausalLM, TextRow
from ..tasks.question_answering import QuestionRow
from ..tasks.task import Task
from .finding import Finding, Severity
from .reading import Entry, Material
from .texts import parts_of
from .wording import percent, rows_say

BATCH_ROWS = 1000
BARS = 12
UNKNOWN = -1
# From this share of cut rows on training misses much of what the rows say.
MANY_CUT = 0.05


@dataclass(frozen=True)
class Lengths:
    """The tokens of each row by index, -1 where there are none to count; and what is cut beyond `max_length`."""

    tokens: NDArray[np.int32]
    cut: NDArray[np.int64]
    max_length: int

    @property
    def known(self) -> NDArray[np.int32]:
        return self.tokens[self.tokens != UNKNOWN]

    @property
    def cut_tokens(self) -> int:
        return int((self.tokens[self.cut] - self.max_length).sum())

    def told(self) -> dict[str, Any]:
        known = self.known
        median, p95 = np.percentile(known, (50, 95)) if known.size else (0, 0)
        return {
            "total": int(known.sum()),
            "median": int(median),
            "p95": int(p95),
            "max": int(known.max(initial=0)),
            "histogram": histogram(known),
            "cut_rows": len(self.cut),
            "cut_tokens": self.cut_tokens,
        }


def count_tokens(material: Material, model: str, say: Report) -> Lengths:
    """The rows as the model reads them whole: with special tokens, conversations by its chat template.

    Raises ModelError where the tokenizer can't be loaded or doesn't do for the task.
    """
    # Read by tokenizers when it is first used. Nothing is forked here, so that it may use every core.
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    # Both import torch, which takes 2 s and 300 MB.
    from .. import sources
    from ..model import models

    task = material.task
    tokenizer = models.load_tokenizer(sources.resolve(model, report=say))
    if task:
        if isinstance(task, CausalLM):
            task.learn([entry.row for entry in material.entries], say)
        task.use(tokenizer, say)
    tokens = np.full(material.count, UNKNOWN, np.int32)
    for start in range(0, len(material.entries), BATCH_ROWS):
        say(f"tokens: {start / len(material.entries):.0%}")
        _count(material.entries[start : start + BATCH_ROWS], task, tokenizer, tokens)
    max_length = task.config.max_length if task else 0
    is_cut = [entry.index for entry in material.entries if max_length and is_cuttable(entry.row)]
    indices = np.array(is_cut, np.int64)
    return Lengths(tokens, indices[tokens[indices] > max_length], max_length)


def is_cuttable(row: Row) -> bool:
    """Plain text is trained in stretches, and a long context is read in windows: of these nothing is lost."""
    return not isinstance(row, TextRow | QuestionRow)


def _count(entries: Sequence[Entry], task: Task | None, tokenizer: Any, tokens: NDArray[np.int32]) -> None:
    inputs = [(entry, text) for entry in entries if (text := _input(entry.row, task)) is not None]
    if not inputs:
        return
    texts = [text for _, text in inputs]
    # A chat template writes the special tokens itself, and plain text is trained with none but the end token.
    is_whole = isinstance(task, CausalLM)
    pairs = [text[1] for text in texts] if any(text[1:] and text[1] for text in texts) else None
    counted = tokenizer(
        [text[0] for text in texts],
        pairs,
        add_special_tokens=not is_whole,
        truncation=False,
        return_attention_mask=False,
        return_token_type_ids=False,
        verbose=False,
    )["input_ids"]
    for (entry, _), ids in zip(inputs, counted, strict=True):
        tokens[entry.index] = len(ids) + (isinstance(entry.row, TextRow) and tokenizer.eos_token_id is not None)


def _input(row: Row, task: Task | None) -> tuple[str, ...] | None:
    """What the tokenizer is given; nothing where the chat template refuses the conversation."""
    if isinstance(row, ChatRow) and isinstance(task, CausalLM):
        try:
            return (task.chat.render(row.messages),)
        except TemplateError:
            return None
    return parts_of(row)[:1] if task and task.peft_type == "SEQ_2_SEQ_LM" else parts_of(row)


def histogram(tokens: NDArray[np.int32]) -> list[tuple[int, int]]:
    """Twelve bars or so of equal width up to the 99th percentile, one more up to the longest: (upper edge, rows)."""
    if not tokens.size:
        return []
    width = _round_width(float(np.percentile(tokens, 99)) / BARS)
    edges = list(range(width, width * (BARS + 1), width))
    edges = [edge for edge in edges if edge - width < tokens.max()]
    if edges[-1] < tokens.max():
        edges.append(int(tokens.max()))
    counts = np.bincount(np.searchsorted(edges, tokens), minlength=len(edges))
    return [(edge, int(count)) for edge, count in zip(edges, counts, strict=True)]


def _round_width(width: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ... that is at least as wide."""
    power = 10 ** int(np.floor(np.log10(max(width, 1))))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= width)


def too_long(lengths: Lengths) -> Iterator[Finding]:
    """Rows of which the end is cut off."""
    if not lengths.cut.size:
        return
    longest = int(lengths.tokens[lengths.cut].max())
    rows, known = lengths.cut.tolist(), lengths.known
    severity: Severity = "warning" if len(rows) > MANY_CUT * known.size else "info"
    told = (
        f"{rows_say(len(rows), 'is', 'are')} longer than max_length = {lengths.max_length:,}:"
        f" {percent(lengths.cut_tokens, int(known.sum()))} of all tokens are cut off. Raise it, if memory allows: the"
        f" longest row has {longest:,} tokens."
    )
    yield Finding("too-long", severity, told, rows)
