"""`tunedeck keys`: every key of the app, the user's own laid over them, and what is wrong with those."""

import json
import sys
from collections.abc import Sequence

import click
from textual.binding import Binding

from ...store.errors import NotFoundError
from ...store.paths import config_folder
from .. import key_map
from ..key_map import EVERYWHERE, KeyMap, action_id, screen_id
from ..screens.deck import DeckScreen
from ..screens.every import all_screens
from ..widgets.keys import key_names, printed
from .output import JSON_OPTION, say, say_json, say_table


@click.command()
@click.argument("screen", default="")
@click.option("--toml", "as_toml", is_flag=True, help="Print a whole key map, to start yours from.")
@JSON_OPTION
def keys(screen: str, as_toml: bool, as_json: bool) -> None:
    """List the keys of every screen, or of SCREEN; exit code 1 when something in your keys.toml can't be used."""
    file = config_folder() / "keys.toml"
    mine, faults = key_map.read(file)
    screens = all_screens()
    faults += mine.faults(screens)
    listed = [one for one in _by_screen(mine, screens) if screen in ("", one[0])]
    if not listed:
        names = ", ".join([EVERYWHERE, *sorted({screen_id(kind) for kind in screens})])
        raise NotFoundError(f"There is no screen {screen!r}.", f"The screens are {names}.")
    if as_toml:
        say(toml(listed))
    elif as_json:
        rows = [_facts(name, binding) for name, bindings in listed for binding in bindings]
        say_json({"keys": rows, "faults": faults, "file": str(file)})
    else:
        rows = [(name, action_id(one), key_names(one), one.tooltip) for name, bindings in listed for one in bindings]
        say_table(("screen", "action", "keys", "what it does"), rows)
        say(f"Yours go into {file}; --toml prints one to start from.")
    for fault in faults:
        say(fault, err=True)
    sys.exit(1 if faults else 0)


Listed = tuple[str, Sequence[Binding]]


def _by_screen(mine: KeyMap, screens: Sequence[type[DeckScreen]]) -> list[Listed]:
    """What every screen has under `everywhere`; under each screen its own, and what is otherwise there."""
    everywhere = mine.bindings(DeckScreen)
    known = {(binding.action, binding.key) for binding in everywhere}
    listed: list[Listed] = [(EVERYWHERE, everywhere)]
    for kind in screens:
        own = [binding for binding in mine.bindings(kind) if (binding.action, binding.key) not in known]
        listed.append((screen_id(kind), own))
    return listed


def _facts(screen: str, binding: Binding) -> dict[str, object]:
    return {
        "screen": screen,
        "action": action_id(binding),
        "keys": key_names(binding).split(),
        "words": binding.description,
        "told": binding.tooltip,
    }


def toml(listed: Sequence[Listed]) -> str:
    """A key map with the keys as they are; as keys.toml it changes nothing."""
    lines = ["# Keys of Tunedeck. Keep what you change; what is not here stays as it is.", ""]
    for screen, bindings in listed:
        lines += [f"[{screen}]", *map(_line, bindings), ""]
    return "\n".join(lines).rstrip()


def _line(binding: Binding) -> str:
    keys = [printed(key) if printed(key).isascii() and key != "comma" else key for key in binding.key.split(",")]
    value = json.dumps(keys[0] if len(keys) == 1 else keys, ensure_ascii=False)
    return f"{action_id(binding)} = {value}  # {binding.tooltip}"
