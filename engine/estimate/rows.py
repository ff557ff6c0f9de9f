"""The rows of a run: how many there are, and how long they are in tokens, by those of a sample."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from torch import Tensor

from ...store import catalog, datasets, paths
from ...store.config import RunConfig
from ...store.errors import DataError
from ..batching.feed import Feed, feed
from ..data import hub, kept, rows_cache, source
from ..data.division import divide
from ..data.faults import BadRow
from ..data.folders import paths_in
from ..data.row import Row
from ..report import say_nothing
from ..tasks.task import Task

SAMPLE_ROWS = 1000
# So much is read, cured and divided in 2 s, as a launch does it; of more only the first rows are looked at.
READ_BYTES = 50_000_000


@dataclass(frozen=True)
class Rows:
    """How many rows are read, trained and held out (None where not known), and some of those that are trained."""

    rows: int | None
    train_rows: int | None
    eval_rows: int | None
    sample: Sequence[Row]
    notes: Sequence[str] = ()


def count(config: RunConfig, task: Task) -> Rows:
    """Read the rows, or the first of many; the task learns its labels from them. Nothing is fetched.

    Raises DataError where they can't be used.
    """
    notes = [note for name in (config.data, config.eval_data, config.mix_data) if (note := _absent(name))]
    if notes:
        return Rows(None, None, None, (), notes)
    if sum(_size(name) for name in (config.data, config.eval_data, config.mix_data)) <= READ_BYTES:
        return _divided(config, task)
    return _by_first(config, task)


def _absent(name: str) -> str:
    """Why the rows can't be looked at without the network."""
    if hub.is_hub(name):
        return f"The rows of {name} are counted once they are on this machine: open them on the Data screen."
    if name.startswith("demo:") and not (paths.cache_folder() / catalog.find(name).path).exists():
        return f"{name} is not fetched yet: its rows are counted then."
    return ""


def _size(name: str) -> int:
    """The bytes of a source; 0 for none."""
    if not name:
        return 0
    path = source.find(name)
    try:
        return sum(file.stat().st_size for file in (paths_in(path) if path.is_dir() else [path]))
    except OSError as error:
        raise DataError(f"{name} can't be read: {error.strerror}.", "Check the path.") from error


def _divided(config: RunConfig, task: Task) -> Rows:
    division = divide(config, task, say_nothing)
    train = division.split.train
    read = sum(len(loaded.rows) for knob, loaded in division.sources.items() if knob == "data")
    # Evenly over all rows: files are often sorted by something.
    step = max(1, -(-len(train) // SAMPLE_ROWS))
    return Rows(read, len(train), len(division.split.evaluation), train[::step])


def _by_first(config: RunConfig, task: Task) -> Rows:
    sample = list(islice(_good_rows(source.find(config.data), task), SAMPLE_ROWS))
    task.learn(sample, say_nothing)
    rows = _known_count(config.data)
    about = f"The data are large: lengths and labels are those of the first {len(sample):,} rows"
    if rows is None:
        return Rows(None, None, None, sample, [f"{about}; open them on the Data screen once, and they are counted."])
    held_out = 0 if config.eval_data else round(rows * config.eval_fraction)
    train = (rows - held_out) / (1 - config.mix_fraction if config.mix_data else 1)
    return Rows(rows, round(train), held_out or None, sample, [f"{about}; duplicates are counted in."])


def _good_rows(path: Path, task: Task) -> Iterator[Row]:
    columns, values = source.with_columns(path, task)
    return (row for row in source.shaped(values, task, columns) if not isinstance(row, BadRow))


def _known_count(name: str) -> int | None:
    """The rows of a source that was opened before."""
    path = source.find(name)
    if datasets.is_dataset(name):
        from pyarrow import parquet

        return parquet.read_metadata(path).num_rows
    known = kept.find(paths.cache_folder() / "rows" / f"{rows_cache.key_of(path)}.parquet")
    return known["rows"] - known["bad_rows"] if known else None


@dataclass(frozen=True)
class Lines:
    """What the training reads, by the sample: how many lines (rows, their parts, or packs) an epoch has, and a feed."""

    an_epoch: int | None
    fed: Feed

    @property
    def tokens_a_line(self) -> float:
        return sum(self.fed.lengths) / len(self.fed.lengths)

    @property
    def median_tokens(self) -> int:
        return sorted(self.fed.lengths)[len(self.fed.lengths) // 2]

    def heaviest(self, rows: int) -> list[Mapping[str, Tensor]]:
        """The batches that fill the memory most."""
        return [self.fed.batch(numbers) for numbers in self.fed.heaviest(rows)]


def lines(config: RunConfig, task: Task, found: Rows) -> Lines:
    """Tokenise the sample; the task has its tokenizer. Raises DataError where none of its rows trains anything."""
    encoded = task.encode_all(found.sample)
    fed = feed(encoded.examples, task, config, say_nothing)
    share = len(fed.lengths) / len(found.sample)
    return Lines(round(found.train_rows * share) if found.train_rows else None, fed)
