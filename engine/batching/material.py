"""What a run is made of: its rows, divided and tokenised, in updates, with the prompts that will be answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ...store.config import RunConfig
from ..data.division import divide
from ..data.row import Row
from ..encoding.example import Encoded, Example
from ..retention.overlap import without_overlap
from ..retention.probe import probe, spread
from ..session import Session
from ..tasks.task import Task
from . import examples_cache
from .feed import Feed, as_read_by, feed

_PROMPTS = 3
# Characters of the first row in the log: half a screen.
_SHOWN = 2000


@dataclass(frozen=True)
class Material:
    """The task with what it learned, what the training reads, the held-out rows and examples, and the prompts."""

    task: Task
    feed: Feed
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
    print(f"the first row to train, what is trained in brackets: {task.as_trained(train[0])[:_SHOWN]}", flush=True)
    return Material(
        task=task,
        feed=feed(train, task, config, session.event),
        held_out=split.evaluation,
        evaluation=evaluation,
        prompts=config.prompts or _prompts(split.evaluation, task),
        probe=_probe(config, task, split.train, session),
    )


def read_by(model: PreTrainedModel, material: Material, session: Session) -> Material:
    """The material as this very model can read it; `model` is on the device, with the attention that it will have."""
    return replace(material, feed=as_read_by(model, material.feed, material.task, session.event))


def _probe(config: RunConfig, task: Task, train: Sequence[Row], session: Session) -> list[str]:
    """The general texts on which is measured what the model keeps; none of them is trained."""
    texts = (str(value) for row in train for value in task.shown(row).values())
    kept, dropped = without_overlap(probe(config), texts, each=session.check)
    if dropped:
        session.event(f"{dropped:,} general texts are in the training rows too, and not used to measure what is kept")
    return spread(kept, config.retention_rows)


def _encoded(what: str, rows: Sequence[Row], task: Task, session: Session) -> list[Example]:
    encoded = examples_cache.encoded(what, rows, task, session.check, session.event)
    if encoded.truncated:
        length = task.config.max_length
        session.event(f"{_rows(encoded.truncated, what)} cut at {length:,} tokens", level="warning")
    _tell_untrained(what, encoded, session)
    return encoded.examples


def _tell_untrained(what: str, encoded: Encoded, session: Session) -> None:
    lines = encoded.untrained_lines
    if lines:
        named = ", ".join(f"{line:,}" for line in lines[:5]) + (" and more" if len(lines) > 5 else "")
        session.event(
            f"{_rows(len(lines), what)} left out, as nothing in them is trained (line {named})", level="warning"
        )


def _rows(count: int, what: str) -> str:
    return f"1 {what} row is" if count == 1 else f"{count:,} {what} rows are"


def _prompts(rows: Sequence[Row], task: Task) -> list[str]:
    """Three rows as prompts, from the beginning, the middle and the end."""
    distinct = list(dict.fromkeys(task.prompt(row) for row in rows))
    last = len(distinct) - 1
    return list(dict.fromkeys(distinct[part * last // (_PROMPTS - 1)] for part in range(_PROMPTS)))
