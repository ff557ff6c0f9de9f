"""`tunedeck themes`: the themes there are, and what is wrong with those that could not be used."""

import sys

import click

from ...store.paths import config_folder
from .. import settings
from ..themes import DEFAULT_THEME, load_themes
from .output import JSON_OPTION, say, say_json


@click.command()
@JSON_OPTION
def themes(as_json: bool) -> None:
    """List the themes; exit code 1 when one of yours, or your choice, can't be used."""
    folder = config_folder() / "themes"
    loaded, faults = load_themes(folder)
    remembered, fault = settings.chosen_theme(loaded)
    chosen = remembered or DEFAULT_THEME
    faults += [fault] if fault else []
    if as_json:
        say_json({"themes": list(loaded), "chosen": chosen, "faults": faults, "folder": str(folder)})
    else:
        for name in loaded:
            say(f"{'*' if name == chosen else ' '} {name}")
        say(f"Yours go into {folder}; t in the app chooses one.")
        for fault in faults:
            say(fault, err=True)
    sys.exit(1 if faults else 0)
