"""The report on a source: how much there is of it, and everything that is wrong with it, with what to do."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...store import paths
from ..data import kept, rows_cache, source
from ..report import Report, say_nothing
from . import facts, reading
from .bad import bad_rows, empty
from .balance import label_balance, label_counts
from .conflicts import label_conflicts
from .duplicates import exact_duplicates, near_duplicates
from .encodings import wrong_encoding
from .examples import examples_of
from .finding import SEVERITIES, Finding
from .languages import mixed_languages
from .leakage import leakage_exact, leakage_near, leakage_would_be
from .lengths import Lengths, count_tokens, too_long
from .options import Options
from .pii import personal_data
from .reading import Material

# Raised with whatever changes what a report says.
VERSION = 2


@dataclass(frozen=True)
class Read:
    """Everything that is looked at: the rows, those to evaluate with, the tokens, the labels."""

    material: Material
    evaluation: Material | None
    lengths: Lengths | None
    labels: Mapping[str, int] | None


def report(name: str, arguments: Sequence[str] = (), say: Report = say_nothing) -> dict[str, Any]:
    """The report on the source of that name, as it was kept or made now; `arguments` are those of `Options.read`.

    Raises DataError where a source can't be read, ConfigError for options, ModelError for the tokenizer.
    """
    options = Options.read(arguments)
    path = source.find(name, report=say)
    evaluation = source.find(options.eval_data, report=say) if options.eval_data else None
    model = source.local(options.model) if options.model else None
    place = _place(name, [path, evaluation, model], options)

    def make(making: Path) -> dict[str, Any]:
        started = time.monotonic()
        read = _read(name, path, evaluation, options, say)
        told = _told(read, options, say)
        facts.write(making, read.material, read.lengths.tokens if read.lengths else None)
        return told | {"facts": str(place), "seconds": round(time.monotonic() - started, 2)}

    return kept.find(place) or kept.make(place, make)


def _place(name: str, files: Sequence[Path | None], options: Options) -> Path:
    """Where the facts of such a report lie: another place once one of the files is another."""
    keys = [rows_cache.key_of(path) if path else "" for path in files]
    asked = json.dumps([VERSION, name, options.told(), keys], sort_keys=True)
    return paths.cache_folder() / "reports" / f"{hashlib.sha256(asked.encode()).hexdigest()[:32]}.parquet"


def _read(name: str, path: Path, evaluation: Path | None, options: Options, say: Report) -> Read:
    material = reading.read(name, path, options, say)
    return Read(
        material,
        reading.read_alike(options.eval_data, evaluation, material, say) if evaluation else None,
        count_tokens(material, options.model, say) if options.model else None,
        label_counts(material),
    )


def _told(read: Read, options: Options, say: Report) -> dict[str, Any]:
    order = {severity: number for number, severity in enumerate(SEVERITIES)}
    findings = sorted(_findings(read, say), key=lambda finding: order[finding.severity])
    told = [finding.told() | {"examples": examples_of(finding, read.material)} for finding in findings]
    return _counts(read, options) | {"findings": told}


def _counts(read: Read, options: Options) -> dict[str, Any]:
    material = read.material
    config = material.task.config if material.task else None
    return {
        "source": material.name,
        "rows": material.count,
        "bad_rows": len(material.bad),
        "task": config.task if config else "",
        "format": material.format,
        "columns": material.columns,
        "model": options.model,
        "max_length": config.max_length if config else options.max_length,
        "tokens": read.lengths.told() if read.lengths else None,
        "labels": read.labels,
    }


def _findings(read: Read, say: Report) -> Iterator[Finding]:
    material = read.material
    yield from bad_rows(material)
    yield from empty(material)
    if read.evaluation:
        yield from leakage_exact(material, read.evaluation)
        yield from leakage_near(material, read.evaluation, say)
    else:
        yield from leakage_would_be(material)
    yield from label_conflicts(material)
    yield from exact_duplicates(material)
    yield from near_duplicates(material, say)
    say("looking for garbled characters")
    yield from wrong_encoding(material)
    say("looking for personal data")
    yield from personal_data(material)
    yield from mixed_languages(material, say)
    yield from label_balance(material, read.labels)
    if read.lengths:
        yield from too_long(read.lengths)
