"""`tunedeck lineage`: which runs came from which."""

import sys

import click

from ...store import database, kinship, runs, states
from ...store.paths import Home
from ..clean import in_ascii
from ..kinship import telling
from ..kinship.lines import Line, lines
from .output import JSON_OPTION, say, say_json, say_table

_TITLES = ("lineage", "run", "how it began", "best")


@click.command()
@click.argument("run", required=False)
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII characters only.")
@JSON_OPTION
def lineage(run: str | None, ascii_only: bool, as_json: bool) -> None:
    """Show which runs came from which base model, and from which runs; of RUN only what it came from and led to.

    A double line goes on from weights, a dotted one is set up alike, a single one is new.
    """
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    roots = kinship.family(db, runs.find(db, run).id) if run else kinship.KinshipReader().read(db)
    found = lines(roots)
    if as_json:
        say_json([telling.facts(line) for line in found])
    elif found:
        is_plain = ascii_only or "utf" not in (sys.stdout.encoding or "").lower()
        rows = [_cells(line) for line in found]
        say_table(_TITLES, [[*map(in_ascii, row)] for row in rows] if is_plain else rows)
    else:
        say("There are no runs yet. `tunedeck demo` makes one; `tunedeck run CONFIG.toml` makes yours.")


def _cells(line: Line) -> tuple[str, ...]:
    subject = line.node.subject
    run_id = subject.run.id if isinstance(subject, kinship.Kin) else ""
    return telling.title(line), run_id, telling.began(line.node), telling.best(telling.best_of(line.node))
