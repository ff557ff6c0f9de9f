"""`tunedeck data report`: what is wrong with rows, at a glance, and which command mends it."""

import shlex
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import click

from ..clean import clean_line
from ..engine_process import ask
from ..words import counted
from .output import JSON_OPTION, say, say_json
from .source import meant

COLUMNS = 80
INDENT = "  "
BAR = 30
NAME = 16
SHOWN_LABELS = 12


@click.command()
@click.argument("source")
@click.option("--task", help="What the rows are for; what they suit best without it.")
@click.option("--model", help="Count its tokens: demo:smollm2, a folder, a hub id.")
@click.option(
    "--max-length", type=click.IntRange(min=1), help="Where training cuts rows; the knob's default without it."
)
@click.option("--columns", help="Which column plays which role, such as text=review, label=rating.")
@click.option("--eval-data", help="Held-out rows that must not be among these, for leakage.")
@JSON_OPTION
def report(source: str, as_json: bool, **options: str | int | None) -> None:
    """Say how much SOURCE holds, what is wrong with its rows, and what to do."""
    given = [part for name, value in options.items() if value for part in (f"--{name.replace('_', '-')}", str(value))]
    source = meant(source)
    told = _asked(source, given)
    if as_json:
        say_json(told)
        return
    _say_counts(told)
    for finding in told["findings"]:
        _say_finding(finding, _cure(source, finding["kind"], options))
    if not told["findings"]:
        say("\nNothing was found that needs a look.")


def _asked(source: str, options: Sequence[str]) -> Mapping[str, Any]:
    told: Mapping[str, Any] = {}
    for answer in ask("report", [*options, "--", source], show_progress=True):
        _show_progress(str(answer.get("progress", "")))
        told = answer
    return told


def _cure(source: str, kind: str, options: Mapping[str, object]) -> str:
    """The command that drops the rows of a finding, with those options on which it depends which rows they are."""
    named = ("task", "columns", "eval_data") if kind.startswith("leakage") else ("task", "columns")
    given = [part for name in named if options[name] for part in (f"--{name.replace('_', '-')}", str(options[name]))]
    return shlex.join(["tunedeck", "data", "cure", source, "--kind", kind, *given])


def _show_progress(sentence: str) -> None:
    """One line that is written over; nothing where nobody watches."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{clean_line(sentence)[: COLUMNS - 1]}", nl=False, err=True)


def _say_counts(told: Mapping[str, Any]) -> None:
    bad = f", {told['bad_rows']:,} of which can't be used" if told["bad_rows"] else ""
    say(
        _cut(
            f"{told['source']}: {counted(told['rows'], 'row')}{bad}; {told['format']}; {told['task'] or 'no task fits'}"
        )
    )
    if told["columns"]:
        say(_cut(f"columns: {', '.join(f'{role} = {column}' for role, column in told['columns'].items())}"))
    if told["labels"]:
        say("\nlabels")
        _say_bars(list(told["labels"].items())[:SHOWN_LABELS])
        if len(told["labels"]) > SHOWN_LABELS:
            say(f"{INDENT}and {len(told['labels']) - SHOWN_LABELS:,} more")
    if told["tokens"]:
        _say_tokens(told)


def _say_tokens(told: Mapping[str, Any]) -> None:
    tokens = told["tokens"]
    say(f"\ntokens of {told['model']}: {tokens['total']:,}")
    median, p95, longest = (f"{tokens[name]:,}" for name in ("median", "p95", "max"))
    say(f"{INDENT}a row has {median} (median), 95% of them up to {p95}, all up to {longest}")
    if told["max_length"]:
        cut_rows, cut_tokens = counted(tokens["cut_rows"], "row"), counted(tokens["cut_tokens"], "token")
        say(f"{INDENT}max_length = {told['max_length']:,} cuts {cut_rows} by {cut_tokens}")
    _say_bars([(f"up to {edge:,}", rows) for edge, rows in tokens["histogram"]])


def _say_bars(counts: Sequence[tuple[str, int]]) -> None:
    most, total = max((count for _, count in counts), default=0), sum(count for _, count in counts)
    for name, count in counts:
        bar = "#" * (-(-count * BAR // most) if most else 0)
        say(f"{INDENT}{clean_line(name)[:NAME]:{NAME}} {count:>11,} {count / (total or 1):>4.0%} {bar}".rstrip())


def _say_finding(finding: Mapping[str, Any], cure: str) -> None:
    say(f"\n{finding['severity'].upper()}: {finding['kind']}")
    say(textwrap.fill(finding["sentence"], COLUMNS, initial_indent=INDENT, subsequent_indent=INDENT))
    for example in finding["examples"]:
        like = "" if example["like"] is None else f" (see line {example['like']:,})"
        say(_cut(f"{INDENT}line {example['line']:,}{like}: {example['text']}"))
    if finding["cure"] == "drop":
        say(f"{INDENT}> {cure}")


def _cut(text: str) -> str:
    line = clean_line(text)
    return line if len(line) <= COLUMNS else f"{line[: COLUMNS - 3]}..."
