"""A row as its task has the model see it, token by token: for people who look at what is trained before they train."""

import copy
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from ...store.config import RunConfig
from ..data.row import Row
from ..encoding.example import IGNORED, Example
from .task import Task
from .windows import Window

# Longer than any row, and still a length that a tokenizer takes.
_UNCUT = 2**31 - 1


class Shown:
    """What a task that has learned its rows, and has its tokenizer, makes of a row."""

    def __init__(self, task: Task, config: RunConfig) -> None:
        self._task, self._whole = task, copy.copy(task)
        self._whole.config = config.model_copy(update=dict.fromkeys(("max_length", "max_target_length"), _UNCUT))
        self._special = {
            number for number, token in task.tokenizer.added_tokens_decoder.items() if token.special
        } | set(task.tokenizer.all_special_ids)

    def of(self, row: Row) -> list[dict[str, object]]:
        """Each example that the row makes, most often one, as what can be written as JSON.

        `input_ids` and the task's `labels`, a class by its name; `by_place` says whether there is one for each token,
        -100 where nothing is trained. `tokens` are for the eye: one that is only a part of a character shows as the
        replacement character. `special` are the places of special tokens, `trained` the stretches that are trained or
        marked as the answer, each from its first place to the one behind its last. `target` is what a row as a whole
        is trained towards: a list of texts, the tokens of a target or the names of classes. `truncated` says whether
        something was cut, `lost` and `lost_trained` how many tokens, where one example shows the row; else None.

        Raises DataError with the row's line.
        """
        examples = self._task.encode(row)
        whole = self._whole.encode(row) if any(example.truncated for example in examples) else []
        uncut = next(iter(whole)) if len(examples) == len(whole) == 1 else None
        return [self._example(example, uncut) for example in examples]

    def _example(self, example: Example, whole: Example | None) -> dict[str, object]:
        trained = self._trained(example)
        return {
            "input_ids": example.input_ids,
            "labels": self._labels(example),
            "by_place": self._task.labels_by_place,
            "tokens": self._spoken(example.input_ids),
            "special": [place for place, token in enumerate(example.input_ids) if token in self._special],
            "trained": list(_stretches(trained)),
            "target": self._target(example.labels) if not self._marks_places(example) else [],
            "truncated": example.truncated,
            "lost": whole and len(whole.input_ids) - len(example.input_ids),
            "lost_trained": whole and sum(self._trained(whole)) - sum(trained),
        }

    def _spoken(self, input_ids: Sequence[int]) -> list[str]:
        return [str(self._task.tokenizer.decode([token])) for token in input_ids]

    def _marks_places(self, example: Example) -> bool:
        return self._task.labels_by_place or isinstance(example.notes, Window)

    def _trained(self, example: Example) -> list[bool]:
        """By place, as the batch of training has it: a text's first token is not, though the example labels it."""
        if isinstance(example.notes, Window):
            first, last = example.labels
            return [first <= place <= last for place in range(len(example.input_ids))]
        if not self._task.labels_by_place or not example.input_ids:
            return [False] * len(example.input_ids)
        labels = self._task.collate([example])["labels"][0].tolist()
        return [label != IGNORED for label in labels[: len(example.input_ids)]]

    def _labels(self, example: Example) -> object:
        return self._task.names[example.labels] if self._names_one(example.labels) else example.labels

    def _names_one(self, labels: Any) -> bool:
        return isinstance(labels, int) and bool(self._task.names)

    def _target(self, labels: Any) -> list[str]:
        if self._names_one(labels):
            return [self._task.names[labels]]
        if self._task.objective == "binary_cross_entropy":
            return [name for name, value in zip(self._task.names, labels, strict=True) if value >= 0.5]
        if self._task.objective == "mean_squared_error":
            return [f"{value:g}" for value in labels]
        return self._spoken(labels)


def _stretches(trained: Sequence[bool]) -> Iterator[tuple[int, int]]:
    for is_trained, group in groupby(enumerate(trained), key=lambda item: item[1]):
        places = [place for place, _ in group]
        if is_trained:
            yield places[0], places[-1] + 1
