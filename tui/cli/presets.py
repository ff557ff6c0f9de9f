"""`tunedeck presets`: what a run can begin with, and what is wrong with files that could not be used."""

import sys
from dataclasses import asdict

import click

from ...store.paths import config_folder
from ..words import written
from .output import JSON_OPTION, say, say_json, say_table


@click.command()
@JSON_OPTION
def presets(as_json: bool) -> None:
    """List the presets and the knobs that they set; exit code 1 when one of yours can't be used.

    One of each kind go together: tunedeck run --preset quick --preset chat --set data=mine.jsonl --set model=...
    """
    from ...store import preset

    folder = config_folder() / "presets"
    found, faults = preset.load()
    if as_json:
        say_json({"presets": [asdict(one) for one in found], "faults": faults, "folder": str(folder)})
    else:
        for kind in preset.KINDS:
            say(f"[{kind}]")
            say_table(("preset", "what it is for"), [(one.name, one.what) for one in found if one.kind == kind])
            say()
        for one in found:
            told = (f"{name}={written(value)}" for name, value in one.knobs.items())
            say(f"{one.name}: {' '.join(told)}")
        say(f"\nYours go into {folder}, a TOML file each.")
    for fault in faults:
        say(fault, err=True)
    sys.exit(1 if faults else 0)
