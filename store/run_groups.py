"""Runs put together: those of one sweep, one family, one model, or one task."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .errors import ConfigError
from .overview import Overview
from .run_filter import knob, model_name, task_word

GROUPINGS = ("sweep", "parent", "model", "task")


@dataclass(frozen=True)
class Group:
    """Runs that belong together, in the order in which they are to be listed."""

    key: str
    name: str
    views: Sequence[Overview]

    @property
    def best(self) -> Overview | None:
        """The run that is best in the metric in which these are thought of; None where none was evaluated."""
        scored = [(view.best.rank, view) for view in self.views if view.best]
        return min(scored, key=lambda pair: pair[0], default=(None, None))[1]


def grouped(views: Iterable[Overview], by: str, known: Mapping[str, Overview]) -> list[Group]:
    """The runs in groups, each where its first run stands, and the runs that belong to none in a last one.

    By parent are together a run and all that began with its weights or its configuration, the eldest first. `known`
    are all the runs there are by their ids, whether they are among `views` or not.

    Raises:
        ConfigError: runs can't be put together so.
    """
    if by not in GROUPINGS:
        raise ConfigError(f"Runs have no groups by {by[:40]}.", f"There are {', '.join(GROUPINGS)}.", field="by")
    key_of, found = _keys(by, known), dict[str, list[Overview]]()
    for view in views:
        found.setdefault(key_of(view), []).append(view)
    if by == "parent":
        found = {key: _eldest_first(key, kin) for key, kin in found.items()}
    if "" in found:
        found[""] = found.pop("")
    return [Group(key, _name(key, by, members, known), members) for key, members in found.items()]


def _keys(by: str, known: Mapping[str, Overview]) -> Callable[[Overview], str]:
    """What makes runs belong together; "" for a run that belongs to no other."""
    if by == "sweep":
        return lambda view: view.run.sweep_id or ""
    if by == "task":
        return lambda view: task_word(str(knob(view.run, "task")))
    if by == "model":
        return lambda view: model_name(str(knob(known.get(_eldest(view, known, by_weights=True), view).run, "model")))
    parents = {view.run.parent_run or view.run.forked_from for view in known.values()}
    return lambda view: _family(view, known, parents)


def _family(view: Overview, known: Mapping[str, Overview], parents: set[str | None]) -> str:
    eldest = _eldest(view, known)
    return eldest if eldest != view.run.id or eldest in parents else ""


def _eldest_first(eldest: str, kin: list[Overview]) -> list[Overview]:
    return sorted(kin, key=lambda view: view.run.id != eldest)


def _eldest(view: Overview, known: Mapping[str, Overview], *, by_weights: bool = False) -> str:
    """The id of the run that it all began with, as far back as runs are known."""
    run = view.run
    while parent := run.parent_run or (None if by_weights else run.forked_from):
        # What is younger than its own child is no parent, whatever a damaged row says: this ends.
        if parent not in known or known[parent].run.number >= run.number:
            return run.id if parent in known or by_weights else parent
        run = known[parent].run
    return run.id


def _name(key: str, by: str, members: Sequence[Overview], known: Mapping[str, Overview]) -> str:
    if by == "sweep":
        return members[0].sweep_name or "no sweep"
    if by != "parent":
        return key
    if not key:
        return "no family"
    # The eldest may be in the trash: then those that began with it know its name.
    named = (view.parent_name for view in members if key in (view.run.parent_run, view.run.forked_from))
    return known[key].run.name if key in known else next(named, key)
