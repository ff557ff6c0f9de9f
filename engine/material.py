"""What a run is made of: its rows, split and tokenised, in loaders, with the prompts that will be answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from torch.utils.data import DataLoader
from transformers import PreTrainedTokenizerBase

from ..store.config import RunConfig
from . import models
from .batches import LengthGroupedBatches
from .collate import collate, pad_id
from .data.chat import ChatRow
from .data.source import Rows, load_rows
from .data.split import Split, drop_duplicates, split_by_question
from .session import Session
from .tasks.causal_lm import ChatFormat, Example, Examples, encode_rows, preflight_turn_end

_PROMPTS = 3


@dataclass(frozen=True)
class Material:
    """The loaders of both splits, the tokenizer, and the prompts."""

    train: DataLoader
    evaluation: DataLoader
    batches: LengthGroupedBatches
    tokenizer: PreTrainedTokenizerBase
    prompts: list[str]


def prepare(config: RunConfig, source: models.ModelSource, session: Session) -> Material:
    """Read, cure, split and tokenise the rows; what was left out is told as events.

    Raises:
        DataError: rows that can't be used; ModelError: a tokenizer that can't be used; StopRequested.
    """
    split = _split(config, session)
    session.enter("tokenising", expect_seconds=120)
    tokenizer = models.load_tokenizer(source)
    chat = ChatFormat(tokenizer)
    train = _encoded("training", split.train, chat, config.max_length, session)
    evaluation = _encoded("evaluation", split.evaluation, chat, config.max_length, session)
    preflight_turn_end(tokenizer, train)
    batches = LengthGroupedBatches(
        [len(row.input_ids) for row in train], config.per_device_train_batch_size, config.seed
    )
    together = partial(collate, pad_id=pad_id(tokenizer))
    return Material(
        train=DataLoader(train, batch_sampler=batches, collate_fn=together),  # pyright: ignore[reportArgumentType]
        evaluation=_by_length(evaluation, config.per_device_eval_batch_size, together),
        batches=batches,
        tokenizer=tokenizer,
        prompts=config.prompts or _questions(split.evaluation),
    )


def _split(config: RunConfig, session: Session) -> Split:
    rows = _usable(config.data, config, session)
    if config.eval_data:
        return Split(rows, _usable(config.eval_data, config, session))
    split = split_by_question(rows, config.eval_fraction, config.seed)
    session.event(
        f"{len(split.train):,} rows to train on and {len(split.evaluation):,} held out; no question is in both"
    )
    return split


def _usable(name: str, config: RunConfig, session: Session) -> tuple[ChatRow, ...]:
    loaded = load_rows(name, on_bad_rows=config.on_bad_rows, report=session.event)
    _tell_bad_rows(loaded, session)
    if not config.drop_duplicates:
        return loaded.rows
    rows, dropped = drop_duplicates(loaded.rows)
    session.event(
        f"{len(loaded.rows):,} rows in {loaded.path.name}: {dropped:,} duplicates dropped, {len(rows):,} left"
    )
    return tuple(rows)


def _tell_bad_rows(loaded: Rows, session: Session) -> None:
    if loaded.bad_rows.count:
        session.event(f"left out: {loaded.bad_rows.summary()}", level="warning")


def _encoded(what: str, rows: Sequence[ChatRow], chat: ChatFormat, max_length: int, session: Session) -> list[Example]:
    encoded = encode_rows(rows, chat, max_length, each=session.check)
    if encoded.truncated:
        session.event(f"{encoded.truncated:,} {what} rows are cut at {max_length:,} tokens", level="warning")
    _tell_untrained(what, encoded, session)
    return encoded.examples


def _tell_untrained(what: str, encoded: Examples, session: Session) -> None:
    lines = encoded.untrained_lines
    if lines:
        named = ", ".join(f"{line:,}" for line in lines[:5]) + (" and more" if len(lines) > 5 else "")
        session.event(f"{len(lines):,} {what} rows train no token and are left out (line {named})", level="warning")


def _by_length(examples: list[Example], batch_size: int, together: partial[dict]) -> DataLoader:
    """Longest first: no padding to speak of, and a batch that doesn't fit fails at once."""
    ordered = sorted(examples, key=lambda row: len(row.input_ids), reverse=True)
    return DataLoader(ordered, batch_size=batch_size, collate_fn=together)  # pyright: ignore[reportArgumentType]


def _questions(rows: Sequence[ChatRow]) -> list[str]:
    """The user's words before the first answer, of three rows from the beginning, the middle and the end."""
    openings = (takewhile(lambda message: message.role != "assistant", row.messages) for row in rows)
    asked = dict.fromkeys(
        "\n".join(message.content for message in opening if message.role == "user") for opening in openings
    )
    distinct = list(asked)
    last = len(distinct) - 1
    return list(dict.fromkeys(distinct[part * last // (_PROMPTS - 1)] for part in range(_PROMPTS)))
