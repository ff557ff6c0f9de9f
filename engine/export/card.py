"""The model card: README.md with the hub's front matter; all that others named stands in code spans and fences."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from ...store import catalog, toml
from ...store.config import RunConfig
from . import history
from .base import Base, label
from .history import Score
from .licence import Licence
from .markdown import code, fenced, one_line
from .merging import TOLERANCE
from .origin import Origin
from .weights import Whole

_PIPELINES = {
    "causal-lm": "text-generation",
    "sequence-classification": "text-classification",
    "token-classification": "token-classification",
    "question-answering": "question-answering",
    "seq2seq-lm": "text2text-generation",
}
_LIBRARIES = {"adapter": "peft", "gguf": "gguf"}
_FORMS = {
    "adapter": "A LoRA adapter",
    "merged": "A whole model",
    "gguf": "A GGUF file, with a Modelfile for Ollama",
    "ollama": "A whole model, with a Modelfile for Ollama",
}


@dataclass(frozen=True)
class Card:
    """What a card is made of, besides the rows of the run."""

    origin: Origin
    base: Base
    licence: Licence
    kind: str
    usage: str
    whole: Whole | None
    notes: Sequence[str]


def write(db: sqlite3.Connection, card: Card, path: Path) -> None:
    """Write the card of an export."""
    sections = {
        "Use": _use(card),
        "Results on held-out rows": _results(db, card.origin),
        "Data": _data(card.origin),
        "How it was made": _making(db, card),
        "Checked": _checks(card.whole),
        "Versions": _versions(card.origin),
    }
    lines = ["---", yaml.safe_dump(_front_matter(card), sort_keys=False) + "---", "", *_title(card)]
    for title, told in sections.items():
        lines += ["", f"## {title}", "", *told]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _front_matter(card: Card) -> dict[str, object]:
    """The facts that the hub reads; a base that is not on the hub has no place there."""
    config = card.origin.config
    facts: dict[str, object] = {
        "license": card.licence.identifier,
        "base_model": card.base.hub_id,
        "base_model_relation": ("adapter" if card.kind == "adapter" else "finetune") if card.base.hub_id else "",
        "library_name": _LIBRARIES.get(card.kind, "transformers"),
        "pipeline_tag": _PIPELINES.get(config.task, ""),
        "tags": ["tunedeck", config.method],
    }
    return {key: value for key, value in facts.items() if value}


def _title(card: Card) -> Iterator[str]:
    yield f"# {code(card.origin.run.name)}"
    yield ""
    yield f"{_FORMS[card.kind]}, tuned from {_base_words(card.base)}; {card.origin.words}. Made with Tunedeck."


def _base_words(base: Base) -> str:
    at = "" if base.source.is_local or not base.hub_id else f" at revision {code(base.source.revision)}"
    return f"{code(label(base.root))}{at}{_part_words(base.root)}"


def _part_words(name: str) -> str:
    """What a demo part is and where it comes from; empty for anything else."""
    part = next((part for part in catalog.PARTS if part.name == name), None)
    if part is None:
        return ""
    return f" ({part.what}; {part.licence}; from the wheel {code(part.requirement)}, sha256 {code(part.sha256)})"


def _use(card: Card) -> Iterator[str]:
    yield "In this folder:"
    yield ""
    yield fenced(card.usage, "shell" if card.kind in ("gguf", "ollama") else "python")
    if card.kind == "adapter" and card.base.source.is_local:
        yield ""
        yield "`adapter_config.json` says where the base lay on the machine of the training; elsewhere, change it."
    for note in card.notes:
        yield ""
        yield note


def _results(db: sqlite3.Connection, origin: Origin) -> Iterator[str]:
    scores = history.scores(db, origin.run, origin.step)
    if not scores:
        yield "The run was not evaluated."
        return
    yield fenced("\n".join(_table(scores)), "text")
    if lowest := history.lowest_loss(db, origin.run):
        yield ""
        yield f"The lowest evaluation loss of the run is {lowest[0]:.4f}, after {lowest[1]:,} updates."


def _table(scores: Sequence[Score]) -> Iterator[str]:
    # Columns in a fence, since a metric may carry the name of a label, and that could end a cell of a Markdown table.
    names = [one_line(score.name, 60) for score in scores]
    width = max(len("metric"), *map(len, names))
    yield f"{'metric':<{width}}  {'at start':>10}  {'these':>10}  evaluated after"
    for name, score in zip(names, scores, strict=True):
        when = f"{score.evaluated_step:,} updates" if score.evaluated_step else "-"
        yield f"{name:<{width}}  {_figure(score.start):>10}  {_figure(score.tuned):>10}  {when}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _data(origin: Origin) -> Iterator[str]:
    config = origin.config
    trained = f"{code(label(config.data))}{_part_words(config.data)}"
    yield f"* Trained on {trained}, fingerprint {code(origin.run.fingerprint)}."
    if config.eval_data:
        yield f"* Held out: {code(label(config.eval_data))}{_part_words(config.eval_data)}."
    else:
        yield f"* Held out: {config.eval_fraction:.0%} of it, split off with seed {config.seed}."


def _making(db: sqlite3.Connection, card: Card) -> Iterator[str]:
    run = card.origin.run
    yield f"* Run {code(run.id)}, of the kind {code(run.kind)}."
    for ancestor in history.ancestors(db, run):
        name = f"{code(ancestor.name)} ({code(ancestor.id)})" if ancestor.name else f"{code(ancestor.id)}, now deleted"
        at = f", its checkpoint after {ancestor.step:,} updates" if ancestor.step else ""
        yield f"* Started from run {name}{at}."
    yield f"* {_licence_words(card.licence)}"
    yield "* What differs from Tunedeck's defaults:"
    yield ""
    yield fenced(toml.dump(_without_places(card.origin.config)).rstrip(), "toml")


def _licence_words(licence: Licence) -> str:
    if not licence.identifier:
        return f"No licence of the base is stated in {licence.read_in}: find it before you pass this model on."
    return f"The base's licence is {code(licence.identifier)} by {licence.read_in}; its terms go for this model too."


def _without_places(config: RunConfig) -> RunConfig:
    """The configuration with files by their names alone: the folders of this machine concern nobody else."""
    texts = {field: value for field, value in config if isinstance(value, str)}
    return config.model_copy(update={field: label(value) for field, value in texts.items()})


def _checks(whole: Whole | None) -> Iterator[str]:
    if whole is None:
        yield "* Every number of the adapter is finite."
    elif whole.merging:
        yield (
            f"* Merged in float32, the logits on fixed texts differ from those of adapter and base by"
            f" {whole.merging.relative:.1e} of the largest one ({TOLERANCE:.0e} is allowed)."
        )
    if whole is not None:
        yield (
            f"* Stored as {whole.dtype} and read back they differ by {whole.storing.relative:.1e}; the most likely"
            f" choice is the same at {whole.storing.same_choices} of {whole.storing.choices} positions."
        )
    yield "* `MANIFEST.json` lists size and sha256 of each file."


def _versions(origin: Origin) -> Iterator[str]:
    versions = json.loads(origin.run.versions)
    told = ", ".join(f"{code(name)} {code(str(version))}" for name, version in versions.items())
    yield f"Trained with {told}; exported on {datetime.now(UTC):%Y-%m-%d}."
