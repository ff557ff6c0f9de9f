"""The verb `check CONFIG`: whether the rows of a run can be read, in a second, without torch."""

import hashlib
import json
import sys
from functools import partial

from ...store import catalog, paths
from ...store.config import RunConfig, checked
from ...store.errors import DataError
from ..data.faults import BadRow, BadRows
from ..data.source import find, read_chat_rows
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print `{"data", "rows", "bad_rows", "sha256"}` (or "eval_data") for each source of a configuration.

    Raises:
        ConfigError, DataError: what would end the run in its first second.
    """
    parser = VerbArguments(prog="check", description="Check what a run would read.")
    parser.add_argument("config", help="a configuration as JSON")
    config = checked(json.loads(parser.parse_args(arguments).config))
    for field in ("data", "eval_data"):
        name = getattr(config, field)
        if name and not _is_still_to_be_fetched(name):
            print(json.dumps({field: name} | _placed(field, name, config)), flush=True)


def _is_still_to_be_fetched(name: str) -> bool:
    return name.startswith("demo:") and not (paths.cache_folder() / catalog.find(name).path).exists()


def _placed(field: str, name: str, config: RunConfig) -> dict[str, object]:
    try:
        return _counted(name, config)
    except DataError as error:
        raise DataError(f"{field}: {error.what}", error.next_step) from error


def _counted(name: str, config: RunConfig) -> dict[str, object]:
    path = find(name, report=partial(print, file=sys.stderr))
    digest, bad_rows, count = hashlib.sha256(), BadRows(path.name), 0
    for row in read_chat_rows(path, digest):
        if isinstance(row, BadRow):
            bad_rows.add(row)
        else:
            count += 1
    if bad_rows.count and (config.on_bad_rows == "refuse" or not count):
        raise bad_rows.refusal()
    if not count:
        raise DataError(f"{path.name} is empty.", "Name a file with one JSON object a line.")
    return {"rows": count, "bad_rows": bad_rows.count, "sha256": digest.hexdigest()}
