"""Tunedeck beside other trainers on this machine: asked of the engine, kept, and told in cells."""

from collections.abc import Iterator, Sequence
from typing import Any

from ..store import benches
from ..store.errors import UserError
from ..store.paths import Home
from .engine_process import Ending, ask
from .words import bar

WORKS = {
    "chat-lora": "SmolLM2, an adapter, on questions and answers",
    "classify-full": "MiniLM, all weights, on drug reviews",
    "classify-head": "MiniLM, frozen, with a new head, on drug reviews",
    "seq2seq": "a small T5, all weights, on questions and answers",
    "long": "SmolLM2, an adapter, on texts of 2,000 tokens",
}
PEERS = ("hf_default", "hf_best", "trl_default", "trl_best")
TITLES = (
    "", "examples/s", "tokens/s", "", "times", "first update", "last update", "peak memory", "loss", "MFU",
    "evaluating",
)  # fmt: skip


def compared(home: Home, options: Sequence[str], ending: Ending | None = None) -> Iterator[dict[str, Any]]:
    """Each word of progress, and last the facts, which are kept; where, or why not, stands in their `kept`.

    Raises UserError where the engine can't do it.
    """
    for told in ask("bench", options, ending=ending):
        yield told if "progress" in told else told | {"kept": _kept(home, told)}


def _kept(home: Home, facts: dict[str, Any]) -> str:
    try:
        return f"Kept in {benches.keep(home, facts)}."
    except UserError as error:
        # What took half an hour is shown all the same.
        return str(error)


def cells(facts: dict[str, Any], bar_cells: int, *, ascii_only: bool = False) -> list[tuple[str, ...]]:
    """A line for each trainer, with the cells that TITLES names; the bar, of so many cells, is its examples/s."""
    fastest = max((one["examples_per_second"] for one in facts["results"]), default=1.0)
    rates = [one["examples_per_second"] / fastest for one in facts["results"]]
    bars = [bar(rate, bar_cells, ascii_only=ascii_only) for rate in rates]
    return [_cells(one, drawn) for one, drawn in zip(facts["results"], bars, strict=True)]


def _cells(one: dict[str, Any], drawn: str) -> tuple[str, ...]:
    return (
        one["contender"],
        f"{one['examples_per_second']:.2f}",
        f"{one['tokens_per_second']:,.0f}",
        drawn,
        "void" if one["why_void"] else "" if one["ratio"] is None else f"{one['ratio']:.2f}x",
        f"{one['first_update_at']:.1f} s",
        f"{one['last_update_at']:.1f} s",
        f"{one['peak_bytes'] / 1e9:.2f} GB",
        f"{one['eval_loss']:.4f}",
        f"{one['mfu']:.0%}",
        f"{one['eval_share']:.0%}",
    )


def sentences(facts: dict[str, Any]) -> list[str]:
    """What was trained how often, what each trainer chose, why a line says nothing, and the machine."""
    trained = f"{facts['work']}, batches of {facts['batch']}, {facts['updates']} updates"
    chosen = [
        f"{one['contender']}: {one['chosen']}" + (f"; void: {one['why_void']}" if one["why_void"] else "")
        for one in facts["results"]
    ]
    machine = f"{facts['device']}, {facts['threads']} threads, {facts['peak_flops'] / 1e12:.2f} TFLOP/s at most."
    return [f"{trained}, medians of {facts['repeats']}:", *chosen, machine]


def ratios(facts: dict[str, Any]) -> str:
    """How many times as fast as each of the others."""
    return ", ".join(
        f"{peer} {'void' if ratio is None else f'{ratio:.2f}x'}" for peer, ratio in facts["ratios"].items()
    )
