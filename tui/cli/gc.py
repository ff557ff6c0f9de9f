"""`tunedeck gc`: what could be freed, and, when asked to, freeing it."""

import click

from ...store import database
from ...store.paths import Home
from ...store.upkeep import spare
from ...store.upkeep.spare import Spare
from .output import JSON_OPTION, say, say_json, say_table

_KINDS = ("trash", "leftovers", "cache", "backups", "checkpoints")


@click.command()
@click.option("--yes", is_flag=True, help="Free it, but for checkpoints.")
@click.option("--only", "kinds", multiple=True, type=click.Choice(_KINDS), help="Only this kind; also checkpoints.")
@JSON_OPTION
def gc(yes: bool, kinds: tuple[str, ...], as_json: bool) -> None:
    """Show what takes room that nobody needs, by kind, with what it costs to be without; --yes frees it."""
    home = Home.default()
    found = [kind for kind in spare.found(database.connect(home), home) if _is_meant(kind, kinds, freeing=yes)]
    if yes:
        for kind in found:
            kind.free()
    if as_json:
        say_json({"freed": yes, "bytes": sum(kind.size_bytes for kind in found), "kinds": [*map(_facts, found)]})
    else:
        _tell(found, freed=yes)


def _is_meant(kind: Spare, kinds: tuple[str, ...], *, freeing: bool) -> bool:
    return kind.kind in kinds if kinds else kind.always or not freeing


def _tell(found: list[Spare], *, freed: bool) -> None:
    rows = [(kind.kind, _size(kind), f"{len(kind.paths):,}", f"{kind.what}. {kind.cost}") for kind in found]
    say_table(("kind", "size", "things", "what"), rows)
    total = sum(kind.size_bytes for kind in found if freed or kind.always)
    asked = "--only checkpoints --yes frees those." if any(not kind.always for kind in found) else ""
    say(f"{total / 1e6:,.1f} MB {'freed.' if freed else f'can be freed: tunedeck gc --yes. {asked}'.rstrip()}")


def _size(kind: Spare) -> str:
    return f"{kind.size_bytes / 1e6:,.1f} MB"


def _facts(kind: Spare) -> dict[str, object]:
    return {
        "kind": kind.kind,
        "what": kind.what,
        "cost": kind.cost,
        "bytes": kind.size_bytes,
        "paths": [str(path) for path in kind.paths],
    }
