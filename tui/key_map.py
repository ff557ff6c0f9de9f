"""The user's own keys: `keys.toml` in the config folder, laid over those that the screens have."""

import re
import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from textual.binding import Binding
from textual.keys import Keys

from .clean import clean_line
from .screens.deck import DeckScreen
from .widgets.keys import bindings_of, declared_by, printed

EVERYWHERE = "everywhere"
_LIST_KEYS = frozenset(
    {"j", "k", "g", "G", "down", "up", "home", "end", "pagedown", "pageup", "ctrl+d", "ctrl+u", "enter"}
)  # fmt: skip
_EATEN = {
    "ctrl+i": "terminals send it as tab",
    "ctrl+m": "terminals send it as enter",
    "ctrl+j": "terminals send it as enter",
    "ctrl+h": "terminals send it as backspace",
    "ctrl+left_square_bracket": "terminals send it as esc",
    "ctrl+s": "terminals stop their output on it",
    "ctrl+q": "terminals take it to go on with their output",
    "ctrl+z": "it suspends the app",
    "ctrl+c": "it is there to get out of anything",
}


@dataclass(frozen=True)
class Wish:
    """Keys that the user wants for an action, and the place in the file."""

    keys: tuple[str, ...]
    where: str


@dataclass(frozen=True)
class Laid:
    """The keys of a kind of screen with the user's laid over them, and what of these could not be granted."""

    bindings: Sequence[Binding]
    faults: list[str]


@dataclass
class KeyMap:
    """The user's wishes by screen (its heading as an id, or `everywhere`) and by id of the action."""

    wishes: Mapping[str, Mapping[str, Wish]] = field(default_factory=dict)
    _laid: dict[type[DeckScreen], Laid] = field(default_factory=dict)

    def laid(self, screen: type[DeckScreen]) -> Laid:
        """As asked before, where it was: a screen is opened, and its line of keys drawn, many times."""
        if screen not in self._laid:
            self._laid[screen] = self._lay(screen)
        return self._laid[screen]

    def bindings(self, screen: type[DeckScreen]) -> Sequence[Binding]:
        """The keys of a kind of screen, its own before those that all screens have."""
        return self.laid(screen).bindings

    def faults(self, screens: Iterable[type[DeckScreen]]) -> list[str]:
        """A sentence for each wish that can't be granted on these screens, which are all there are."""
        screens = list(screens)
        known = {EVERYWHERE, *map(screen_id, screens)}
        strange = sorted(self.wishes.keys() - known)
        told = [f"keys.toml, [{table}]: no screen is called so.{_meant(table, known)}" for table in strange]
        for name in sorted(known & self.wishes.keys()):
            kinds = [DeckScreen] if name == EVERYWHERE else [kind for kind in screens if screen_id(kind) == name]
            actions = {action_id(binding) for kind in kinds for binding in bindings_of(kind)}
            for action in sorted(self.wishes[name].keys() - actions):
                told.append(f"{self.wishes[name][action].where}: there is no such action.{_meant(action, actions)}")
        told += [fault for kind in screens for fault in self.laid(kind).faults]
        return list(dict.fromkeys(told))

    def _lay(self, screen: type[DeckScreen]) -> Laid:
        declared = bindings_of(screen)
        if not self.wishes:
            return Laid(declared, [])
        own, shared = self.wishes.get(screen_id(screen), {}), self.wishes.get(EVERYWHERE, {})
        by_action = {action_id(binding): binding.action for binding in declared}
        return _lay(
            declared,
            {by_action[name]: wish for name, wish in own.items() if name in by_action},
            {
                by_action[name]: wish
                for name, wish in shared.items()
                if name not in own and by_action.get(name) in _shared_ids()
            },
            screen_id(screen),
        )


def _lay(declared: Sequence[Binding], own: dict[str, Wish], shared: dict[str, Wish], screen: str) -> Laid:
    """Keys go to the user's wishes for this screen, then to the screen's own actions, then to what is everywhere.

    A wish that would leave another action without any key is not granted: then all is laid again without it.
    """
    taken: dict[str, Binding] = {}
    given: dict[str, list[str]] = {}
    notes = []
    for binding in sorted(declared, key=lambda one: _rank(one, own, shared)):
        wish = own.get(binding.action) or shared.get(binding.action)
        fault, culprit = "", binding.action
        if binding.action in own:
            fault = _clash(own[binding.action], binding, taken)
        elif taken.keys() >= {*_keys(binding), *(wish.keys if wish else ())}:
            culprit = next((taken[key].action for key in _keys(binding) if taken[key].action in own | shared), "")
            fault = f"that leaves {binding.description} without a key; give it another." if culprit else ""
        if fault:
            kept_own, kept_shared = (
                {action: one for action, one in wishes.items() if action != culprit} for wishes in (own, shared)
            )
            rest = _lay(declared, kept_own, kept_shared, screen)
            return Laid(rest.bindings, [f"{(own | shared)[culprit].where}: {fault}", *rest.faults])
        free = [key for key in (wish.keys if wish else _keys(binding)) if key not in taken]
        if not free and wish:
            notes.append(f"{wish.where}: taken on the screen {screen}, where it stays {printed(_keys(binding)[0])}.")
            free = [key for key in _keys(binding) if key not in taken]
        given[binding.action] = free
        taken |= dict.fromkeys(free, binding)
    laid = [_with_keys(binding, given[binding.action]) for binding in declared if given[binding.action]]
    return Laid(laid, notes)


