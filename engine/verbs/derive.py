"""The verb derive: make new versions of a data set, as an operation file asks."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ...store import database
from ...store.errors import ConfigError
from ...store.paths import Home
from ..curation import versions
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print `{"progress"}` lines, then `{"dataset": {...}}` of each version that was made, evaluation rows first.

    `{"op": "import"}` makes the first version of a source, or answers with the one that says the same.

    Raises:
        UserError: the source can't be read, or the operation can't be done; then no version is made.
    """
    options = _parser().parse_args(arguments)
    home = Home.default()
    made = versions.derive(database.connect(home), home, options.parent, _read(options.op_file), options.name, _say)
    for dataset in made:
        print(json.dumps({"dataset": asdict(dataset)}), flush=True)


def _say(progress: str) -> None:
    print(json.dumps({"progress": progress}), flush=True)


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path} can't be read as an operation: {error}.", "It is one JSON object.") from error


def _parser() -> argparse.ArgumentParser:
    parser = VerbArguments(prog="derive", description="Make new versions of a data set.")
    parser.add_argument("parent", help="a version such as data:reviews@v3, or any source, which is imported first")
    parser.add_argument("--op-file", type=Path, required=True, help='a JSON object such as {"op": "drop", "rows": [3]}')
    parser.add_argument("--name", default="", help="the new versions' data set; the parent's without it")
    return parser
