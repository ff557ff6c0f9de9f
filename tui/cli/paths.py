"""`tunedeck paths`: where everything lies on this machine."""

import os

import click

from ...store.paths import Home, cache_folder, config_folder
from .output import JSON_OPTION, say_json, say_table


@click.command()
@JSON_OPTION
def paths(as_json: bool) -> None:
    """Say where everything lies, and which environment variable moved it."""
    home, config = Home.default(), config_folder()
    rows = [
        ("store", home.store, "TUNEDECK_HOME"),
        ("runs", home.runs, "TUNEDECK_HOME"),
        ("data", home.datasets, "TUNEDECK_HOME"),
        ("trash", home.trash, "TUNEDECK_HOME"),
        ("backups", home.backups, "TUNEDECK_HOME"),
        ("cache", cache_folder(), "TUNEDECK_CACHE"),
        ("settings", config / "settings.toml", "TUNEDECK_CONFIG"),
        ("keys", config / "keys.toml", "TUNEDECK_CONFIG"),
        ("presets", config / "presets", "TUNEDECK_CONFIG"),
        ("themes", config / "themes", "TUNEDECK_CONFIG"),
    ]
    if as_json:
        say_json({name: str(path) for name, path, _ in rows})
        return
    told = (
        (name, "" if path.exists() else "not yet", variable if os.environ.get(variable) else "", str(path))
        for name, path, variable in rows
    )
    say_table(("what", "there", "moved by", "where"), told)
