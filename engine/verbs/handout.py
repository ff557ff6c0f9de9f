"""The verb handout: write a version as a file for other programs."""

import json
from pathlib import Path

from ...store import database, datasets
from ...store.paths import Home
from ..curation import handout
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print `{"path", "rows", "left_out"}` once the file is written; rows that can't be used are left out of it.

    Raises:
        UserError: there is no such version, the format is none, or the file can't be written; then it is as it was.
    """
    parser = VerbArguments(prog="handout", description="Write a version as a file for other programs.")
    parser.add_argument("version", help="such as data:reviews@v3")
    parser.add_argument("to", type=Path, help=f"a file that ends in {', '.join(handout.WRITERS)}")
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    options = parser.parse_args(arguments)
    home = Home.default()
    dataset = datasets.find(database.connect(home), options.version)
    to = options.to.expanduser().absolute()
    handout.write(dataset.path(home), to, overwrite=options.overwrite)
    facts = {"path": str(to), "rows": dataset.rows - dataset.bad_rows, "left_out": dataset.bad_rows}
    print(json.dumps(facts), flush=True)
