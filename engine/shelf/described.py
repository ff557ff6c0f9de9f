"""A model of the shelf, described by its files."""

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from ...store.errors import ModelError
from ..estimate import formula, weight_files
from ..estimate.device import Device
from ..estimate.formula import Size
from . import families

Where = Literal["demo", "hub-cache", "folder", "run", "gguf", "hub"]
# Enough for the front matter of any card, and for any configuration.
_LONGEST_CHARACTERS = 1_000_000
_FRONT_MATTER = re.compile(r"\A\ufeff?---\s*\n(.*?)\n---\s*$", re.DOTALL | re.MULTILINE)
_LICENCE = re.compile(r"^license:\s*[\"']?([A-Za-z0-9][A-Za-z0-9.+-]{0,39})[\"']?\s*$", re.MULTILINE)
# Of a device's memory not all can be had.
_USABLE = 0.95


@dataclass(frozen=True)
class Model:
    """What the verb `models` prints of one; None where it is not known.

    `name` is what the knob model takes, `label` what people call it, where that is another.
    """

    name: str
    where: Where
    label: str = ""
    path: str = ""
    architecture: str = ""
    family: str = ""
    parameters: int | None = None
    tasks: tuple[str, ...] = ()
    licence: str = ""
    size_bytes: int | None = None
    fits: dict[str, bool | None] = field(default_factory=lambda: {"lora": None, "full": None})
    note: str = ""

    def told(self) -> dict[str, Any]:
        return asdict(self)


def of_place(place: Path, device: Device, **known: Any) -> Model:
    """The model of a folder or a `.gguf` file; what is `known` of it besides counts more, and a fault is its note."""
    try:
        found = _of_gguf(place) if place.suffix == ".gguf" else _of_folder(place)
    except ModelError as error:
        fault: dict[str, Any] = {"path": str(place), "note": error.what}
        return Model(**known | fault)
    size = found.pop("size")
    told: dict[str, Any] = {"path": str(place), "parameters": size.parameters, "fits": fits(size, device)} | found
    return Model(**told | {name: value for name, value in known.items() if value or name not in told})


def _of_folder(folder: Path) -> dict[str, Any]:
    config = read_object(folder / "config.json")
    weights = weight_files.of(folder)
    found = families.family(config)
    has_code = isinstance(config.get("auto_map"), dict)
    return {
        "architecture": families.architecture(config),
        "family": found,
        "tasks": () if has_code else families.TASKS[found],
        "licence": licence(folder),
        "size_bytes": sum(weight.size_bytes for weight in weights.values()),
        "size": families.size(config, weight_files.parameters(weights)),
        "note": "It may need code of its own, which is never run." if has_code else "",
    }


def _of_gguf(file: Path) -> dict[str, Any]:
    weights = weight_files.of(file)
    return {
        "architecture": "GGUF",
        "family": "gpt",
        "tasks": families.TASKS["gpt"],
        "size_bytes": file.stat().st_size,
        # Of a table of tokens the first dimension is the vocabulary, the second the hidden size.
        "size": Size(weight_files.parameters(weights), *_of_table(weights)),
    }


def _of_table(weights: weight_files.Weights) -> tuple[int, int, int]:
    """Hidden size, blocks and vocabulary, by the names that GGUF has for them."""
    vocabulary, hidden = (*weights["token_embd.weight"].shape, 0)[:2] if "token_embd.weight" in weights else (0, 0)
    blocks = {name.split(".")[1] for name in weights if name.startswith("blk.")}
    return hidden, len(blocks), vocabulary


def fits(size: Size, device: Device) -> dict[str, bool | None]:
    """Whether training by each method fits on the device with 8 rows of 512 tokens at once."""
    if not (size.parameters and size.hidden and size.layers):
        return {"lora": None, "full": None}
    needed = formula.usual_bytes(size)
    return {method: count <= _USABLE * device.total_bytes for method, count in needed.items()}


def read_object(file: Path) -> dict[str, Any]:
    """A JSON file that holds an object. Raises ModelError where it is none."""
    try:
        with file.open(encoding="utf-8") as opened:
            value = json.loads(opened.read(_LONGEST_CHARACTERS))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{file} can't be read: {error}.", "Name a model's own folder.") from error
    if not isinstance(value, dict):
        raise ModelError(f"{file} is no object.", "Name a model's own folder.")
    return value


def licence(folder: Path) -> str:
    """What the card in the folder says of it, under the hub's names; empty where it says nothing."""
    try:
        with (folder / "README.md").open(encoding="utf-8", errors="replace") as opened:
            matter = _FRONT_MATTER.match(opened.read(_LONGEST_CHARACTERS))
    except OSError:
        return ""  # most folders have no card
    found = _LICENCE.search(matter[1]) if matter else None
    return found[1] if found else ""
