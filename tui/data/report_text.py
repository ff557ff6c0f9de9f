"""What a report on rows counts, as text: its rows, their lengths as bars with the mark of max_length, their labels."""

from collections.abc import Iterator, Mapping
from itertools import dropwhile
from typing import Any

from ..words import counted

# In a pane of 31 cells, beside the findings on a terminal of 80.
_BAR, _LABEL_BAR, _NAME = 14, 8, 12
# More classes than anybody reads in a list; those left out are counted.
_MOST_LABELS = 40


def text(report: Mapping[str, Any]) -> str:
    """All that there is to tell; the bars are of full blocks, which the filter for plain terminals makes `#`."""
    parts = (_rows(report), _lengths(report), _histogram(report), _labels(report["labels"]))
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))


def _rows(report: Mapping[str, Any]) -> Iterator[str]:
    yield f"rows     {report['rows']:,}"
    if report["bad_rows"]:
        yield f"bad      {report['bad_rows']:,}"


def _lengths(report: Mapping[str, Any]) -> Iterator[str]:
    tokens = report["tokens"]
    if not tokens:
        yield "tokens   unknown: the settings name no model"
        return
    yield f"tokens   {tokens['total']:,}"
    yield f"median   {tokens['median']:,} a row"
    yield f"95%      up to {tokens['p95']:,}"
    yield f"longest  {tokens['max']:,}"
    cut = (
        f"{counted(tokens['cut_tokens'], 'token')} of {counted(tokens['cut_rows'], 'row')}"
        if tokens["cut_rows"]
        else "nothing"
    )
    yield f"cut      {cut}"


def _histogram(report: Mapping[str, Any]) -> Iterator[str]:
    tokens, limit = report["tokens"], report["max_length"]
    # Rows of which even the shortest is long have many empty bars first.
    bars = list(dropwhile(lambda bar: not bar[1], tokens["histogram"])) if tokens else []
    if not bars:
        return
    yield "   up to  rows"
    most = max(count for _, count in bars)
    before = 0
    for edge, count in bars:
        # In front of the first bar with rows that are cut.
        if limit and before <= limit < edge:
            yield _mark(limit)
        yield _bar(f"{edge:>8,}", count, most, _BAR)
        before = edge
    if limit and before <= limit:
        yield _mark(limit)


def _mark(limit: int) -> str:
    return f"{limit:>8,} -max_length-----"


def _labels(labels: Mapping[str, int] | None) -> Iterator[str]:
    if not labels:
        return
    ordered = sorted(labels.items(), key=lambda item: -item[1])
    total, most = sum(labels.values()), ordered[0][1]
    yield "labels"
    width = max(len(_short(name)) for name, _ in ordered[:_MOST_LABELS])
    for name, count in ordered[:_MOST_LABELS]:
        yield f"{_bar(f'  {_short(name):<{width}}', count, most, _LABEL_BAR)}  {count / total:.0%}"
    if len(ordered) > _MOST_LABELS:
        yield f"  and {len(ordered) - _MOST_LABELS:,} more"


def _short(name: str) -> str:
    name = " ".join(name[: 4 * _NAME].split())
    return name if len(name) <= _NAME else name[: _NAME - 1] + "…"


def _bar(head: str, count: int, most: int, width: int) -> str:
    # What there is must be seen, be it one row of a million.
    cells = max(round(width * count / most), 1) if count else 0
    return f"{head}  {'█' * cells}{' ' if cells else ''}{count:,}"
