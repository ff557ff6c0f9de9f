"""What is asked for, checked in full before torch is imported or a weight is read."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from ...store import runs
from ...store.errors import ConfigError
from ...store.paths import Home
from . import converter, origin, place
from .origin import Origin

KINDS = ("adapter", "merged", "gguf", "ollama")
DTYPES = ("float32", "float16", "bfloat16")


@dataclass(frozen=True)
class Request:
    """One export: from where, as what, to where; an empty `step` was left open, an empty `dtype` keeps the model's."""

    home: Home
    origin: Origin
    kind: str
    target: Path
    overwrite: bool = False
    step: str = ""
    dtype: str = ""
    converter: tuple[str, ...] = ()


def checked(
    db: sqlite3.Connection,
    home: Home,
    run_id: str,
    *,
    step: str = "",
    kind: str = "",
    to: str = "",
    dtype: str = "",
    llama_cpp: str = "",
    overwrite: bool = False,
) -> Request:
    """The export that is meant; without `kind` the run's own form, without `to` NAME-STEP-KIND in the working folder.

    Raises:
        UserError: the run has no such weights, they have no such form, or the folder may not be written.
    """
    run = runs.get(db, run_id)
    found = origin.find(db, home, run, step)
    kind = kind or ("adapter" if found.is_adapter else "merged")
    _check_kind(found, kind, dtype)
    command = converter.find(llama_cpp) if kind == "gguf" else ()
    name = place.safe_name(f"{place.safe_name(run.name, run.id)}-{found.step}-{kind}", run.id)
    target = place.target_folder(to or name, home, overwrite=overwrite)
    return Request(home, found, kind, target, overwrite, step, dtype, command)


def _check_kind(found: Origin, kind: str, dtype: str) -> None:
    if kind == "adapter" and not found.is_adapter:
        raise ConfigError(f"{found.run.name} trained all weights: it has no adapter.", "Use --as merged.", field="as")
    if kind == "adapter" and dtype:
        raise ConfigError(
            "--dtype is for merged weights; an adapter is taken as it is.", "Leave it out.", field="dtype"
        )
    if kind == "ollama" and found.config.task != "causal-lm":
        raise ConfigError(
            f"Ollama writes text, and the task of {found.run.name} is {found.config.task}.",
            "Use --as merged, which transformers loads.",
            field="as",
        )
