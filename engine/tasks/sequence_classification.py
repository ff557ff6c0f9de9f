"""Sequence classification: one label for a text or a pair of texts, several labels, or a number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...store.errors import DataError
from ..data import labels, roles
from ..data.chat import filled_text_of, text_of
from ..data.columns import called
from ..data.row import Row
from ..encoding.example import Example
from ..report import Report
from .task import Prediction, Task, inputs_of

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import PretrainedConfig

    from ..outputs.generate import Speaker
    from ..outputs.loss import Objective, Scored

# Above so many different whole numbers a label is taken for a number, not for a class.
MOST_NUMBERED_CLASSES = 20
OBJECTIVES: dict[str, Objective] = {
    "single_label_classification": "cross_entropy",
    "multi_label_classification": "binary_cross_entropy",
    "regression": "mean_squared_error",
}
SEPARATORS = re.compile(r"[|;,]")


@dataclass(frozen=True)
class LabelledRow(Row):
    """A text, perhaps a second one, and its labels as they are written; `several` where they came as a list."""

    text: str
    text_pair: str | None
    labels: tuple[str, ...]
    several: bool = False

    @property
    def identity(self) -> tuple[str, ...]:
        return (*self.question, "\n", *sorted(self.labels))

    @property
    def question(self) -> tuple[str, ...]:
        return (self.text, self.text_pair or "")

    @property
    def stratum(self) -> str:
        return "|".join(sorted(self.labels))


class SequenceClassification(Task):
    """Which kind of label it is follows from the rows, or from problem_type."""

    auto_class = "AutoModelForSequenceClassification"
    peft_type = "SEQ_CLS"
    fitting = ("demo:minilm", "distilbert/distilbert-base-uncased")
    roles = roles.SEQUENCE_CLASSIFICATION
    labels_rows = True

    problem_type = "single_label_classification"

    # rows

    def row(self, line: int, value: object, columns: Mapping[str, str]) -> LabelledRow:
        found, names = self.fields(value, columns), called(columns)
        text = filled_text_of(found["text"], names["text"])
        pair = text_of(found["text_pair"], names["text_pair"]) if "text_pair" in columns else None
        label = found["label"]
        written = tuple(
            labels.written(part, names["label"]) for part in (label if isinstance(label, list) else [label])
        )
        return LabelledRow(line, text, pair, written, isinstance(label, list))

    def learn(self, rows: Sequence[Row], report: Report) -> None:
        """The kind of label, and the classes."""
        labelled = [row for row in rows if isinstance(row, LabelledRow)]
        asked = self.config.problem_type
        self.problem_type = _problem_type(labelled) if asked == "auto" else asked
        self.objective = OBJECTIVES[self.problem_type]
        self.headline = "pearsonr" if self.problem_type == "regression" else "f1_macro"
        if self.problem_type == "regression":
            self.names = ("value",)
            values = [self._number(row) for row in labelled]
            report(f"labels are numbers from {min(values):g} to {max(values):g}")
            return
        counts = Counter(name for row in labelled for name in self._names_of(row))
        self.names = labels.ordered(counts)
        if len(self.names) < 2 and self.problem_type == "single_label_classification":
            raise DataError(
                f"All {len(rows):,} rows to train on have the label {', '.join(self.names)}.", "Add rows of another."
            )
        report(labels.shares(counts, len(labelled)))
        if self.config.class_weight == "balanced":
            self.class_weight = self._balanced(counts, len(labelled))

    def recall(self, config: PretrainedConfig, targets: Sequence[str]) -> None:
        from ..model.heads import names_of

        self.problem_type = config.problem_type or self.problem_type
        self.objective = OBJECTIVES[self.problem_type]
        self.names = names_of(config)

    def _balanced(self, counts: Mapping[str, int], rows: int) -> list[float]:
        """Where a row may have several classes, those without a class weigh as much together as those with it."""
        if self.problem_type == "multi_label_classification":
            return [(rows - counts[name]) / counts[name] for name in self.names]
        return labels.balanced(self.names, counts)

    def check(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if isinstance(row, LabelledRow):
                self._target(row)

    def shown(self, row: Row) -> dict[str, object]:
        assert isinstance(row, LabelledRow)
        return {"text": self.prompt(row), "target": ", ".join(self._names_of(row))}

    # labels

    def _names_of(self, row: LabelledRow) -> tuple[str, ...]:
        if self.problem_type == "multi_label_classification" and not row.several:
            return tuple(part.strip() for label in row.labels for part in SEPARATORS.split(label) if part.strip())
        return row.labels

    def _number(self, row: LabelledRow) -> float:
        value = labels.number_of(row.labels[0]) if len(row.labels) == 1 else None
        if value is None:
            raise DataError(
                f"line {row.line:,}: the label is {', '.join(row.labels)[:40]!r}, expected a number.",
                "Mend the row, or set problem_type to what the labels are.",
            )
        return value

    def _target(self, row: LabelledRow) -> Any:
        """What the model is trained towards: a class, a 0 or 1 for each class, or a number."""
        if self.problem_type == "regression":
            return [self._number(row)]
        numbers = [self._class(name, row.line) for name in self._names_of(row)]
        if self.problem_type == "multi_label_classification":
            return [float(number in numbers) for number in range(len(self.names))]
        if len(numbers) != 1:
            raise DataError(
                f"line {row.line:,}: the row has {len(numbers)} labels, expected one.",
                'Mend the row, or set problem_type = "multi_label_classification".',
            )
        return numbers[0]

    def _class(self, name: str, line: int) -> int:
        try:
            return self.names.index(name)
        except ValueError:
            raise DataError(
                f"line {line:,}: no row to train on has the label {name[:40]!r}; they have {labels.some(self.names)}.",
                "Mend the row, or add such rows to the training data.",
            ) from None

    # tokens

    def encode(self, row: Row) -> Sequence[Example]:
        assert isinstance(row, LabelledRow)
        return [Example(labels=self._target(row), line=row.line, **self._tokens(row.text, row.text_pair))]

    def _tokens(self, text: str, text_pair: str | None) -> dict[str, Any]:
        length = self.config.max_length
        whole = self.tokenizer(text, text_pair, truncation=True, max_length=length + 1)
        cut = len(whole["input_ids"]) > length
        encoding = self.tokenizer(text, text_pair, truncation=True, max_length=length) if cut else whole
        types = {"token_type_ids": encoding["token_type_ids"]} if "token_type_ids" in encoding else {}
        return {"input_ids": encoding["input_ids"], "truncated": cut, "more": types}

    def preflight(self, examples: Sequence[Example]) -> None:
        """Rows that all say the same teach nothing; of single labels `learn` knows."""
        if all(example.labels == examples[0].labels for example in examples):
            told = self._target_in_words(examples[0]) or "no label"
            raise DataError(f"All {len(examples):,} rows to train on have the same target: {told}.", "Add other rows.")

    def as_trained(self, example: Example) -> str:
        return f"{self.tokenizer.decode(example.input_ids)} [{self._target_in_words(example)}]"

    def _target_in_words(self, example: Example) -> str:
        if self.problem_type == "regression":
            return f"{example.labels[0]:g}"
        spoken = self._spoken(example.labels)
        return spoken if isinstance(spoken, str) else ", ".join(spoken)

    def collate(self, examples: Sequence[Example]) -> dict[str, Tensor]:
        import torch

        from ..encoding import collate

        targets = torch.tensor([example.labels for example in examples])
        return collate.inputs(examples, collate.pad_id(self.tokenizer)) | {"labels": targets}

    # the model

    def model_options(self) -> dict[str, Any]:
        from ..encoding.collate import pad_id
        from ..model.heads import options

        return options(self.names) | {
            "problem_type": self.problem_type,
            # Where decoders find a row's last token.
            "pad_token_id": pad_id(self.tokenizer),
        }

    def score(self, model: nn.Module, batch: Mapping[str, Tensor]) -> Scored:
        from ..outputs.loss import row_scores

        return row_scores(model(**inputs_of(batch)).logits, batch["labels"])

    def weight(self, batch: Mapping[str, Tensor]) -> Tensor:
        import torch

        targets = batch["labels"]
        if self.class_weight is None or self.objective != "cross_entropy":
            return torch.tensor(float(len(targets)))
        return torch.tensor(self.class_weight, device=targets.device)[targets].sum()

    # evaluation

    def predictions(self, model: nn.Module, scored: Scored, batch: Mapping[str, Tensor]) -> list[Prediction]:
        if self.problem_type == "regression":
            values = zip(scored.targets[:, 0].tolist(), scored.scores[:, 0].tolist(), strict=True)
            return [{"label": target, "predicted": value} for target, value in values]
        probabilities = self._probabilities(scored.scores).tolist()
        return [
            {"label": self._spoken(target), "predicted": self._chosen(likely), "probabilities": likely}
            for target, likely in zip(scored.targets.tolist(), probabilities, strict=True)
        ]

    def _probabilities(self, scores: Tensor) -> Tensor:
        return scores.softmax(-1) if self.problem_type == "single_label_classification" else scores.sigmoid()

    def _spoken(self, target: int | list[float]) -> str | list[str]:
        """The class of a target, or the classes."""
        return self.names[target] if isinstance(target, int) else self._from_half(target)

    def _chosen(self, likely: Sequence[float]) -> str | list[str]:
        """The likeliest class, or all that are at least as likely as not."""
        if self.problem_type == "single_label_classification":
            return self.names[max(range(len(likely)), key=likely.__getitem__)]
        return self._from_half(likely)

    def _from_half(self, values: Sequence[float]) -> list[str]:
        return [name for name, value in zip(self.names, values, strict=True) if value >= 0.5]

    def metrics(self, predictions: Sequence[Prediction]) -> dict[str, float]:
        from ..metrics import classification

        if self.problem_type == "regression":
            told = [prediction["predicted"] for prediction in predictions]
            return classification.regression([prediction["label"] for prediction in predictions], told)
        likely = [prediction["probabilities"] for prediction in predictions]
        if self.problem_type == "multi_label_classification":
            had = [[name in prediction["label"] for name in self.names] for prediction in predictions]
            return classification.multi_label(had, likely, list(self.names))
        had = [self.names.index(prediction["label"]) for prediction in predictions]
        return classification.single_label(had, likely, list(self.names))

    # answers

    def prompt(self, row: Row) -> str:
        """The text, and on a line of its own the second one."""
        assert isinstance(row, LabelledRow)
        return row.text if row.text_pair is None else f"{row.text}\n{row.text_pair}"

    def answers(self, speaker: Speaker, prompts: Sequence[str]) -> list[str]:
        from ..encoding import collate

        examples = [Example(labels=0, line=0, **self._tokens(prompt, None)) for prompt in prompts]
        batch = speaker.here(collate.inputs(examples, collate.pad_id(self.tokenizer)))
        logits = speaker.model(**batch).logits.float()
        if self.problem_type == "regression":
            return [f"{value:.3g}" for value in logits[:, 0].tolist()]
        return [self.likeliest(likely) for likely in self._probabilities(logits).tolist()]

    def likeliest(self, likely: Sequence[float]) -> str:
        """The three likeliest classes with their probabilities."""
        best = sorted(zip(likely, self.names, strict=True), reverse=True)[:3]
        return ", ".join(f"{name} {value:.2f}" for value, name in best)


TASK = SequenceClassification


def _problem_type(rows: Sequence[LabelledRow]) -> str:
    if any(row.several for row in rows):
        return "multi_label_classification"
    numbers = [labels.number_of(row.labels[0]) for row in rows]
    values = {number for number in numbers if number is not None}
    if None in numbers or (all(value.is_integer() for value in values) and len(values) <= MOST_NUMBERED_CLASSES):
        return "single_label_classification"
    return "regression"
