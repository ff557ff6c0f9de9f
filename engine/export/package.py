"""One export from beginning to end: weights, tokenizer, card and manifest, in a folder that appears at the end."""

import json
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from transformers import PreTrainedTokenizerBase

from ...store import launch
from ...store.errors import UserError
from .. import sources
from ..model import models
from ..model.models import ModelSource
from ..report import Report
from . import base as bases
from . import card, converter, described, licence, ollama, place, turns, usage, weights
from .base import Base
from .described import Described
from .origin import ADAPTER_CONFIG, Origin
from .request import Request
from .weights import Whole


@dataclass(frozen=True)
class Job:
    """What the four kinds of export are made from, and the folder that they fill."""

    request: Request
    described: Described
    tokenizer: PreTrainedTokenizerBase
    folder: Path
    report: Report

    @property
    def origin(self) -> Origin:
        return self.described.origin

    @property
    def base(self) -> Base:
        return self.described.base

    @property
    def name(self) -> str:
        """The run's name, as a part of a file's."""
        return place.safe_name(self.origin.run.name, self.origin.run.id)


@dataclass(frozen=True)
class Made:
    """How to use what was made, the whole model that it is (if it is one), and what there is to say about it."""

    usage: str
    whole: Whole | None = None
    notes: list[str] = field(default_factory=list)


