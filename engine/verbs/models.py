"""The verb models: what a run could start from on this machine, or what the hub has."""

import json
from contextlib import closing

from ...store import database
from ...store.paths import Home
from ..estimate import device
from ..shelf.search import LIMIT, search
from ..shelf.shelf import Shelf
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print each model as `shelf.described.Model` tells it, as it is found.

    `fits` says for lora and full whether training fits on this machine's device with 8 rows of 512 tokens at once; null
    where that isn't known. The network is asked only with `--search`. Raises DataError where the hub can't be reached.
    """
    parser = VerbArguments(prog="models", description="List the models that a run can start from.")
    parser.add_argument("--folder", action="append", default=[], help="also the model in this folder or .gguf file")
    parser.add_argument("--search", help="models of the hub whose names have these words, instead")
    parser.add_argument("--limit", type=int, default=LIMIT, help=f"how many of the hub at most (default: {LIMIT})")
    options = parser.parse_args(arguments)
    if options.search is not None:
        for model in search(options.search, options.limit):
            print(json.dumps(model.told()), flush=True)
        return
    home = Home.default()
    with closing(database.connect(home)) as db:
        for model in Shelf(db, home, device.best()).models(options.folder):
            print(json.dumps(model.told()), flush=True)
