"""A comparison in words: the panes of the screen, what the command line prints, Markdown and CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from ...store import scores
from ..clean import clean_line
from ..widgets.cells import fit_text
from ..words import figure
from . import output_text as said
from .bounds import LETTERS
from .comparison import Comparison
from .measures import Measure

_WIDEST = 28


def knob_text(comparison: Comparison) -> str:
    """Only the knobs that differ, a column a run."""
    if not comparison.knobs:
        return f"All {comparison.same_knobs} knobs are the same."
    table = [["knob", *_letters(comparison)], *([name, *values] for name, values in comparison.knobs)]
    return f"{_legend(comparison)}\n\n{_table(table)}\n\n{comparison.same_knobs} other knobs are the same."


def metric_text(comparison: Comparison) -> str:
    """Each metric of each run on the rows in common, then what the differences from the baseline are worth."""
    if comparison.why_not:
        return comparison.why_not
    rows = [[one.name, *map(figure, one.values)] for one in comparison.measures]
    table = _table([["metric", *_letters(comparison)], *rows])
    return "\n\n".join([_legend(comparison), table, "\n".join(verdicts(comparison)), f"{_scored(comparison)}."])


def verdicts(comparison: Comparison) -> list[str]:
    """A sentence for each metric and each run that is not the baseline."""
    others = (place for place in range(len(comparison.runs)) if place != comparison.baseline)
    return [_verdict(comparison, measure, place) for place in others for measure in comparison.measures]


def _verdict(comparison: Comparison, measure: Measure, place: int) -> str:
    base, letter = LETTERS[comparison.baseline], LETTERS[place]
    return f"{letter} against {base}: {measure.verdict(place, (base, letter))}"


def headline(comparison: Comparison) -> str:
    """The verdict on the metric that people look at first, for the first run that is not the baseline."""
    if not comparison.measures:
        return comparison.why_not
    name = scores.headline(f"eval_{measure.name}" for measure in comparison.measures) or scores.LOSS
    measures = {f"eval_{measure.name}": measure for measure in comparison.measures}
    return _verdict(comparison, measures.get(name, comparison.measures[0]), int(comparison.baseline == 0))


def _letters(comparison: Comparison) -> list[str]:
    return list(LETTERS[: len(comparison.runs)])


def _legend(comparison: Comparison) -> str:
    """Which letter is which run; the baseline is told."""
    return "\n".join(
        name + (", the baseline" if place == comparison.baseline else "") for place, name in enumerate(comparison.names)
    )


def _scored(comparison: Comparison) -> str:
    """On how many rows, at which steps, and how many rows only some of the runs were scored on."""
    steps = ", ".join(
        f"{letter} at step {one.step}" for letter, one in zip(LETTERS, comparison.evaluated, strict=False)
    )
    most = max(len(one.rows) for one in comparison.evaluated)
    others = f" (of up to {most:,}: the others are not in all of them)" if most > len(comparison.keys) else ""
    return f"{len(comparison.keys):,} rows in common{others}, {steps}"


def output_text(comparison: Comparison) -> str:
    """What the runs say to the same prompts and of the rows on which they don't agree, below each other."""
    return "\n\n".join(map(said.below, said.outputs(comparison)))


def kept_text(comparison: Comparison) -> str:
    """What each run gained on its task, and what it lost on general text."""
    rows = [
        [name, figure(gain.gained), figure(gain.forgot)]
        for name, gain in zip(comparison.names, comparison.gains, strict=True)
    ]
    return _table([["run", "eval loss fell by", "general loss rose by"], *rows])


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; a cell that is too wide for all of them is cut in its middle."""
    cells = [[_cut(clean_line(cell)) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(fit_text, row, widths)).rstrip() for row in cells)


def _cut(text: str) -> str:
    # The end of a path says more than its beginning.
    half = _WIDEST // 2 - 1
    return text if len(text) <= _WIDEST else f"{text[:half]}…{text[-half:]}"


def whole(comparison: Comparison) -> str:
    """All of it, as the command line prints it."""
    parts = {
        "what differs": knob_text(comparison),
        "metrics": metric_text(comparison),
        "gained and forgotten": kept_text(comparison),
        "outputs": output_text(comparison),
    }
    return "\n\n".join(f"{title.upper()}\n\n{text}" for title, text in parts.items() if text)


def markdown(comparison: Comparison) -> str:
    """A page for a report: tables, the verdicts, and the gains."""
    names = comparison.names
    parts = [f"# {' and '.join(map(_escaped, names))}"]
    if comparison.knobs:
        parts += ["## What differs", _pipes([["knob", *names], *([name, *told] for name, told in comparison.knobs)])]
    if comparison.measures:
        rows = [[one.name, *map(figure, one.values)] for one in comparison.measures]
        parts += ["## Metrics", f"{_scored(comparison)}.", _pipes([["metric", *names], *rows])]
        parts.append("\n".join(f"* {_escaped(sentence)}" for sentence in verdicts(comparison)))
    else:
        parts.append(comparison.why_not)
    gains = [
        [name, figure(gain.gained), figure(gain.forgot)] for name, gain in zip(names, comparison.gains, strict=True)
    ]
    parts += ["## Gained and forgotten", _pipes([["run", "eval loss fell by", "general loss rose by"], *gains])]
    return "\n\n".join(parts) + "\n"


def _pipes(rows: Sequence[Sequence[str]]) -> str:
    head, *body = [[_escaped(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *body])


def _escaped(text: str) -> str:
    """Names and values are others' words: nothing in them is Markdown."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#|!~" else char for char in clean_line(text))


def csv_text(comparison: Comparison) -> str:
    """A line a metric and run: value, difference from the baseline, its 95% interval, and the rows."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["metric", "run", "name", "value", "difference", "low", "high", "rows"])
    writer.writerows(_csv_rows(comparison))
    return file.getvalue()


def _csv_rows(comparison: Comparison) -> Iterable[list[object]]:
    for measure in comparison.measures:
        for run, value, found in zip(comparison.runs, measure.values, measure.differences, strict=True):
            told = [found.mean, found.low, found.high] if found else ["", "", ""]
            yield [measure.name, run.id, clean_line(run.name), value, *told, len(comparison.keys)]


def facts(comparison: Comparison) -> dict[str, object]:
    """For scripts."""
    return {
        "runs": [{"run": run.id, "name": run.name} for run in comparison.runs],
        "baseline": comparison.runs[comparison.baseline].id,
        "knobs": dict(comparison.knobs),
        "rows": len(comparison.keys),
        "steps": [one.step for one in comparison.evaluated],
        "metrics": {
            one.name: [
                {"value": value} | ({} if found is None else found.__dict__)
                for value, found in zip(one.values, one.differences, strict=True)
            ]
            for one in comparison.measures
        },
        "verdicts": verdicts(comparison),
        "gains": [gain.__dict__ for gain in comparison.gains],
        "why_not": comparison.why_not or None,
    }
