"""`tunedeck models`: what a run can start from, and whether it fits."""

from typing import Any

import click

from .. import shelf
from ..engine_process import ask
from .output import JSON_OPTION, say, say_json, say_table

_TITLES = ("fits", "parameters", "family", "tasks", "licence", "where", "size", "name")


@click.command()
@click.argument("words", nargs=-1)
@click.option("--search", is_flag=True, help="Ask the hub for models whose names have the WORDS, instead.")
@click.option("--folder", "folders", multiple=True, help="Also the model in this folder or .gguf file.")
@JSON_OPTION
def models(words: tuple[str, ...], search: bool, folders: tuple[str, ...], as_json: bool) -> None:
    """List the models on this machine in which every one of the WORDS stands; without one all of them.

    There are demo parts, folders, the hub's cache, and the results of earlier runs. `fits` says by which methods they
    can be trained here, reckoned for 8 rows of 512 tokens at once.
    """
    wanted = " ".join(words)
    found: list[Any] = list(ask("models", _arguments(wanted, folders, search=search)))
    if not search:
        found = shelf.matching(found, wanted)
    if as_json:
        for model in found:
            say_json(model)
    elif not found:
        say(f"There is no model like {wanted}." + ("" if search else " `--search` asks the hub."))
    else:
        say_table(_TITLES, [_cells(model) for model in found])


def _arguments(wanted: str, folders: tuple[str, ...], *, search: bool) -> list[str]:
    if search and not wanted:
        raise click.UsageError("--search needs WORDS.")
    return ["--search", wanted] if search else [f"--folder={folder}" for folder in folders]


def _cells(model: shelf.Facts) -> tuple[str, ...]:
    name, *facts = shelf.cells(model)
    return (shelf.WORDS[shelf.fit(model)] or "?", *facts, name)
