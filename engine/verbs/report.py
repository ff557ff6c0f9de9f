"""The verb report: what is wrong with the rows of a source, and what to do about it."""

import json

from ..curation.report import report
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print `{"progress": sentence}` now and then, and last the report.

    That is `{"source", "rows", "bad_rows", "task", "format", "columns", "model", "max_length", "tokens", "labels",
    "findings", "facts", "seconds"}`. `tokens`, None without a model, are `{"total", "median", "p95", "max",
    "histogram": [[upper edge, rows], ...], "cut_rows", "cut_tokens"}`. A finding is `{"kind", "count", "sentence",
    "severity", "rows", "groups", "cure", "examples"}`, its rows by index from 0, bad rows counted; so is `facts`, a
    Parquet file of `tokens` (-1 where unknown), `label` and `characters`.

    Raises DataError where the source can't be read, ConfigError for a bad option, ModelError for the tokenizer.
    """
    parser = VerbArguments(prog="report", description="Report on the rows of a source.")
    parser.add_argument("source", help="a file, a folder, a demo part, or a version of a data set")
    parser.add_argument("--task", help="what the rows are for; what they suit best without it")
    parser.add_argument("--model", help="whose tokens are counted; none without it")
    parser.add_argument("--max-length", help="how many tokens of a row are trained")
    parser.add_argument("--columns", help="which column plays which role, such as text=review, label=rating")
    parser.add_argument("--eval-data", help="the rows of the evaluation, which must not leak into these")
    given = vars(parser.parse_args(arguments))
    source = given.pop("source")
    options = [part for name, value in given.items() if value for part in (f"--{name.replace('_', '-')}", value)]
    print(json.dumps(report(source, options, _say)), flush=True)


def _say(sentence: str) -> None:
    print(json.dumps({"progress": sentence}), flush=True)