def _rank(binding: Binding, own: Mapping[str, Wish], shared: Mapping[str, Wish]) -> int:
    if binding.action in own:
        return 0
    if binding.action not in _shared_ids():
        return 1
    return 2 if binding.action in shared else 3


def _clash(wish: Wish, binding: Binding, taken: Mapping[str, Binding]) -> str:
    if twice := [key for key in wish.keys if key in taken]:
        return f"{printed(twice[0])} is wanted for {taken[twice[0]].description} too; choose one of them."
    if lists := [key for key in wish.keys if key in _LIST_KEYS and key not in _keys(binding)]:
        return f"{printed(lists[0])} is for moving in lists and texts, and opening; choose another key."
    return ""


def _with_keys(binding: Binding, keys: Sequence[str]) -> Binding:
    if list(keys) == _keys(binding):
        return binding
    return replace(binding, key=",".join(keys), key_display=None)


def _keys(binding: Binding) -> list[str]:
    return binding.key.split(",")


# names


def screen_id(screen: type[DeckScreen]) -> str:
    """The screen's heading as one word: `new-run`."""
    return _id(screen.heading)


def action_id(binding: Binding) -> str:
    """The action as one word, from what it is called; what every screen can do is called the same on all of them."""
    return _shared_ids().get(binding.action) or _id(binding.description)


@cache
def _shared_ids() -> dict[str, str]:
    return {binding.action: _id(binding.description) for binding in declared_by(DeckScreen)}


def _id(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def _meant(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), 1)
    return f" Did you mean {close[0]}?" if close else " `tunedeck keys` lists them."


# the file


class _KeyFault(Exception):
    """Why something in the file can't be used, and what to write."""


def read(file: Path) -> tuple[KeyMap, list[str]]:
    """What the file wishes, and a sentence for each thing in it that can't be used; the rest of it holds."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return KeyMap(), []
    except OSError as error:
        return KeyMap(), [f"{file} can't be read ({error.strerror}). Check its permissions."]
    except (ValueError, RecursionError) as error:
        return KeyMap(), [f"{file} can't be used: {clean_line(str(error))}. Mend or delete it."]
    wishes: dict[str, dict[str, Wish]] = {}
    faults = []
    for table, action, value in _entries(content):
        where = clean_line(f"{file.name}, [{table}] {action}")
        try:
            wishes.setdefault(_id(table), {})[_id(action)] = Wish(_wished(value), where)
        except _KeyFault as fault:
            faults.append(f"{where}: {clean_line(str(fault))}")
    return KeyMap(wishes), faults


def _entries(content: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Table, action and value; what stands above the first table means every screen."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from ((name, action, keys) for action, keys in value.items())
        else:
            yield EVERYWHERE, name, value


def _wished(value: Any) -> tuple[str, ...]:
    keys = [value] if isinstance(value, str) else value
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
        raise _KeyFault('expected a key or a list of keys. Write for instance "x" or ["x", "ctrl+x"].')
    return tuple(dict.fromkeys(map(key_named, keys)))


def key_named(text: str) -> str:
    """The key as Textual calls it.

    Raises:
        _KeyFault: no key is called so, or it never arrives.
    """
    *modifiers, name = [_punctuation().get(text, text)] if len(text) == 1 else text.split("+")
    if modifiers:
        *modifiers, name = (part.lower() for part in (*modifiers, name))
    name = _punctuation().get(name, name)
    is_letter = len(name) == 1 and name.isascii() and name.isalnum()
    if not (is_letter or name in _known_names()) or not set(modifiers) <= {"ctrl", "alt", "shift"}:
        raise _KeyFault(f'no key is called {text!r}. Write for instance "x", "X", "?", "ctrl+x", "space" or "f5".')
    key = "+".join([*sorted(modifiers, key=("alt", "ctrl", "shift").index), name])
    reason = _EATEN.get(key, "")
    if "shift" in modifiers and (is_letter or "ctrl" in modifiers):
        reason = "terminals don't tell it apart"
    if "ctrl" in modifiers and name.isdigit():
        reason = "terminals send the digit alone"
    if reason:
        raise _KeyFault(f"{text} never arrives as such: {reason}; choose another key.")
    return key


@cache
def _punctuation() -> dict[str, str]:
    """How Textual calls each character that is no letter; the comma parts keys, so it is called by its name."""
    names = {character: _textual_name(character) for character in string.punctuation if character != ","}
    return {**names, ",": "comma", " ": "space", "esc": "escape", "←": "left", "→": "right"}


def _textual_name(character: str) -> str:
    [binding] = Binding.make_bindings([Binding(character, "")])
    return binding.key


@cache
def _known_names() -> frozenset[str]:
    plain = (key.value for key in Keys if not set("+<") & set(key.value))
    return frozenset({*plain, *_punctuation().values()})
