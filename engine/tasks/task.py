"""What every task is: how its rows are read, tokenised, scored, measured and shown.

A task is one file with a subclass of Task named TASK. It says which columns it reads and what a row is, how a row
becomes examples, and which scores of the model belong to which targets; losses, their accumulation, regularisation,
evaluation and answers are the same for all tasks and follow from these. torch takes two seconds to import, and reading
rows needs none of it: what does is imported where it is used.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

from ...store.errors import ConfigError, DataError, ModelError
from ..data.chat import kind_of
from ..data.columns import find_columns, read_asked
from ..data.faults import RowFault
from ..encoding.example import IGNORED, Encoded, Example
from ..report import Report

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import PretrainedConfig, PreTrainedTokenizerBase

    from ...store.config import RunConfig
    from ..data.roles import Role
    from ..data.row import Row
    from ..outputs.generate import Speaker
    from ..outputs.loss import ItemLosses, Objective, Scored

Prediction = dict[str, Any]


class Task(ABC):
    """One purpose to train for; made anew for each run, it learns labels from the rows and holds the tokenizer."""

    # What transformers and peft call it.
    auto_class: ClassVar[str]
    peft_type: ClassVar[str]
    # Two models that fit, named to whom has taken one that doesn't.
    fitting: ClassVar[tuple[str, str]]
    # The columns it reads; none where rows tell by themselves what they are.
    roles: ClassVar[Sequence[Role]] = ()
    # What the model must have places for.
    length_knobs: ClassVar[Sequence[str]] = ("max_length",)
    # Whether an example has a label for each of its places.
    labels_by_place: ClassVar[bool] = False
    # Whether its labels are those of the whole row, and name no place in it.
    labels_rows: ClassVar[bool] = False
    objective: Objective = "cross_entropy"
    # The labels of its head, once it has learned them; none where the model writes.
    names: tuple[str, ...] = ()
    # The metric in which people think of the task.
    headline: str = "loss"

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.class_weight: Sequence[float] | None = None
        self._tokenizer: PreTrainedTokenizerBase | None = None

    # rows

    def find_columns(self, sample: Sequence[Mapping[str, object]]) -> dict[str, str]:
        """Which column of the file plays which role, as asked for or found in its first rows.

        Raises DataError or ConfigError where a role can't be filled.
        """
        return find_columns(sample, self.roles, read_asked(self.config.columns))

    def fields(self, value: object, columns: Mapping[str, str]) -> dict[str, object]:
        """The row's values by role; None where the row lacks the column. Raises RowFault where it is no object."""
        if not isinstance(value, dict):
            raise RowFault(f"the row is {kind_of(value)}, expected an object")
        if not columns:
            raise RowFault("the row is an object, and none of the first rows was one")
        return {role: value.get(column) for role, column in columns.items()}

    @abstractmethod
    def row(self, line: int, value: object, columns: Mapping[str, str]) -> Row:
        """The row that the value of a line makes. Raises RowFault."""

    def learn(self, rows: Sequence[Row], report: Report) -> None:
        """Take from the training rows what is to be known of all of them, such as the labels. Raises DataError."""

    def check(self, rows: Sequence[Row]) -> None:
        """Refuse held-out rows that don't go with what was learned. Raises DataError."""

    def recall(self, config: PretrainedConfig, targets: Sequence[str]) -> None:
        """Know again what was learned, where the rows are not at hand: by the configuration of the model that was made,
        and the targets of held-out rows as `shown` tells them.
        """

    @abstractmethod
    def shown(self, row: Row) -> dict[str, object]:
        """The row for the eye, as flat texts and numbers; kept beside the predictions."""

    # tokens

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        if self._tokenizer is None:
            raise RuntimeError("the task was given no tokenizer yet")
        return self._tokenizer

    def use(self, tokenizer: PreTrainedTokenizerBase, report: Report) -> None:
        """Take the model's tokenizer. Raises ModelError where the task can't do with it."""
        self._tokenizer = tokenizer

    @abstractmethod
    def encode(self, row: Row) -> Sequence[Example]:
        """The examples that a row makes, most often one. Raises DataError with the row's line."""

    def is_trained(self, example: Example) -> bool:
        """Whether the example has anything to train."""
        return True

    def tokens(self, example: Example) -> int:
        """How many tokens of the example go through the model."""
        return len(example.input_ids)

    def encode_all(self, rows: Sequence[Row], each: Callable[[], None] = lambda: None) -> Encoded:
        """Tokenise all rows; those with nothing to train, most of all because they were cut, are left out and named.

        `each` is called before every row, so that long work can be watched and stopped.

        Raises DataError where no row trains anything, or one can't be encoded.
        """
        examples: list[Example] = []
        places: list[int] = []
        for place, row in enumerate(rows):
            each()
            made = [example for example in self.encode(row) if self.is_trained(example)]
            examples += made
            places += [place] * len(made)
        if not examples:
            raise DataError(
                f"None of the {len(rows):,} rows trains anything within max_length = {self.config.max_length:,}.",
                "Raise max_length, or look at the rows as the model sees them: tunedeck data tokens.",
            )
        return Encoded(rows, examples, places)

    def numbers_of(self, notes: Any) -> dict[str, Any] | None:
        """What of an example's notes is not in its row: numbers and lists of them by name, to be kept in a file."""

    def notes_again(self, row: Row, numbers: Mapping[str, Any]) -> Any:
        """The notes that the example of a row had, of which these numbers were kept."""

    def preflight(self, examples: Sequence[Example]) -> None:
        """Refuse examples from which the model can't learn the task. Raises ModelError or DataError."""

    def as_trained(self, example: Example) -> str:
        """The example as the model reads it, with what is trained in [brackets]."""
        return self.bracketed(example.input_ids, [label != IGNORED for label in example.labels])

    def bracketed(self, input_ids: Sequence[int], is_trained: Sequence[bool]) -> str:
        """The tokens as text, those that are trained in brackets."""
        text = ""
        for trained, stretch in groupby(zip(input_ids, is_trained, strict=True), key=itemgetter(1)):
            part = str(self.tokenizer.decode([token for token, _ in stretch]))
            text += f"[{part}]" if trained else part
        return text

    @abstractmethod
    def collate(self, examples: Sequence[Example]) -> dict[str, Tensor]:
        """One batch: what the model reads, and `labels`."""

    # the model

    def model_options(self) -> dict[str, Any]:
        """What `from_pretrained` is told besides: the labels of a head, say."""
        return {}

    def check_model(self, config: PretrainedConfig) -> None:
        """Refuse a model of another family, or one that reads less at once than a row may have.

        Raises ModelError, with the reason and two models that fit; ConfigError for a length.
        """
        import transformers

        if type(config) not in getattr(transformers, self.auto_class)._model_mapping:
            raise self.unfit(config, f"{config.model_type} models have no form for it")
        places = getattr(config, "max_position_embeddings", None)
        for name in self.length_knobs:
            length = getattr(self.config, name)
            if isinstance(places, int) and 0 < places < length:
                raise ConfigError(
                    f"{name} is {length:,}: the model reads {places:,} tokens at most.",
                    f"Set {name} to {places:,} or less.",
                    field=name,
                )

    def unfit(self, config: PretrainedConfig, reason: str) -> ModelError:
        return ModelError(
            f"{self.config.model} does not fit the task {self.config.task}: {reason}.",
            f"Two that would: {' and '.join(self.fitting)}.",
        )

    # losses

    @abstractmethod
    def score(self, model: nn.Module, batch: Mapping[str, Tensor]) -> Scored:
        """What the model says of the batch's items, with their targets."""

    def losses(self, scored: Scored, *, label_smoothing_factor: float = 0.0) -> ItemLosses:
        """The loss of each item."""
        from ..outputs.loss import item_losses

        weight = None if self.class_weight is None else scored.scores.new_tensor(self.class_weight)
        return item_losses(scored, self.objective, weight, label_smoothing_factor)

    def weight(self, batch: Mapping[str, Tensor]) -> Tensor:
        """What the items of a batch weigh together, before the model has seen it; a scalar.

        An update's loss is divided by the sum of these over all its batches (FAULTS 17).
        """
        return (batch["labels"] != -100).sum()

    # evaluation

    def predictions(self, model: nn.Module, scored: Scored, batch: Mapping[str, Tensor]) -> list[Prediction]:
        """What the model says of each row of the batch, in words and figures that metrics can be made of."""
        return [{} for _ in batch["input_ids"]]

    def joined(self, examples: Sequence[Example], predictions: list[Prediction]) -> list[Prediction]:
        """One prediction a row, where a row may have made several examples; `predictions[i]` is of `examples[i]`."""
        return predictions

    def metrics(self, predictions: Sequence[Prediction]) -> dict[str, float]:
        """The task's metrics over all predictions, by their names in the libraries they come from."""
        return {}

    # answers

    @abstractmethod
    def prompt(self, row: Row) -> str:
        """The row as an input that can be answered."""

    @abstractmethod
    def answers(self, speaker: Speaker, prompts: Sequence[str]) -> list[str]:
        """What the model makes of each prompt, as text."""


def inputs_of(batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What the model reads of a batch: all but the labels, of which most models would make a second loss."""
    return {name: tensor for name, tensor in batch.items() if name != "labels"}
