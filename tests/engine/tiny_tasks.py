"""Tasks as tests need them: made of a few knobs, on whatever data."""

from tunedeck.engine import tasks
from tunedeck.engine.tasks.task import Task
from tunedeck.store.config import checked


def task_of(name: str = "causal-lm", **knobs: object) -> Task:
    """The task of a configuration that names no real data or model."""
    return tasks.of(checked({"task": name, "data": "rows.jsonl", "model": "a-model"} | knobs))


def say_nothing(text: str, *, level: str = "info") -> None:
    """A report to nobody."""


CHAT = task_of()
