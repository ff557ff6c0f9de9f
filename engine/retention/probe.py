"""The general texts on which is measured what a model keeps: those that come with us, or the user's own."""

import json
from collections.abc import Iterator
from pathlib import Path

from ...store.config import RunConfig
from ...store.errors import DataError
from ..data.faults import BadRow, BadRows
from ..data.tables import read_rows

BUILT_IN = Path(__file__).with_name("probe.jsonl")
NONE = "none"


def probe(config: RunConfig) -> list[str]:
    """All texts that `retention_data` names: empty the 97 built-in ones, `none` no text, else those of that file.

    A row of a file is its column `text`, a paragraph of a `.txt` file, or a JSON text by itself. The built-in texts are
    English of 50 to 110 words in thirteen kinds, from news to code; each names its source and licence in the file.

    Raises DataError where the file can't be read, a row has no text, or there is none.
    """
    if config.retention_data == NONE:
        return []
    return _read(Path(config.retention_data).expanduser()) if config.retention_data else built_in()


def built_in() -> list[str]:
    """The texts that come with us, kinds in turn, so that every stretch of them is a mixture."""
    return [json.loads(line)["text"] for line in BUILT_IN.read_text(encoding="utf-8").splitlines()]


def spread(texts: list[str], retention_rows: int) -> list[str]:
    """That many of the texts, evenly from the first to the last; all where there are not more."""
    count = min(retention_rows, len(texts))
    return [texts[part * len(texts) // count] for part in range(count)]


def _read(path: Path) -> list[str]:
    bad_rows, texts = BadRows(path.name), list[str]()
    for text in _texts(path):
        if isinstance(text, BadRow):
            bad_rows.add(text)
        else:
            texts.append(text)
    if bad_rows.count:
        raise DataError(f"retention_data: {bad_rows.summary()}", "Mend the file, or leave retention_data empty.")
    if not texts:
        raise DataError(f"retention_data: {path.name} is empty.", "Name a file with texts, or leave it empty.")
    return texts


def _texts(path: Path) -> Iterator[str | BadRow]:
    for row in read_rows(path):
        if isinstance(row, BadRow):
            yield row
            continue
        text = row.value.get("text") if isinstance(row.value, dict) else row.value
        fault = BadRow(row.line, "there is no text in a column named text")
        yield text if isinstance(text, str) and text.strip() else fault
