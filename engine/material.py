"""What a run is made of: its rows, divided and tokenised, in batches, with the prompts that will be answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from torch.utils.data import DataLoader
from transformers import PreTrainedTokenizerBase

from ..store.config import RunConfig
from .batches import LengthGroupedBatches
from .data.division import divide
from .data.row import Row
from .retention.overlap import without_overlap
from .retention.probe import probe, spread
from .session import Session
from .tasks.example import Encoded, Example
from .tasks.task import Task

_PROMPTS = 3


@dataclass(frozen=True)
class Material:
    """The task with what it learned, the batches to train on, the held-out rows and examples, and the prompts."""

    task: Task
    train: DataLoader
    batches: LengthGroupedBatches
    held_out: Sequence[Row]
    evaluation: list[Example]
    prompts: list[str]
    probe: list[str]


def prepare(config: RunConfig, task: Task, tokenizer: PreTrainedTokenizerBase, session: Session) -> Material:
    """Read, cure, divide and tokenise the rows; what was left out is told as events.

    Raises:
        DataError: rows that can't be used; ModelError: a tokenizer that can't be used; StopRequested.
    """
    split = divide(config, task, session.event).split
    session.enter("tokenising", expect_seconds=120)
    task.use(tokenizer, session.event)
    train = _encoded("training", split.train, task, session)
    evaluation = _encoded("evaluation", split.evaluation, task, session)
    task.preflight(train)
    batches = LengthGroupedBatches(
        [len(row.input_ids) for row in train], config.per_device_train_batch_size, config.seed
    )
    return Material(
        task=task,
        train=DataLoader(train, batch_sampler=batches, collate_fn=task.collate),  # pyright: ignore[reportArgumentType]
        batches=batches,
        held_out=split.evaluation,
        evaluation=evaluation,
        prompts=config.prompts or _prompts(split.evaluation, task),
        probe=_probe(config, task, split.train, session),
    )


def _probe(config: RunConfig, task: Task, train: Sequence[Row], session: Session) -> list[str]:
    """The general texts on which is measured what the model keeps; none of them is trained."""
    texts = (str(value) for row in train for value in task.shown(row).values())
    kept, dropped = without_overlap(probe(config), texts, each=session.check)
    if dropped:
        session.event(f"{dropped:,} general texts are in the training rows too, and not used to measure what is kept")
    return spread(kept, config.retention_rows)


def _encoded(what: str, rows: Sequence[Row], task: Task, session: Session) -> list[Example]:
    encoded = task.encode_all(rows, each=session.check)
    if encoded.truncated:
        length = task.config.max_length
        session.event(f"{encoded.truncated:,} {what} rows are cut at {length:,} tokens", level="warning")
    _tell_untrained(what, encoded, session)
    return encoded.examples


def _tell_untrained(what: str, encoded: Encoded, session: Session) -> None:
    lines = encoded.untrained_lines
    if lines:
        named = ", ".join(f"{line:,}" for line in lines[:5]) + (" and more" if len(lines) > 5 else "")
        session.event(f"{len(lines):,} {what} rows train nothing and are left out (line {named})", level="warning")


def _prompts(rows: Sequence[Row], task: Task) -> list[str]:
    """Three rows as prompts, from the beginning, the middle and the end."""
    distinct = list(dict.fromkeys(task.prompt(row) for row in rows))
    last = len(distinct) - 1
    return list(dict.fromkeys(distinct[part * last // (_PROMPTS - 1)] for part in range(_PROMPTS)))
