"""The verb `check CONFIG`: whether the rows of a run can be read, in a second, without torch."""

import json
import sys

from ...store import catalog, paths
from ...store.config import applied, checked
from .. import tasks
from ..data.division import divide
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print `{"data", "columns", "rows", "bad_rows", "sha256"}` (or "eval_data") for each source of a configuration.

    Raises:
        ConfigError, DataError: what would end the run in its first seconds.
    """
    parser = VerbArguments(prog="check", description="Check what a run would read.")
    parser.add_argument("config", help="a configuration as JSON")
    config = applied(checked(json.loads(parser.parse_args(arguments).config)))
    if any(_is_still_to_be_fetched(name) for name in (config.data, config.eval_data)):
        return
    for field, loaded in divide(config, tasks.of(config), _say).sources.items():
        counts = {"columns": loaded.columns, "rows": len(loaded.rows), "bad_rows": loaded.bad_rows.count}
        print(json.dumps({field: getattr(config, field)} | counts | {"sha256": loaded.sha256}), flush=True)


def _say(text: str, *, level: str = "info") -> None:
    print(text, file=sys.stderr)


def _is_still_to_be_fetched(name: str) -> bool:
    return name.startswith("demo:") and not (paths.cache_folder() / catalog.find(name).path).exists()
