"""`tunedeck runs`: the list of runs."""

import sqlite3
import time
from collections.abc import Mapping, Sequence

import click

from ...store import database, endings, overview, run_filter, run_groups, states
from ...store.errors import ConfigError
from ...store.overview import Overview
from ...store.paths import Home
from ...store.run_groups import GROUPINGS, Group
from .. import news, presence
from ..words import best_figure, counted, duration, figure
from .output import JSON_OPTION, moment, say, say_json, table_lines

_TITLES = ("#", "id", "state", "name", "step", "loss", "best eval", "left", "tags", "queued")


@click.command()
@click.argument("condition", nargs=-1)
@click.option("--sort", default=run_filter.ORDERS[0], help=f"One of {', '.join(run_filter.ORDERS)}.")
@click.option("--by", metavar="GROUP", help=f"In groups by one of {', '.join(GROUPINGS)}.")
@click.option("--since", metavar="TIME", help="Only those that ended in the last 8h, 2d, ..., or since the `last` key.")
@JSON_OPTION
def runs(condition: tuple[str, ...], sort: str, by: str | None, since: str | None, as_json: bool) -> None:
    """List the runs of which every CONDITION holds; without one all of them.

    A CONDITION is a word of the name, model, data or tags, or asks of a fact or a knob: state=running task=chat
    'best<1.2' tag:good 'age<2d' learning_rate=1e-4 name~big. With ! in front it must not hold.
    """
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    everything = {view.run.id: view for view in overview.of_all(db)}
    found, told = _since(db, home, since, everything) if since else (list(everything.values()), "")
    views = run_filter.ordered(run_filter.matching(found, run_filter.parse(" ".join(condition))), sort)
    groups = run_groups.grouped(views, by, everything) if by else [Group("", "", views)]
    if as_json:
        facts = [overview.facts(db, view) | ({"group": one.name} if by else {}) for one in groups for view in one.views]
        say_json(facts)
        return
    if told:
        say(told)
    if views:
        _say_groups(groups)
    elif everything and not since:
        say("No run is like that.")
    elif not everything:
        say("There are no runs yet. `tunedeck demo` makes one; `tunedeck run CONFIG.toml` makes yours.")


def _since(
    db: sqlite3.Connection, home: Home, since: str, everything: Mapping[str, Overview]
) -> tuple[list[Overview], str]:
    """The runs that ended in that time, and the sentence about them."""
    begin, opening = _beginning(home, since)
    found = endings.since(db, begin)
    told = news.told(db, found, opening) or f"{opening}: no run has ended."
    return [everything[ending.run.id] for ending in found if ending.run.id in everything], told


def _beginning(home: Home, since: str) -> tuple[float, str]:
    """The moment from which on is meant, and how a sentence about it opens.

    Raises:
        ConfigError: it is no time, or nobody has ever pressed a key.
    """
    if since == "last":
        left_at = presence.last_key(home)
        if left_at is None:
            raise ConfigError("No key was ever pressed in the app.", "Write a time, like --since 8h.", field="since")
        return left_at, "Since you left"
    length = run_filter.seconds(since)
    if length is None:
        raise ConfigError(f"--since {since[:40]} is no time.", "Write it like 8h or 2d, or last.", field="since")
    return time.time() - length, f"In the last {since}"


def _say_groups(groups: Sequence[Group]) -> None:
    """A heading and its rows each; the columns are the same in all of them."""
    has_tags = any(view.tags for group in groups for view in group.views)
    rows, headings = list[Sequence[str]](), dict[int, str]()
    for group in groups:
        headings[len(rows)] = _heading(group) if group.name else ""
        rows += [_cells(view, has_tags=has_tags) for view in group.views]
    titles = [title for title in _TITLES if has_tags or title != "tags"]
    for at, line in enumerate(table_lines(titles, rows)):
        if heading := headings.get(at - 1):
            say(f"\n{heading}")
        say(line)


def _heading(group: Group) -> str:
    best = group.best
    told = f", best eval {best_figure(best.best)} of {best.run.name}" if best else ""
    return f"{group.name}: {counted(len(group.views), 'run')}{told}"


def _cells(view: Overview, *, has_tags: bool) -> tuple[str, ...]:
    run = view.run
    steps = f"{view.step}/{view.total_steps}" if view.total_steps else "-"
    left = duration(view.seconds_left) if view.seconds_left is not None else "-"
    state = f"{run.state} {view.place}" if view.place else run.state
    tags = (" ".join(view.tags),) if has_tags else ()
    return (
        str(run.number), run.id, state, run.name, steps, figure(view.loss), best_figure(view.best), left,
        *tags, moment(run.created_at),
    )  # fmt: skip
