"""The verb tokens: how rows look to the model, token by token, and which tokens are trained."""

import argparse
import json
import sys
from functools import partial

from ...store.config import RunConfig
from ...store.errors import DataError
from .. import models, sources
from ..data import source
from ..data.chat import ChatRow
from ..data.faults import BadRow
from ..tasks.causal_lm import ChatFormat, encode
from .arguments import VerbArguments

ALL_ROWS = (1, sys.maxsize)


def run(arguments: list[str]) -> None:
    """Print `{"row", "input_ids", "labels", "tokens", "truncated"}` for each row, `{"row", "error"}` for a bad one.

    `row` is the line in the file, from 1; `labels` has -100 where nothing is trained; `tokens` are for the eye: a token
    that is only a part of a character shows as the replacement character.

    Raises DataError where the file can't be read, ModelError where the tokenizer can't be loaded or has no template.
    """
    options = _parse(arguments)
    say = partial(print, file=sys.stderr)
    path = source.find(options.path, report=say)
    chat = ChatFormat(models.load_tokenizer(sources.resolve(options.model, report=say)))
    first, last = options.rows
    for row in source.read_chat_rows(path):
        if row.line > last:
            return
        if row.line >= first:
            print(json.dumps(_shown(row, chat, options.max_length)), flush=True)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = VerbArguments(prog="tokens", description="Show rows as tokens, with what is trained.")
    parser.add_argument("path", help="a .jsonl or .json file, or demo:chat")
    parser.add_argument("--model", required=True, help="demo:smollm2, a folder, a .gguf file or a hub id")
    parser.add_argument("--rows", type=_line_range, default=ALL_ROWS, help="lines A-B, from 1 (default: all)")
    parser.add_argument(
        "--max-length",
        type=int,
        default=RunConfig.model_fields["max_length"].default,
        help="cut rows after so many tokens",
    )
    return parser.parse_args(arguments)


def _line_range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a range of lines like 1-20")
    return int(first), int(last or first)


def _shown(row: ChatRow | BadRow, chat: ChatFormat, max_length: int | None) -> dict[str, object]:
    if isinstance(row, BadRow):
        return {"row": row.line, "error": row.sentence}
    try:
        example, truncated = encode(row, chat, max_length)
    except DataError as error:
        return {"row": row.line, "error": error.what}
    return {
        "row": row.line,
        "input_ids": example.input_ids,
        "labels": example.labels,
        "tokens": [chat.tokenizer.decode([token]) for token in example.input_ids],
        "truncated": truncated,
    }
