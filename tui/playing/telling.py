"""Who is asked, in words: the same for the screen and the command line."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..words import counted


def name_of(facts: Mapping[str, Any]) -> str:
    """`imdb@25`, or a model's name."""
    return str(facts["name"]) if facts["step"] is None else f"{facts['name']}@{facts['step']}"


def memory(facts: Mapping[str, Any]) -> str:
    """What the weights take, and where: `1 model of 135 M parameters, 0.54 GB, cpu bf16`."""
    count = float(facts["parameters"])
    size = f"{count / 1e9:.1f} B" if count >= 1e9 else f"{count / 1e6:,.1f} M"
    held = f"{counted(int(facts['models']), 'model')} of {size} parameters"
    return f"{held}, {float(facts['memory_bytes']) / 1e9:.2f} GB, {facts['device']} {facts['precision']}"


def side(which: str, facts: Mapping[str, Any]) -> str:
    """Whose answer it is."""
    if which == "tuned":
        return f"tuned {name_of(facts)}"
    return f"base {facts['base']}"


def notes(facts: Mapping[str, Any]) -> str:
    said: Sequence[object] = facts["notes"]
    return " ".join(map(str, said))


def asks_for(facts: Mapping[str, Any], editor: str) -> str:
    """What a prompt is for this task; `editor` is the key that opens one, where several lines can be written."""
    return {
        "sequence-classification": "a text",
        "token-classification": "a text",
        "question-answering": f"a question ({editor}: with its context)",
        "seq2seq-lm": "a source",
    }.get(str(facts["task"]), "a prompt")
