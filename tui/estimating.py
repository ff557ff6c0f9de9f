"""What a run will need, in words, the same in the app and on the command line."""

from collections.abc import Mapping, Sequence
from typing import Any

from .words import counted, duration

_KINDS = {
    "weights": "weights", "gradients": "gradients", "optimizer": "optimizer", "activations": "activations",
    "framework": "libraries",
}  # fmt: skip


def size(count: float) -> str:
    """Bytes as people say them: 25 kB, 870 MB, 6.5 GB."""
    if count < 999_500:
        return f"{count / 1e3:,.0f} kB"
    if count >= 100_000_000_000:
        return f"{count / 1e9:,.0f} GB"
    return f"{count / 1e9:.1f} GB" if count >= 999_500_000 else f"{count / 1e6:,.0f} MB"


def many(count: int | None) -> str:
    """A number of weights as people say it: 135M, 1.5B."""
    if count is None:
        return "?"
    for unit, name in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if count >= unit:
            return f"{count / unit:.{0 if count >= 10 * unit else 1}f}{name}"
    return str(count)


def lines(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """The estimate of the engine as a table: what, and how much."""
    return [
        ("rows", _rows(facts)),
        ("updates", _updates(facts)),
        ("weights", _weights(facts)),
        ("memory", _memory(facts)),
        ("fits", _fits(facts)),
        ("time", _time(facts)),
    ]


def _rows(facts: Mapping[str, Any]) -> str:
    if facts["rows"] is None:
        return "not known"
    length = f", {counted(facts['tokens_per_row'], 'token')} in the median" if facts["tokens_per_row"] else ""
    return f"{counted(facts['rows'], 'row')}, {facts['train_rows'] or 0:,} to train on{length}"


def _updates(facts: Mapping[str, Any]) -> str:
    steps = "not known" if facts["steps"] is None else f"{facts['steps']:,}"
    return f"{steps} of {counted(facts['effective_batch'], 'row')} each"


def _weights(facts: Mapping[str, Any]) -> str:
    total, trained = facts["parameters"], facts["trained_parameters"]
    return f"{trained:,} of {total:,} are trained ({trained / total:.1%})" if total else "not known"


def _memory(facts: Mapping[str, Any]) -> str:
    memory = facts["memory"]
    if memory is None:
        return "not known"
    parts = ", ".join(f"{word} {size(memory[kind])}" for kind, word in _KINDS.items() if kind in memory)
    return f"about {size(memory['total'])}: {parts}"


def _fits(facts: Mapping[str, Any]) -> str:
    here = f"{size(facts['free_bytes'])} of {size(facts['total_bytes'])} are free on {facts['device']}"
    return f"{ {True: 'yes', False: 'no', None: 'not known'}[facts['fits']] }; {here}"


def _time(facts: Mapping[str, Any]) -> str:
    if facts["seconds"] is None:
        return "not known"
    told, low, high = (duration(facts[name]) for name in ("seconds", "seconds_low", "seconds_high"))
    like = f"by {counted(facts['like'], 'run')} like it" if facts["like"] else "by other runs"
    return f"about {told}, {low} to {high}: {facts['tokens_per_second']:,.0f} tokens a second, {like}"
