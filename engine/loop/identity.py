"""What a run was made of, so that a resume can tell whether it still is: its other rows, its model, its tokenizer."""

import hashlib
import json
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from ...store import launch
from ...store.config import RunConfig
from ...store.errors import DataError, StateError
from ..model.models import ModelSource
from ..session import Session

FILE = "identity.json"
# Weights of many gigabytes are known by their size, their end, and their beginning, where all tensors are listed.
_PART_BYTES = 2**20


def check(session: Session, config: RunConfig, source: ModelSource | None) -> None:
    """Note at the run's first attempt what it is made of, and make sure at later ones that nothing has changed.

    `source` is None where the run has a base of its own by now, which nobody else changes.

    Raises:
        StateError: naming all that differs; DataError: rows are gone.
    """
    file, now = session.folder.root / FILE, _rows(config) | (_model(source) if source else {})
    try:
        then = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        file.write_text(json.dumps(now, indent=1), encoding="utf-8")
        return
    changed = [name for name in then if name in now and then[name] != now[name]]
    if changed:
        raise StateError(
            f"Since this run began, {', '.join(changed)} changed: going on would not be the same run.",
            f"Start a new one: tunedeck fork {session.run.id}.",
        )


def _rows(config: RunConfig) -> dict[str, str]:
    """Of the held-out and the general rows; those that are trained have their fingerprint in the store."""
    named = {field: getattr(config, field) for field in ("eval_data", "mix_data")}
    try:
        return {f"{field} ({name})": launch.fingerprint(name) for field, name in named.items() if name}
    except OSError as error:
        raise DataError(f"{error.filename} can't be read: {error.strerror}.", "Put it back.") from error


def _model(source: ModelSource) -> dict[str, str]:
    """Of what lies in a folder; a repository on the hub is held to its revision."""
    found: dict[str, str] = {}
    if source.adapter:
        found["the adapter that it starts from"] = _digest(Path(source.adapter).glob("adapter_*"))
    if source.is_local:
        folder = Path(source.path_or_id)
        found["the model's configuration"] = _digest([folder / "config.json"])
        found["the tokenizer"] = _digest(folder.glob("*token*"))
        found["the chat template"] = _digest(folder.glob("chat_template*"))
        found["the vocabulary"] = _digest(
            chain(folder.glob("vocab.*"), folder.glob("merges.txt"), folder.glob("*.model"))
        )
        weights = [folder / source.gguf_file] if source.gguf_file else folder.glob("*.safetensors")
        found["the model's weights"] = _digest(weights)
    return found


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        if file.is_file():
            digest.update(f"{file.name} {file.stat().st_size}\n".encode())
            with file.open("rb") as opened:
                digest.update(opened.read(_PART_BYTES))
                opened.seek(max(0, file.stat().st_size - _PART_BYTES))
                digest.update(opened.read(_PART_BYTES))
    return digest.hexdigest()
