"""`tunedeck knobs`: every knob of a run, from its one declaration."""

import click

from ...store import config
from .output import JSON_OPTION, say, say_json, say_table


@click.command()
@JSON_OPTION
def knobs(as_json: bool) -> None:
    """List every knob that a run's TOML file, or --set, may hold."""
    listed = config.knobs()
    if as_json:
        say_json([knob.__dict__ | {"kind": knob.kind.__name__} for knob in listed])
        return
    for section in config.SECTIONS:
        say(f"[{section}]")
        of_section = [knob for knob in listed if knob.section == section]
        say_table(("knob", "default", "what it takes", "what it does"), [_row(knob) for knob in of_section])
        say()


def _row(knob: config.Knob) -> tuple[str, str, str, str]:
    takes = ", ".join(knob.choices) or knob.range or "-"
    return knob.name, _default(knob), takes, f"{knob.help} {knob.costs}".strip()


def _default(knob: config.Knob) -> str:
    return "(needed)" if knob.required else str(knob.default) if knob.default not in ("", []) else "-"
