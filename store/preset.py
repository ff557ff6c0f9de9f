"""A preset: values for a few knobs under a name, a TOML file of ours or of the user's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from . import presets as bundled
from . import toml_files
from .config import RunConfig, problems
from .errors import NotFoundError
from .paths import config_folder
from .toml_files import TomlFault

KINDS = ("effort", "purpose")
_FIELDS = ("title", "what", "kind", "place", "knobs")
_LAST = 1000
# Stands in for data and model, which no preset needs to name.
_ANY = {"data": "rows", "model": "model"}


@dataclass(frozen=True)
class Preset:
    """Those of one kind set the same knobs, so that one takes back another; each goes with any of the other kind."""

    name: str
    title: str
    what: str
    kind: str
    place: int
    knobs: Mapping[str, object]

    def changes(self, values: Mapping[str, object]) -> dict[str, tuple[object, object]]:
        """The knobs that it would change, each with what it is and what it would be."""
        now = typed(values)
        return {name: (now.get(name), value) for name, value in self.knobs.items() if now.get(name) != value}


def load() -> tuple[list[Preset], list[str]]:
    """All presets, efforts first, each kind by `place`; and a sentence for each file of the user's that failed.

    The user's lie in the folder `presets` of the config folder, and win over ours of the same name.
    """
    found: dict[str, Preset] = {}
    failed = []
    for file in [*toml_files.of(resources.files(bundled)), *toml_files.of(config_folder() / "presets")]:
        try:
            preset = _preset(file.name.removesuffix(".toml"), toml_files.read(file))
        except TomlFault as fault:
            failed.append(f"The preset {file} was left out: {fault}")
        else:
            found[preset.name] = preset
    return sorted(found.values(), key=_order), failed


def find(names: Iterable[str]) -> list[Preset]:
    """The presets with these names, in their order.

    Raises:
        NotFoundError: there is none of that name.
    """
    presets, failed = load()
    known = {preset.name: preset for preset in presets}
    for name in names:
        if name not in known:
            raise NotFoundError(f"There is no preset {name!r}.", " ".join([f"There is {', '.join(known)}.", *failed]))
    return [known[name] for name in names]


def _order(preset: Preset) -> tuple[int, int, str]:
    return KINDS.index(preset.kind), preset.place, preset.name


def typed(values: Mapping[str, object]) -> dict[str, object]:
    """The values of knobs as their types, `3` as 3.0; those that are bad, and any that are no knobs, as they are."""
    faults = problems(_ANY | dict(values))
    bad = {name: value for name, value in values.items() if name in faults}
    good = {name: value for name, value in values.items() if name not in bad}
    config = RunConfig.model_validate(_ANY | good)
    return {name: getattr(config, name) for name in good} | bad


def _preset(name: str, table: Mapping[str, Any]) -> Preset:
    for key in table:
        if key not in _FIELDS:
            raise TomlFault(f"{key} is unknown. Use one of {', '.join(_FIELDS)}; knobs go under [knobs].")
    title, what, kind = table.get("title", name), table.get("what", ""), table.get("kind", "purpose")
    if not isinstance(title, str) or not isinstance(what, str):
        raise TomlFault("title or what is not a line of text. Put it in quotes.")
    if kind not in KINDS:
        raise TomlFault(f'kind is {kind!r}. Write kind = "effort" or kind = "purpose".')
    place, knobs = table.get("place", _LAST), table.get("knobs")
    if not isinstance(place, int):
        raise TomlFault("place is no whole number: it says where among the others it stands.")
    if not isinstance(knobs, dict) or not knobs:
        raise TomlFault("it sets no knob. Write [knobs] and knobs with their values below.")
    faults = problems(_ANY | knobs)
    if faults:
        raise TomlFault(f"{next(iter(faults.values()))}. `tunedeck knobs` lists them all.")
    return Preset(name, title, what, kind, place, typed(knobs))
