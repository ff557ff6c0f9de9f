"""What rows look like, in words, and which tasks they suit: each task is asked whether it can read them."""

from collections.abc import Mapping, Sequence
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple, get_args

from ..store.config import checked
from ..store.errors import ConfigError, DataError
from ..store.knobs.run import Task as TaskName
from . import tasks
from .data import source
from .data.chat import ChatRow
from .data.jsonl import JsonRow
from .data.roles import FREE_TEXT, Role
from .data.row import Row
from .data.tables import read_rows

CHAT_WORDS = {
    "messages": "chat (messages)",
    "conversations": "ShareGPT (conversations)",
    "instruction": "Alpaca (instruction, input, output)",
    "prompt": "prompt and completion",
}
WORDS = {
    "causal-lm": "plain text",
    "sequence-classification": "text and label",
    "token-classification": "tokens and tags",
    "question-answering": "SQuAD (context, question, answers)",
    "seq2seq-lm": "source and target",
}
SHOWN_COLUMNS = 6


class Format(NamedTuple):
    """The shape in words, the tasks that it suits, the best first, and for that one the columns by role."""

    words: str
    tasks: tuple[str, ...]
    columns: Mapping[str, str]


NONE = Format("no rows", (), {})


class _Fit(NamedTuple):
    """How a task reads a sample; `doubts` counts the columns of the right name whose values look like something else.

    Prose where labels or tags are expected is more than a doubt.
    """

    task: str
    columns: Mapping[str, str]
    rows: Sequence[Row]
    doubts: int
    has_prose: bool

    @property
    def is_chat(self) -> bool:
        return bool(self.rows) and isinstance(self.rows[0], ChatRow)

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Talk is for chat models, whatever else it could be; and what is plain text is best whatever more it is."""
        return not self.is_chat, self.task == "causal-lm", self.doubts


def of_source(path: Path, task: str = "", columns: str = "") -> Format:
    """The format of a local source by its first rows. Raises as `of`, and DataError where it can't be read."""
    first = islice(read_rows(path), source.SAMPLE_ROWS)
    return of([row.value for row in first if isinstance(row, JsonRow)], task, columns)


def of(sample: Sequence[object], task: str = "", columns: str = "") -> Format:
    """The format of the first rows of a source; with `task` only that one is asked, `columns` as the knob has them.

    Raises DataError or ConfigError where the task that is asked for can't find its columns.
    """
    if task:
        fits = [_read(task, sample, columns)]
    else:
        suiting = (_suiting(name, sample, columns) for name in get_args(TaskName))
        fits = sorted((fit for fit in suiting if fit), key=lambda fit: fit.rank)
    if not fits or not fits[0].rows:
        return Format(_unknown(sample), (), fits[0].columns if fits else {})
    return Format(_words(fits[0], sample), tuple(fit.task for fit in fits), fits[0].columns)


def _suiting(name: str, sample: Sequence[object], columns: str) -> _Fit | None:
    """How the task reads the sample, where it makes sense of three quarters of the rows."""
    try:
        fit = _read(name, sample, columns)
    except (DataError, ConfigError):
        return None
    return fit if fit.rows and 4 * len(fit.rows) >= 3 * len(sample) and not fit.has_prose else None


def _read(name: str, sample: Sequence[object], columns: str) -> _Fit:
    task = tasks.of(checked({"data": "-", "model": "-", "task": name, "columns": columns}))
    objects = [value for value in sample if isinstance(value, dict)]
    found = task.find_columns(objects) if objects else {}
    read = source.shaped(map(JsonRow, count(1), sample), task, found)
    rows = [row for row in read if isinstance(row, Row)]
    misfits = [values for role in task.roles if (values := _misfitting(role, found, objects))]
    has_prose = any(FREE_TEXT.fits(values) for values in misfits)
    return _Fit(name, found, rows, len(misfits), has_prose)


def _misfitting(role: Role, found: Mapping[str, str], objects: Sequence[Mapping[str, object]]) -> list[object]:
    """The values of the role's column, where they don't look as the role's do."""
    if role.shape is None or role.name not in found:
        return []
    values = [value for row in objects if (value := row.get(found[role.name])) not in (None, "")]
    return [] if not values or role.shape.fits(values) else values


def _words(fit: _Fit, sample: Sequence[object]) -> str:
    first = next(value for value in sample if isinstance(value, dict))
    if fit.is_chat:
        return next((words for field, words in CHAT_WORDS.items() if field in first), "chat")
    if "text_pair" in fit.columns:
        return "two texts and label"
    label = fit.columns.get("label", "")
    return "text and labels" if isinstance(first.get(label), list) else WORDS[fit.task]


def _unknown(sample: Sequence[object]) -> str:
    first = next((value for value in sample if isinstance(value, dict)), None)
    if first is None:
        return "values without columns" if sample else NONE.words
    names = [str(name)[:40] for name in first]
    more = f" and {len(names) - SHOWN_COLUMNS:,} more" if len(names) > SHOWN_COLUMNS else ""
    return f"columns {', '.join(names[:SHOWN_COLUMNS])}{more}"