def make(db: sqlite3.Connection, request: Request, report: Report) -> dict[str, object]:
    """Make what was asked for; its facts, most of which are also left in `export.json`.

    Raises:
        UserError: a part can't be loaded or written, or is not what it should be; then nothing is left behind.
    """
    base = _base(db, request)
    model = described.of(request.origin, base)
    with place.writing(request.target, overwrite=request.overwrite) as folder:
        job = Job(request, model, _tokenizer(request, base), folder, report)
        made = _KINDS[request.kind](job)
        report("writing the model card")
        notes = [*made.notes, *_notes(request)]
        told = card.Card(job.origin, base, licence.of_base(base), request.kind, made.usage, made.whole, notes)
        card.write(db, told, folder / "README.md")
        facts = _facts(job, made, notes)
        (folder / place.FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return facts | {"folder": str(request.target)} | _sizes(request.target)


def _sizes(folder: Path) -> dict[str, object]:
    files = {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    return {"files": files, "size_bytes": sum(files.values())}


def _base(db: sqlite3.Connection, request: Request) -> Base:
    origin = request.origin
    try:
        return bases.of_run(db, request.home, origin.run, origin.config)
    except UserError:
        if origin.is_adapter:
            raise
        # A whole model needs no base; its card names it all the same.
        return Base(bases.root(db, origin.run, origin.config), ModelSource(origin.config.model))


def _tokenizer(request: Request, base: Base) -> PreTrainedTokenizerBase:
    """The one saved with the weights, else with the run's result, else the base's, or of where the base is from."""
    origin = request.origin
    for folder in (origin.folder, request.home.run(origin.run.id).adapter, Path(base.source.path_or_id)):
        if (folder / "tokenizer_config.json").is_file():
            return models.load_tokenizer(ModelSource(str(folder)))
    return models.load_tokenizer(sources.resolve(base.root, origin.config.revision))


def _adapter(job: Job) -> Made:
    weights.copy_adapter(job.origin, job.folder)
    config = json.loads((job.origin.folder / ADAPTER_CONFIG).read_text(encoding="utf-8"))
    source = job.base.source
    config |= {"base_model_name_or_path": source.name, "revision": None if source.is_local else source.revision}
    (job.folder / ADAPTER_CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    job.tokenizer.save_pretrained(job.folder)
    if job.described.has_labels:
        # Without it plain transformers gives the base a head of two nameless labels.
        job.described.config.save_pretrained(job.folder)
    return Made(usage.adapter(job.described, _question(job)), notes=_merged_base_note(job))


def _merged_base_note(job: Job) -> list[str]:
    if job.base.source != sources.own_base(job.request.home.run(job.origin.run.id)):
        return []
    return ["It lies on weights that were merged for its run alone, in the run's folder. --as merged needs no others."]


def _merged(job: Job) -> Made:
    whole = _write_whole(job, job.folder)
    return Made(usage.whole(job.described.architecture, _question(job)), whole)


def _ollama(job: Job) -> Made:
    whole = _write_whole(job, job.folder)
    # Ollama's converter reads a chat template in tokenizer_config.json, and not in a file of its own.
    (job.folder / "chat_template.jinja").unlink(missing_ok=True)
    job.tokenizer.save_pretrained(job.folder, save_jinja_files=False)
    text, notes = ollama.modelfile(job.tokenizer)
    (job.folder / "Modelfile").write_text(text, encoding="utf-8")
    return Made(
        usage.ollama(job.name), whole, [*filter(None, [ollama.import_note(job.described.architecture)]), *notes]
    )


def _gguf(job: Job) -> Made:
    name = f"{job.name}.gguf"
    with tempfile.TemporaryDirectory(dir=job.folder.parent) as scratch:
        whole = _write_whole(job, Path(scratch), copies=2)
        job.report("converting to GGUF")
        converter.convert(job.request.converter, Path(scratch), job.folder / name, whole.dtype)
    text, notes = ollama.modelfile(job.tokenizer, f"./{name}")
    (job.folder / "Modelfile").write_text(text, encoding="utf-8")
    return Made(usage.gguf(name, job.name), whole, notes)


_KINDS: dict[str, Callable[[Job], Made]] = {
    "adapter": _adapter,
    "merged": _merged,
    "gguf": _gguf,
    "ollama": _ollama,
}


def _write_whole(job: Job, folder: Path, *, copies: int = 1) -> Whole:
    dtype = job.request.dtype
    whole = weights.write_whole(job.described, job.tokenizer, folder, dtype=dtype, copies=copies, report=job.report)
    job.tokenizer.save_pretrained(folder)
    _stop_at_turn_end(folder / "generation_config.json", job.tokenizer)
    return whole


def _stop_at_turn_end(path: Path, tokenizer: PreTrainedTokenizerBase) -> None:
    """Have `generate` stop where the run trained the model to: a base model's own end token is another one."""
    end = turns.turn_end(tokenizer)
    if not end or not path.is_file():
        return
    settings = json.loads(path.read_text(encoding="utf-8"))
    known = settings.get("eos_token_id")
    ends = known if isinstance(known, list) else [known] if known is not None else []
    token_id = tokenizer.convert_tokens_to_ids(end)
    if token_id not in ends:
        settings["eos_token_id"] = [*ends, token_id]
        path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def _question(job: Job) -> str:
    return usage.question(job.origin.config.task, has_chat_template=bool(job.tokenizer.chat_template))


def _notes(request: Request) -> list[str]:
    """What there is to say of the weights themselves."""
    origin, notes = request.origin, []
    if not origin.is_final and not request.step:
        notes.append(f"The run has no final weights (it is {origin.run.state}): these are of its newest checkpoint.")
    if origin.config.method == "qlora" and request.kind != "adapter":
        notes.append("The adapter was trained over weights in 4 bits, and is merged into the full ones.")
    return notes


def _facts(job: Job, made: Made, notes: list[str]) -> dict[str, object]:
    whole, origin = made.whole, job.origin
    merging = whole.merging.relative if whole and whole.merging else None
    return {
        "run": origin.run.id,
        "name": origin.run.name,
        "step": origin.step,
        "kind": job.request.kind,
        "base": bases.label(job.base.root),
        "dtype": whole.dtype if whole else None,
        "logit_difference_merging": merging,
        "logit_difference_storing": whole.storing.relative if whole else None,
        "same_choices": [whole.storing.same_choices, whole.storing.choices] if whole else None,
        "notes": notes,
        "usage": made.usage,
        "versions": launch.versions(),
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
