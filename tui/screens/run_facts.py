"""What stands above the panes of a run: what it is called and does, how far it is, and how good."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from ...store.overview import Overview
from ...store.scores import Score
from ..clean import clean_line
from ..widgets.cells import fit_text
from ..widgets.facts import Fact, fitted
from ..words import ASCII_MARKS, STATE_MARKS, bar, duration, figure, share

# Of a name that is too long for its line.
_LEAST_NAME = 12
_GAP = "   "


@dataclass(frozen=True)
class RunFacts:
    """The run, the metric in which people think of its task, whose weights it starts from, and its log's last lines."""

    view: Overview
    headline: Score | None
    starts_from: str
    last_words: Sequence[str]
    is_spooled: bool = False


def title(facts: RunFacts, width: int, *, ascii_only: bool) -> str:
    """The run's name and its state, and where there is room what it began with; 0 cells hold all of it."""
    view, marks = facts.view, ASCII_MARKS if ascii_only else STATE_MARKS
    name, state = f"RUN {view.run.name}", clean_line(f"{marks[view.run.state]} {view.state}{_doing(view)}")
    if width and cell_len(clean_line(name)) > (room := max(width - cell_len(_GAP + state), _LEAST_NAME)):
        name = fit_text(name, room).rstrip()
    return fitted([Fact(name), Fact(state), Fact(_origin(facts), 1)], width, _GAP)


def _origin(facts: RunFacts) -> str:
    """Whose weights the run starts from, or else which run it was set up like."""
    if facts.starts_from:
        return f"{facts.view.run.kind} from {facts.starts_from}"
    return f"set up like {facts.view.parent_name}" if facts.view.parent_name else ""


def _doing(view: Overview) -> str:
    if view.run.state != "running":
        return ""
    if view.late_seconds > 0:
        return f", no sign of life for {duration(view.late_seconds)} more than it promised, while {view.phase}"
    return f", {view.phase}" if view.phase else ", starting"


def told(facts: RunFacts, *, ascii_only: bool) -> list[Fact]:
    """How far it is and how good; where it is narrow the time left and what is best outlast what the charts show."""
    view = facts.view
    if view.run.state == "queued" and not view.step:
        return [Fact("waits in the queue")]
    part = share(view.step, view.total_steps)
    found = [Fact(f"step {view.step}/{view.total_steps or '?'} {bar(part, 10, ascii_only=ascii_only)} {part:.0%}")]
    found += [Fact("! store can't be written: rows wait in a file")] if facts.is_spooled else []
    found += [Fact(f"{duration(view.seconds_left)} left", 1)] if view.seconds_left is not None else []
    return found + (_of_score(view, facts.headline) if facts.headline else _of_loss(view))


def _of_score(view: Overview, score: Score) -> list[Fact]:
    found = [Fact(f"{score.label} {figure(score.base)} → {figure(score.newest)}", 2)]
    found += [Fact(f"best {figure(score.best)}@{score.best_step}", 3)] if score.best_step else []
    return [*found, Fact(f"loss {figure(view.loss)}", 4)]


def _of_loss(view: Overview) -> list[Fact]:
    found = [Fact(f"loss {figure(view.loss)}", 3)]
    found += [Fact(f"base {figure(view.base_eval_loss)}", 4)] if view.base_eval_loss is not None else []
    return found + ([Fact(f"best {figure(view.best_eval_loss)}@{view.best_step}", 2)] if view.best_step else [])
