"""Rows that were tokenised: read again, for as long as they and all that they were tokenised with stay as they are."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
from transformers import PreTrainedTokenizerBase

from ...store import paths
from ...store.errors import DataError
from ...store.knobs.data import DataKnobs
from ..data import kept
from ..data.division import Tell
from ..data.row import Row
from ..encoding import examples_file
from ..encoding.example import Encoded
from ..tasks.task import Task

# What is tokenised sooner is read no sooner by enough that anybody would see it.
WORTH_SECONDS = 1.0
# What a task holds besides what it learned of the rows.
_NOT_LEARNED = ("config", "_tokenizer", "_chat")
_LIBRARIES = ("transformers", "tokenizers", "jinja2")
_DAMAGES = (OSError, pa.ArrowException, LookupError, TypeError, ValueError, OverflowError)


def encoded(what: str, rows: Sequence[Row], task: Task, each: Callable[[], None], report: Tell) -> Encoded:
    """The rows as `task.encode_all` makes them, or made them before; it is told which, and from when they are.

    `each` is called before every row. Raises as `encode_all` does.
    """
    key = _key(rows, task, each)
    path = paths.cache_folder() / "examples" / f"{key}.parquet"
    if key and (found := _found(path, what, rows, task, report)):
        return found
    began = time.monotonic()
    made = task.encode_all(rows, each)
    seconds = time.monotonic() - began
    if key and seconds >= WORTH_SECONDS:
        _keep(path, made, seconds, task, report)
    return made


def _found(path: Path, what: str, rows: Sequence[Row], task: Task, report: Tell) -> Encoded | None:
    known = kept.find(path)
    if known is None:
        return None
    try:
        if _sha256(path) != known["sha256"]:
            raise ValueError("other bytes than were written")
        found = examples_file.read(path, rows, task.notes_again)
        when = time.strftime("%d %b at %H:%M", time.localtime(known["at"]))
        took = f"{known['seconds']:.0f} s"
    except FileNotFoundError:
        return None  # freed in this moment
    except _DAMAGES:
        path.unlink(missing_ok=True)
        report(f"what was kept of the tokenised {what} rows is damaged: they are tokenised again", level="warning")
        return None
    report(f"{what} rows: read as they were tokenised on {when}, which took {took}")
    return found


def _keep(path: Path, made: Encoded, seconds: float, task: Task, report: Tell) -> None:
    def write(making: Path) -> dict[str, Any]:
        examples_file.write(making, made, task.numbers_of)
        return {"sha256": _sha256(making), "at": time.time(), "seconds": seconds}

    try:
        kept.make(path, write)
    except (DataError, pa.ArrowException) as error:
        report(f"tokenised rows are not kept for other runs. {error}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _key(rows: Sequence[Row], task: Task, each: Callable[[], None]) -> str:
    """A digest of everything on which the examples depend; empty where that can't be told of the tokenizer."""
    if not task.tokenizer.is_fast:
        return ""
    digest = hashlib.sha256()
    learned = {name: value for name, value in vars(task).items() if name not in _NOT_LEARNED}
    knobs = task.config.model_dump(include=set(DataKnobs.model_fields))
    for part in (_code(), [*map(version, _LIBRARIES)], type(task), learned, knobs, *_told(task.tokenizer)):
        digest.update(f"{part!r}\0".encode())
    for row in rows:
        each()
        digest.update(f"{row!r}\0".encode())
    return digest.hexdigest()[:32]


@cache
def _code() -> str:
    """All that is written here of rows, examples and tasks: a change there may make other examples."""
    digest = hashlib.sha256()
    for room in ("data", "encoding", "tasks"):
        for module in sorted((Path(__file__).parent.parent / room).glob("*.py")):
            digest.update(module.read_bytes())
    return digest.hexdigest()


def _told(tokenizer: PreTrainedTokenizerBase) -> Iterator[object]:
    """What decides what a tokenizer makes of a text."""
    backend: Any = tokenizer.backend_tokenizer
    # Left from its last call, and set anew at each.
    backend.no_truncation()
    backend.no_padding()
    yield backend.to_str()
    for name in ("chat_template", "special_tokens_map", "model_input_names", "truncation_side", "padding_side"):
        yield getattr(tokenizer, name)
    # Llama's templates write the day.
    if "strftime_now" in str(tokenizer.chat_template):
        yield date.today()
