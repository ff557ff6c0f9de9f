"""What a line of the trees says: its cells, a sentence on it, and its facts for scripts."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...store import kinship, scores, sweeps
from ...store.datasets import Dataset
from ...store.exports import Export
from ...store.kinship import Base, Gone, Kin, Node
from ...store.records import Run, Sweep
from ...store.scores import Best
from ..words import STATE_MARKS, counted, figure
from .lines import STROKES, Line, lines

_JOBS = {"lr-find": "looks for a learning rate", "augment": "makes synthetic rows"}


def title(line: Line) -> str:
    """The guide, the mark of a run's state, and what it is called; of a folded line, how many runs are in it."""
    hidden = f"  (+{max(line.node.count, len(line.node.children)):,})" if line.is_folded else ""
    return line.guide + _title(line.node) + hidden


def _title(node: Node) -> str:
    match node.subject:
        case Base(model):
            return f".../{Path(model).name}" if model.startswith("/") else model
        case Gone(run_id):
            return f"run {run_id}, deleted for good"
        case Kin(run):
            return f"{STATE_MARKS[run.state]} {run.name}"
        case Sweep() as sweep:
            return f"sweep {sweep.name}"
        case Export() as export:
            return f"export {export.words}"
        case Dataset() as dataset:
            return f"data {dataset.label}"


def began(node: Node) -> str:
    """In few words, how it began, or how much it is."""
    match node.subject:
        case Kin() as kin:
            told = [_JOBS.get(kin.run.kind, ""), *_short_links(kin)]
            told += [f"resumed {_times(len(kin.resumed))}"] if kin.resumed else []
            told += ["in the trash"] if kin.run.deleted_at is not None else []
            return ", ".join(filter(None, told))
        case Export():
            return ""
        case Dataset() as dataset:
            return counted(dataset.rows, "row")
        case _:
            return counted(node.count, "run")


def _short_links(kin: Kin) -> Iterator[str]:
    if kin.link == "weights":
        step = kin.run.parent_checkpoint
        yield "its final weights" if step is None else f"its weights of step {step}"
    if kin.pattern:
        yield "set up like it" if kin.stem is kin.pattern else f"set up like {kin.pattern.name}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def trained_on(node: Node) -> str:
    """The data of a run, by the last part of its name."""
    if not isinstance(node.subject, Kin):
        return ""
    data = node.subject.data
    return Path(data).name if data.startswith("/") else data


def best(found: Best | None) -> str:
    """`f1_macro 0.912@80`; "" where there is none."""
    return f"{found.name.removeprefix('eval_')} {figure(found.value)}@{found.step}" if found else ""


def best_of(node: Node) -> Best | None:
    """Of a run, or of all runs of a sweep, which have one metric."""
    if isinstance(node.subject, Sweep):
        found = [best for child in node.children if (best := best_of(child))]
        pick = min if found and scores.lower_is_better(found[0].name) else max
        return pick((best for best in found if best.name == found[0].name), key=lambda best: best.value, default=None)
    return node.subject.best if isinstance(node.subject, Kin) else None


# sentences


def sentence(node: Node) -> str:
    """All that there is to say of it, in whole words."""
    match node.subject:
        case Base(model):
            return f"{model}, from which {counted(node.count, 'run')} came. {_legend()}"
        case Gone(run_id):
            return f"The run {run_id} was deleted for good; {counted(node.count, 'run')} came from its weights."
        case Kin() as kin:
            return " ".join([*origins(kin), *_ending(kin)])
        case Sweep() as sweep:
            return f"The sweep {sweep.name} of {counted(node.count, 'run')}. {sweep.summary or 'It is not over.'}"
        case Export() as export:
            return f"Exported as {export.words}{'' if export.step is None else f', of step {export.step}'}."
        case Dataset() as dataset:
            return f"{dataset.reference}, made from {dataset.parent}: {json.loads(dataset.operation)['sentence']}."


def _legend() -> str:
    goes_on, alike, new = (STROKES[link][0] for link in ("weights", "set-up", "base"))
    return f"{goes_on} goes on from weights, {alike} is set up alike, {new} is new."


