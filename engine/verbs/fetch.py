"""The verb fetch: have demo parts ready, telling the progress as JSON lines."""

import json
from functools import partial

from ...store import catalog, paths
from ..demo import parts
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Ensure the named parts, or all: `{"part", "progress"}` lines, then `{"part", "path"}` for each.

    Raises FetchError where a part can't be fetched or made; pip's own output goes to standard error.
    """
    parser = VerbArguments(prog="fetch", description="Fetch demo models and data, pinned and checked.")
    parser.add_argument("part", nargs="*", help="such as demo:smollm2; all without it")
    names = parser.parse_args(arguments).part
    for part in [catalog.find(name) for name in names] or catalog.PARTS:
        path = parts.ensure(part, paths.cache_folder(), partial(_say, part.name))
        print(json.dumps({"part": part.name, "path": str(path)}), flush=True)


def _say(part: str, progress: str) -> None:
    print(json.dumps({"part": part, "progress": progress}), flush=True)
