"""Data sets of the hub: found, pinned to a revision, and read row by row as they come, without scripts.

The hub is asked only where a source is named `hub:owner/name`, or it is searched.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import ModuleType

from ...store.errors import DataError
from . import rows_cache
from .hub_faults import told
from .rows_cache import Opened
from .tables import Values

PREFIX = "hub:"
ASK_TIMEOUT_SECONDS = 10
BATCH_ROWS = 16
SHOWN = 8
_NAME = re.compile(
    PREFIX + r"(?P<repository>[\w.-]+(?:/[\w.-]+)?)(?::(?P<config>[^@#/]+))?(?:@(?P<split>[\w.-]+))?"
    r"(?:#(?P<revision>[\w./-]+))?"
)


@dataclass(frozen=True)
class HubSource:
    """One split of one configuration of a data set; what is empty is left open."""

    repository: str
    config: str = ""
    split: str = ""
    revision: str = ""

    def __str__(self) -> str:
        """The name by which the very same rows are found again."""
        parts = ((":", self.config), ("@", self.split), ("#", self.revision))
        return f"{PREFIX}{self.repository}{''.join(sign + part for sign, part in parts if part)}"


def is_hub(name: str) -> bool:
    return name.startswith(PREFIX)


def find(name: str) -> HubSource:
    """The source that `hub:owner/name:config@split#revision` names, where all but the repository may be left out.

    The revision is pinned to a commit. Raises DataError where the name is another, the hub doesn't give the data set,
    or it can't be told which configuration is meant.
    """
    parsed = _NAME.fullmatch(name)
    if parsed is None:
        raise DataError(
            f"{name} is not a name of the hub.", "Write it like hub:owner/name or hub:owner/name:config@split."
        )
    asked = HubSource(**{part: value or "" for part, value in parsed.groupdict().items()})
    asked = replace(asked, revision=_commit(asked.repository, asked.revision))
    configs = _configs(asked.repository, asked.revision)
    config = _chosen(asked.config, configs, "default", asked.repository, "configuration")
    splits = _splits(asked.repository, config, asked.revision)
    # Which of several splits is meant is clear more often than which of several configurations.
    split = _chosen(asked.split, splits, "train" if "train" in splits else splits[0], asked.repository, "split")
    return replace(asked, config=config, split=split)


def _chosen(asked: str, names: list[str], usual: str, repository: str, what: str) -> str:
    """The name that was asked for, or the only one, or the usual one."""
    shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")
    chosen = asked or (names[0] if len(names) == 1 else usual)
    if chosen in names:
        return chosen
    example = HubSource(repository, names[0]) if what == "configuration" else HubSource(repository, split=names[0])
    if asked:
        raise DataError(f"{repository} has no {what} {asked}, only {shown}.", f"Name one of them, such as {example}")
    raise DataError(f"{repository} has {len(names):,} {what}s: {shown}.", f"Name one, such as {example}")


def opened(source: HubSource, cache: Path, watch: Callable[[Values], Values] = iter) -> Opened:
    """The rows file of the source, made of all its rows where it isn't there yet; `watch` sees them as they come.

    Raises DataError as `rows` does, and where the cache can't be written.
    """
    key = hashlib.sha256(str(source).encode()).hexdigest()[:32]
    return rows_cache.opened(cache, key, lambda: watch(rows(source)))


def rows(source: HubSource) -> Values:
    """Yield the rows as the hub sends them, numbered from 1; of columns and classes the same as of a Parquet file.

    Raises DataError where the hub stops giving them, or they can't be read.
    """
    from .class_labels import label_names
    from .parquet import rows_of

    with told(source.repository):
        stream = _datasets().load_dataset(
            source.repository, source.config, split=source.split, revision=source.revision, streaming=True
        )
        tables = iter(stream.with_format("arrow").iter(batch_size=BATCH_ROWS))
        first = next(tables, None)
        if first is not None:
            batches = (batch for table in chain([first], tables) for batch in table.to_batches())
            yield from rows_of(batches, label_names(first.schema.metadata or {}))


def parts(repository: str) -> Iterator[Mapping[str, object]]:
    """Each configuration with its splits, and the name by which its first split is opened, pinned to a commit.

    Raises DataError where the hub doesn't give the data set.
    """
    revision = _commit(repository, "")
    for config in _configs(repository, revision):
        splits = _splits(repository, config, revision)
        yield {"config": config, "splits": splits, "source": str(HubSource(repository, config, splits[0], revision))}


def search(words: str, limit: int) -> Iterator[Mapping[str, object]]:
    """The data sets whose names have the words, the most fetched first: name, downloads, likes, whether gated.

    Raises DataError where the hub can't be reached.
    """
    from huggingface_hub import constants, utils

    # HfApi.list_datasets tries for 25 seconds where there is no network, and takes no time limit.
    with told(""):
        response = utils.get_session().get(
            f"{constants.ENDPOINT}/api/datasets",
            params={"search": words, "sort": "downloads", "direction": "-1", "limit": str(limit)},
            headers=utils.build_hf_headers(),
            timeout=ASK_TIMEOUT_SECONDS,
        )
        utils.hf_raise_for_status(response)
        for found in response.json():
            about = {"downloads": found.get("downloads"), "likes": found.get("likes")}
            yield {"name": str(found["id"]), **about, "gated": bool(found.get("gated"))}


def _commit(repository: str, revision: str) -> str:
    """The commit that is the revision now. The first question to the hub, so that it is known whether it answers."""
    from huggingface_hub import HfApi

    with told(repository):
        return str(HfApi().dataset_info(repository, revision=revision or None, timeout=ASK_TIMEOUT_SECONDS).sha)


def _configs(repository: str, revision: str) -> list[str]:
    with told(repository):
        return _datasets().get_dataset_config_names(repository, revision=revision)


def _splits(repository: str, config: str, revision: str) -> list[str]:
    with told(repository):
        return _datasets().get_dataset_split_names(repository, config, revision=revision)


def _datasets() -> ModuleType:
    """The library, which takes a second to import; without its bars and logs, which tell each failure in 50 lines."""
    import datasets

    datasets.disable_progress_bars()
    datasets.logging.set_verbosity(datasets.logging.CRITICAL)
    return datasets
