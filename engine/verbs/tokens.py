"""The verb tokens: how rows look to the model, token by token, and which tokens are trained."""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial

from ...store.config import RunConfig, checked
from ...store.errors import DataError
from .. import models, sources, tasks
from ..data import source
from ..data.faults import BadRow
from ..data.row import Row
from ..tasks.example import Example
from ..tasks.task import Task
from .arguments import VerbArguments

ALL_ROWS = (1, sys.maxsize)


def run(arguments: list[str]) -> None:
    """Print `{"row", "input_ids", "labels", "tokens", "truncated"}` for each example, `{"row", "error"}` for a bad row.

    `row` is the line in the file, from 1; `labels` has -100 where nothing is trained, or is the row's label; `tokens`
    are for the eye: a token that is only a part of a character shows as the replacement character.

    Raises DataError where the file can't be read, ModelError where the tokenizer can't be loaded or has no template.
    """
    options = _parse(arguments)
    say = partial(print, file=sys.stderr)
    task = tasks.of(_config(options))
    rows = _rows(options.path, task, options.rows, say)
    # A task may have to know the labels, or whether the rows are text or talk, before it can encode one.
    task.learn([row for row in rows if isinstance(row, Row)], say)
    task.use(models.load_tokenizer(sources.resolve(options.model, report=say)), say)
    for row in rows:
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


def _rows(name: str, task: Task, lines: tuple[int, int], say: partial[None]) -> list[Row | BadRow]:
    columns, values = source.with_columns(source.find(name, report=say), task)
    found: list[Row | BadRow] = []
    for row in source.shaped(values, task, columns):
        if row.line > lines[1]:
            break
        if row.line >= lines[0]:
            found.append(row)
    return found


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
        "labels": example.labels,
        "tokens": [task.tokenizer.decode([token]) for token in example.input_ids],
        "truncated": example.truncated,
    }
