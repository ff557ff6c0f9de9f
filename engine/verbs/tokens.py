"""The verb tokens: how rows look to the model, token by token, and which tokens are trained."""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial

from ...store.config import RunConfig, checked
from ...store.errors import DataError
from .. import sources, tasks
from ..data import source
from ..data.faults import BadRow
from ..data.row import Row
from ..encoding.example import Example
from ..model import models
from ..tasks.task import Task
from .arguments import VerbArguments

ALL_ROWS = (1, sys.maxsize)


def run(arguments: list[str]) -> None:
    """Print `{"row", "input_ids", "labels", "by_place", "tokens", "truncated"}` of each example, of bad rows the error.

    `row` is the line in the file, from 1. `labels` are the task's: with `by_place` one for each token, -100 where
    nothing is trained. `tokens` are for the eye: a token that is only a part of a character shows as the replacement
    character. A bad row is `{"row", "error"}`.

    Raises DataError where the file can't be read, ModelError where the tokenizer can't be loaded or has no template.
    """
    options = _parse(arguments)
    say = partial(print, file=sys.stderr)
    task = tasks.of(_config(options))
    columns, values = source.with_columns(source.find(options.path, report=say), task)
    rows = list(source.shaped(values, task, columns))
    # A task has to know all labels, or whether the rows are text or talk, before it can encode one.
    task.learn([row for row in rows if isinstance(row, Row)], say)
    task.use(models.load_tokenizer(sources.resolve(options.model, report=say)), say)
    first, last = options.rows
    for row in rows:
        if first <= row.line <= last:
            for shown in _shown(row, task):
                print(json.dumps(shown), flush=True)


def _config(options: argparse.Namespace) -> RunConfig:
    given = {name: getattr(options, name) for name in ("task", "max_length", "columns", "model")}
    return checked({"data": options.path} | {name: value for name, value in given.items() if value is not None})


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = VerbArguments(prog="tokens", description="Show rows as tokens, with what is trained.")
    parser.add_argument("path", help="a file of rows, or a demo part")
    parser.add_argument("--model", required=True, help="demo:smollm2, a folder, a .gguf file or a hub id")
    parser.add_argument("--task", help="what the rows are for (default: causal-lm)")
    parser.add_argument("--columns", help="which column plays which role, such as text=review, label=rating")
    parser.add_argument("--rows", type=_line_range, default=ALL_ROWS, help="lines A-B, from 1 (default: all)")
    parser.add_argument("--max-length", type=int, help="cut rows after so many tokens")
    return parser.parse_args(arguments)


def _line_range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a range of lines like 1-20")
    return int(first), int(last or first)


def _shown(row: Row | BadRow, task: Task) -> Sequence[dict[str, object]]:
    if isinstance(row, BadRow):
        return [{"row": row.line, "error": row.sentence}]
    try:
        return [_example(example, task) for example in task.encode(row)]
    except DataError as error:
        return [{"row": row.line, "error": error.what}]


def _example(example: Example, task: Task) -> dict[str, object]:
    return {
        "row": example.line,
        "input_ids": example.input_ids,
        "labels": _labels(example, task),
        "by_place": task.labels_by_place,
        "tokens": [task.tokenizer.decode([token]) for token in example.input_ids],
        "truncated": example.truncated,
    }


def _labels(example: Example, task: Task) -> object:
    """The class by its name, where there is one for the whole row."""
    return task.names[example.labels] if isinstance(example.labels, int) and task.names else example.labels
