"""What every demo is: the parts that it needs, its runs one after the other, and what they show together."""

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from ....store.config import RunConfig
from ....store.overview import Overview
from ....store.paths import Home
from ..output import say

Views = Sequence[Overview]
Result = dict[str, object]


class Demo(ABC):
    """The whole path on real weights and data; each demo shows one kind of it."""

    parts: ClassVar[tuple[str, ...]]
    steps: ClassVar[int]
    """Updates, where nobody asks for more or fewer."""
    count: ClassVar[int] = 1
    """How many runs it makes."""

    @abstractmethod
    def config(self, steps: int, earlier: Sequence[str]) -> RunConfig:
        """The next run, after those with these ids."""

    @abstractmethod
    def result(self, db: sqlite3.Connection, home: Home, views: Views) -> Result:
        """What the completed runs found; `better` says whether training was worth it."""

    @abstractmethod
    def tell(self, db: sqlite3.Connection, home: Home, views: Views, result: Result) -> None:
        """Say it to people."""


def facts(view: Overview) -> Result:
    """A run and its figures, as one object."""
    summary = json.loads(view.run.summary or "{}")
    cause = {"cause": view.run.cause} if view.run.cause else {}
    keys = ("steps", "seconds", "tokens_per_second", "adapter")
    return {"run": view.run.id, "state": view.run.state, **cause, **{key: summary.get(key) for key in keys}}


def tell_cost(view: Overview, what: str = "adapter") -> None:
    """What it took, and where the weights lie."""
    told = facts(view)
    say(f"{told['steps']} updates in {told['seconds']} s, {told['tokens_per_second']} tokens a second while training")
    say(f"{what:<17} {told['adapter']}")


def one_line(text: str, most: int = 400) -> str:
    """The text in one line, cut where it is long."""
    line = " ".join(text.split()) or "(nothing)"
    return line if len(line) <= most else line[: most - 1] + "…"
