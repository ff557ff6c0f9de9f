"""`tunedeck data`: data as training sees it."""

import click

from ..engine_process import ask
from .output import say, say_json


@click.group()
def data() -> None:
    """Look into data as training sees it."""


@data.command()
@click.argument("path")
@click.option("--model", required=True, help="Whose tokenizer and chat template: demo:smollm2, a folder, a hub id.")
@click.option("--rows", help="Lines A-B of the file, from 1; all without it.")
@click.option(
    "--max-length", type=click.IntRange(min=1), help="Cut rows after so many tokens; the knob's default without it."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a row: input_ids, labels (-100: not trained).")
def tokens(path: str, model: str, rows: str | None, max_length: int | None, as_json: bool) -> None:
    """Show the tokens of the rows of PATH, trained ones in [brackets]."""
    options = ["--model", model]
    options += ["--rows", rows] if rows else []
    options += ["--max-length", str(max_length)] if max_length else []
    for row in ask("tokens", [*options, "--", path], show_progress=True):
        say_json(row) if as_json else say(_shown(row))


def _shown(row: dict) -> str:
    if "error" in row:
        return f"line {row['row']}: {row['error']}"
    told = "".join(
        f"[{token}]" if label != -100 else token for token, label in zip(row["tokens"], row["labels"], strict=True)
    )
    trained = sum(label != -100 for label in row["labels"])
    cut = ", cut" if row["truncated"] else ""
    return f"line {row['row']}: {len(row['input_ids'])} tokens, {trained} trained{cut}\n{told}\n"
