"""`tunedeck data`: look at rows, mend them as versions, and make synthetic ones."""

from collections.abc import Mapping
from typing import ClassVar

import click

from .lazy import LazyGroup


class DataVerbs(LazyGroup):
    """Every verb of `tunedeck data`."""

    VERBS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "tokens": ("data_tokens", "Show the tokens of rows, trained ones in brackets."),
        "open": ("data_open", "Show the rows of any source, and what is wrong with them."),
        "search": ("data_open", "Search the hub for data sets."),
        "report": ("data_report", "Say what is wrong with the rows, and what to do."),
        "import": ("data_versions", "Make the first version of a data set."),
        "versions": ("data_versions", "List the versions of data sets."),
        "cure": ("data_versions", "Drop what a report found, as a new version."),
        "drop": ("data_versions", "Drop rows by line, as a new version."),
        "edit": ("data_versions", "Change one row, as a new version."),
        "split": ("data_versions", "Set rows apart for evaluation, as two versions."),
        "diff": ("data_versions", "Show what differs between two versions."),
        "export": ("data_versions", "Write a version as a file for others."),
        "delete": ("data_versions", "Put a version into the trash."),
        "restore": ("data_versions", "Take a version out of the trash."),
        "augment": ("data_augment", "Queue the making of synthetic rows."),
        "accept": ("data_augment", "Write the accepted synthetic rows as a new version."),
        "prove": ("data_prove", "Queue the same run with and without synthetic rows, and tell which is better."),
    }


@click.group(cls=DataVerbs)
def data() -> None:
    """Look at rows, mend them as versions, and make synthetic ones."""
