"""The licence of a base model: from the demo catalog, or from what its own folder or repository says."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from huggingface_hub import hf_hub_download

from ...store import catalog
from .base import Base

_LONGEST_CARD_BYTES = 200_000
_FRONT_MATTER = re.compile(r"\A\ufeff?---\s*\n(.*?)\n---\s*$", re.DOTALL | re.MULTILINE)
# What the hub calls licences: apache-2.0, llama3.1, other.
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,39}")
_ETAG_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Licence:
    """The licence's identifier on the hub, empty where none is stated; and where that was read."""

    identifier: str
    read_in: str


def of_base(base: Base) -> Licence:
    """What is stated of the base; a hub repository is asked for its card, if it can be reached."""
    part = next((part for part in catalog.PARTS if part.name == base.root), None)
    if part:
        return Licence(_identifier(part.licence.lower()), "the catalog of demo parts")
    if base.hub_id:
        return Licence(_in_card(_hub_card(base)), f"the card of {base.hub_id} on the hub")
    folder = Path(base.root if Path(base.root).is_dir() else base.source.path_or_id)
    found = _in_card(_text(folder / "README.md")) or _in_config(_text(folder / "config.json"))
    return Licence(found, "the model's own folder")


def _hub_card(base: Base) -> str:
    for offline in (True, False):
        try:
            place = hf_hub_download(
                base.hub_id,
                "README.md",
                # That of a run further up the line is not this run's.
                revision=None if base.source.is_local else base.source.revision,
                local_files_only=offline,
                etag_timeout=_ETAG_TIMEOUT_SECONDS,
            )
        # The hub's library lets the errors of its HTTP library through; the card does without the licence then.
        except Exception:  # noqa: BLE001
            continue
        return _text(Path(place))
    return ""


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST_CARD_BYTES).decode("utf-8", errors="replace")
    except OSError:
        return ""  # not there, which is most often so


def _in_card(text: str) -> str:
    found = _FRONT_MATTER.search(text)
    try:
        facts = yaml.safe_load(found[1]) if found else None
    except (yaml.YAMLError, RecursionError, ValueError):
        return ""
    return _identifier(facts.get("license")) if isinstance(facts, dict) else ""


def _in_config(text: str) -> str:
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return _identifier(facts.get("license")) if isinstance(facts, dict) else ""


def _identifier(value: object) -> str:
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else ""