def origins(kin: Kin) -> Iterator[str]:
    """Where the run came from, a sentence each: its weights, its configuration, its steps back."""
    run = kin.run
    if run.kind in _JOBS:
        yield f"It {_JOBS[run.kind]}."
    if kin.link == "weights":
        step = run.parent_checkpoint
        weights = "final weights" if step is None else f"weights of step {step}"
        yield f"Starts from the {weights} of {_called(kin.origin)}."
    else:
        yield f"Starts from {kin.model}."
    if kin.pattern:
        yield f"Set up like {_called(kin.pattern)}."
    elif run.kind == "fork":
        yield "Set up like a run that was deleted for good."
    if kin.resumed:
        yield f"Resumed {_times(len(kin.resumed))}, at step {_listed(kin.resumed)}."


def _called(run: Run | None) -> str:
    if run is None:
        return "a run that was deleted for good"
    return f"{run.name}, which is in the trash" if run.deleted_at is not None else run.name


def _listed(steps: tuple[int, ...]) -> str:
    *first, last = map(str, steps)
    return f"{', '.join(first)} and {last}" if first else last


def _ending(kin: Kin) -> Iterator[str]:
    if kin.run.deleted_at is not None:
        yield "It is in the trash."
    if kin.best:
        yield f"Best {kin.best.label} {figure(kin.best.value)}, at step {kin.best.step}."


def of_run(db: sqlite3.Connection, run_id: str) -> str:
    """Of one run: its origins in sentences, and the trees of what it came from and what came from it."""
    found = lines(kinship.family(db, run_id))
    own = next((line.node for line in found if line.node.key == run_id), None)
    if own is None or not isinstance(own.subject, Kin):
        return ""
    told = [*origins(own.subject), *_place_in_sweep(db, own.subject.run)]
    drawn = [_drawn(line) + ("   <- this run" if line.node is own else "") for line in found]
    return "\n".join([*told, "", *drawn, "", _legend()])


def _drawn(line: Line) -> str:
    said = (began(line.node), best(best_of(line.node)))
    return "   ".join([title(line), *filter(None, said)])


def _place_in_sweep(db: sqlite3.Connection, run: Run) -> Iterator[str]:
    if run.sweep_id:
        sweep = sweeps.get(db, run.sweep_id)
        yield f"One of {len(sweeps.trials(db, sweep))} runs of the sweep {sweep.name} ({sweep.id})."


# for scripts


def facts(line: Line) -> dict[str, Any]:
    """A line as JSON has it: `kind` is base, run, sweep, export, data or gone, `above` the key of what it hangs on."""
    node = line.node
    kind, more = _facts(node)
    return {"kind": kind, "key": node.key, "above": line.above or None, "depth": line.depth, "runs": node.count} | more


def _facts(node: Node) -> tuple[str, dict[str, Any]]:
    match node.subject:
        case Base(model):
            return "base", {"model": model}
        case Gone(run_id):
            return "gone", {"run": run_id}
        case Kin() as kin:
            return "run", _run_facts(kin)
        case Sweep() as sweep:
            return "sweep", {"sweep": sweep.id, "name": sweep.name, "summary": sweep.summary}
        case Export() as export:
            return "export", {"run": export.run_id, "at": export.at, "step": export.step, "folder": export.folder}
        case Dataset() as dataset:
            return "data", {"data": dataset.reference, "rows": dataset.rows, "parent": dataset.parent}


def _run_facts(kin: Kin) -> dict[str, Any]:
    run = kin.run
    return {
        "run": run.id,
        "name": run.name,
        "state": run.state,
        "run_kind": run.kind,
        "model": kin.model,
        "data": kin.data,
        "parent_run": run.parent_run,
        "parent_checkpoint": run.parent_checkpoint,
        "forked_from": run.forked_from,
        "resumed_at": list(kin.resumed),
        "sweep": run.sweep_id,
        "in_trash": run.deleted_at is not None,
        "best": vars(kin.best) if kin.best else None,
    }
