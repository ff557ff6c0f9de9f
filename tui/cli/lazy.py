"""A group of commands that live in a file each, imported when one is used, so that `--help` takes no second."""

import importlib
from collections.abc import Mapping
from typing import ClassVar

import click


class LazyGroup(click.Group):
    """Its commands by name: the module beside this one, and what the command does in a line."""

    VERBS: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.VERBS:
            return None
        module = importlib.import_module(f".{self.VERBS[cmd_name][0]}", __package__)
        return next(
            command
            for command in vars(module).values()
            if isinstance(command, click.Command) and command.name == cmd_name
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, words) for verb, (_, words) in self.VERBS.items()])
