"""The README's tables of speed, of what `tunedeck bench` kept: `python tests/speed_table.py FILE...`, a file a work."""

import sys
from pathlib import Path
from typing import Any

import readme
from tunedeck.store import benches

_COLUMNS = (
    "| | examples/s | tokens/s | times | first update | last update | peak memory | loss | MFU | evaluating |",
    "|---|---|---|---|---|---|---|---|---|---|",
)


def tables(found: list[dict[str, Any]]) -> str:
    """A table for each comparison, with the command that makes it anew."""
    return "\n\n".join(_table(facts) for facts in found)


def _table(facts: dict[str, Any]) -> str:
    command = f"tunedeck bench --work {facts['work']} --repeat {facts['repeats']} --updates {facts['updates']}"
    told = f"`{command}`, batches of {facts['batch']}; {facts['device']}, {facts['threads']} threads,"
    told += f" {facts['peak_flops'] / 1e12:.2f} TFLOP/s at most:"
    return "\n".join([told, "", *_COLUMNS, *(_row(one) for one in facts["results"])])


def _row(one: dict[str, Any]) -> str:
    times = "" if one["contender"] == "tunedeck" else "void" if one["ratio"] is None else f"{one['ratio']:.1f}"
    cells = (
        one["contender"], f"{one['examples_per_second']:.2f}", f"{one['tokens_per_second']:,.0f}", times,
        f"{one['first_update_at']:.1f} s", f"{one['last_update_at']:.1f} s", f"{one['peak_bytes'] / 1e9:.2f} GB",
        f"{one['eval_loss']:.4f}", f"{one['mfu']:.0%}", f"{one['eval_share']:.0%}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def main() -> None:
    text = readme.README.read_text(encoding="utf-8")
    found = [benches.read(Path(name)) for name in sys.argv[1:]]
    readme.README.write_text(readme.with_part(text, "speed", tables(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
