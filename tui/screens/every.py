"""Every screen of the deck; only for what is about all of them, since each is imported for it."""

import importlib
import pkgutil

from .. import screens
from .deck import DeckScreen


def all_screens() -> list[type[DeckScreen]]:
    """The kinds of screens that are opened, by their headings."""
    names = [found.name for found in pkgutil.iter_modules(screens.__path__)]
    modules = [importlib.import_module(f"{screens.__name__}.{name}") for name in names]
    kinds = {kind for module in modules for kind in vars(module).values() if _is_opened(kind)}
    return sorted(kinds, key=lambda kind: kind.heading)


def _is_opened(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, DeckScreen) and "heading" in vars(kind) and bool(kind.heading)
