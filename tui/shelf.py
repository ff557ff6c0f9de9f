"""The models on this machine in words, the same on the screen and on the command line."""

from collections.abc import Mapping, Sequence
from typing import Any

from .words import many, size

Facts = Mapping[str, Any]
MARKS = {"both": "●", "lora": "◐", "neither": "✗", "unknown": "?"}
ASCII_MARKS = {"both": "*", "lora": "o", "neither": "x", "unknown": "?"}
WORDS = {"both": "yes", "lora": "LoRA", "neither": "no", "unknown": ""}
_TOLD = {
    "both": "Trains here with LoRA and in full",
    "lora": "Trains here with LoRA, not in full",
    "neither": "Is too large to train here",
    "unknown": "Whether it fits is not known",
}
_JUDGED = "reckoned for 8 rows of 512 tokens at once"
ORDERS = ("where", "name", "parameters")
_NO_TASK = "It suits no task as it is."


def fit(model: Facts) -> str:
    """Which of MARKS the model has."""
    lora, full = model["fits"]["lora"], model["fits"]["full"]
    return "unknown" if lora is None else "both" if full else "lora" if lora else "neither"


def matching(models: Sequence[Facts], words: str) -> list[Facts]:
    """The models in which each of the words stands: in a name, the family, tasks, licence, place or note."""
    wanted = words.lower().split()
    return [model for model in models if all(word in _text(model) for word in wanted)]


def _text(model: Facts) -> str:
    parts = (
        model["name"],
        model["label"],
        model["family"],
        *model["tasks"],
        model["licence"],
        model["where"],
        model["note"],
    )
    return " ".join(map(str, parts)).lower()


def ordered(models: Sequence[Facts], order: str) -> list[Facts]:
    """By one of ORDERS; `where` is as the engine found them, `parameters` the largest first."""
    if order == "name":
        return sorted(models, key=lambda model: str(model["name"]).lower())
    return sorted(models, key=lambda model: -(model["parameters"] or 0)) if order == "parameters" else list(models)


def cells(model: Facts) -> tuple[str, ...]:
    """The name with its label, parameters, family, tasks, licence, where it is, and its size."""
    taken = "" if model["size_bytes"] is None else size(model["size_bytes"])
    tasks = ", ".join(_short(task) for task in model["tasks"])
    parameters = many(model["parameters"])
    name = f"{model['name']} {model['label']}".rstrip()
    return (name, parameters, model["family"] or "?", tasks, model["licence"] or "?", model["where"], taken)


def _short(task: str) -> str:
    """`classification` says enough of a sequence's, where its neighbours are named in full."""
    return {
        "causal-lm": "chat", "sequence-classification": "classify", "token-classification": "extract",
        "question-answering": "answer", "seq2seq-lm": "rewrite",
    }.get(task, task)  # fmt: skip


def told(model: Facts) -> str:
    """Everything that is known of the model, as sentences."""
    suits = f"Suits {', '.join(model['tasks'])}." if model["tasks"] else _NO_TASK
    fits = f"{_TOLD[fit(model)]} ({_JUDGED})." if fit(model) != "unknown" else f"{_TOLD['unknown']}."
    kind = f"{model['architecture']}." if model["architecture"] else ""
    return " ".join(part for part in (model["note"], kind, suits, fits, model["path"]) if part)
