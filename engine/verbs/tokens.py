"""The verb tokens: how rows look to the model, token by token, what of them is trained, and where they are cut."""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial

from ...store.config import RunConfig, checked
from ...store.errors import ConfigError, DataError
from .. import formats, sources, tasks
from ..data import source
from ..data.faults import BadRow
from ..data.row import Row
from ..model import models
from ..tasks.shown import Shown
from .arguments import VerbArguments

# Rows on each side of the one that is asked for: enough to read on while the next ones are made, 1 MB at most.
AROUND_ROWS = 40


def run(arguments: list[str]) -> None:
    """Print each example of the rows that are asked for, as `tasks.shown` tells it; of a bad row what is wrong.

    `row` is the line in the file, from 1, `index` the place among all `of` rows, from 0. A bad row is
    `{"row", "index", "of", "error"}`. The answers come in the order of the rows, those of `--lines` as they are named,
    and those of `--typical` with the reason for each, `why`.

    Raises DataError where the file can't be read or has no row at such a line, ModelError where the tokenizer can't be
    loaded or has no template.
    """
    options = _parse(arguments)
    say = partial(print, file=sys.stderr)
    path = source.find(options.path, report=say)
    suited = () if options.task else formats.of_source(path, columns=options.columns or "").tasks
    config = _config(options, options.task or next(iter(suited), None))
    task = tasks.of(config)
    columns, values = source.with_columns(path, task)
    rows = list(source.shaped(values, task, columns))
    # A task has to know all labels, or whether the rows are text or talk, before it can encode one.
    task.learn([row for row in rows if isinstance(row, Row)], say)
    task.use(models.load_tokenizer(sources.resolve(options.model, report=say)), say)
    shown = Shown(task, config)
    reasons = _typical(rows) if options.typical else {}
    for index in reasons if options.typical else _chosen(rows, options):
        row = rows[index]
        place: dict[str, object] = {"row": row.line, "index": index, "of": len(rows)}
        place |= {"why": reasons[index]} if reasons else {}
        for told in [{"error": row.told}] if isinstance(row, BadRow) else _told(row, shown):
            print(json.dumps(place | told), flush=True)


def _config(options: argparse.Namespace, task: str | None) -> RunConfig:
    given = {name: getattr(options, name) for name in ("max_length", "columns", "model")} | {"task": task}
    known = {name: value for name, value in given.items() if value is not None}
    return checked(_knobs(options.knobs) | {"data": options.path} | known)


def _knobs(text: str) -> dict[str, object]:
    try:
        knobs = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"tokens: --knobs is not JSON ({error}).") from error
    if not isinstance(knobs, dict):
        raise ConfigError("tokens: --knobs is no JSON object.")
    return knobs


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = VerbArguments(prog="tokens", description="Show rows as tokens, with what is trained.")
    parser.add_argument("path", help="a file of rows, a demo part, or a version of a data set")
    parser.add_argument("--model", required=True, help="demo:smollm2, a folder, a .gguf file or a hub id")
    parser.add_argument("--task", help="what the rows are for (default: as their shape says)")
    parser.add_argument("--columns", help="which column plays which role, such as text=review, label=rating")
    parser.add_argument("--max-length", type=int, help="cut rows after so many tokens")
    parser.add_argument("--knobs", default="{}", help="further knobs of the run, as a JSON object")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--rows", type=_line_range, help="lines A-B, from 1 (default: all)")
    which.add_argument("--lines", type=_line_list, help="lines such as 3,17,20, in this order")
    which.add_argument("--typical", action="store_true", help="the first row, one of median length, and the longest")
    which.add_argument("--around", type=int, help=f"this line and up to {AROUND_ROWS} rows on each side of it")
    return parser.parse_args(arguments)


def _line_range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a range of lines like 1-20")
    return int(first), int(last or first)


def _line_list(text: str) -> list[int]:
    if not all(part.strip().isdecimal() for part in text.split(",")):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of lines like 3,17,20")
    return [int(part) for part in text.split(",")]


def _chosen(rows: Sequence[Row | BadRow], options: argparse.Namespace) -> Sequence[int]:
    """The places of the rows that are to be shown."""
    if options.lines is None and options.around is None:
        first, last = options.rows or (0, sys.maxsize)
        return [index for index, row in enumerate(rows) if first <= row.line <= last]
    places = {row.line: index for index, row in enumerate(rows)}
    wanted = [options.around] if options.lines is None else options.lines
    if missing := [line for line in wanted if line not in places]:
        raise DataError(f"{options.path} has no row at line {missing[0]:,}.", f"It has {len(rows):,} rows.")
    if options.lines is not None:
        return [places[line] for line in wanted]
    here = places[options.around]
    return range(max(here - AROUND_ROWS, 0), min(here + AROUND_ROWS + 1, len(rows)))


def _typical(rows: Sequence[Row | BadRow]) -> dict[int, str]:
    """The places of at most three good rows that stand for all, each with the reason; lengths are in characters."""
    good = {index: sum(map(len, row.identity)) for index, row in enumerate(rows) if isinstance(row, Row)}
    if not good:
        return {}
    by_length = sorted(good, key=good.__getitem__)
    found: dict[int, str] = {}
    for index, why in (
        (next(iter(good)), "the first row"),
        (by_length[len(good) // 2], "median length"),
        (by_length[-1], "the longest"),
    ):
        found.setdefault(index, why)
    return found


def _told(row: Row, shown: Shown) -> Sequence[dict[str, object]]:
    try:
        return shown.of(row)
    except DataError as error:
        return [{"error": error.what}]
