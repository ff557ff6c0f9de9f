"""Token classification: a tag for each word, most often the entities of a text in BIO tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from ...store.errors import DataError
from ..data import labels, roles
from ..data.chat import kind_of, text_of
from ..data.columns import called
from ..data.faults import RowFault
from ..data.row import Row
from ..encoding.example import IGNORED, Example
from ..metrics.entities import OUTSIDE, bio_faults, entity_metrics, spans
from ..report import Report
from .offsets import Offset, need_offsets
from .task import Prediction, Task, inputs_of

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import PretrainedConfig, PreTrainedTokenizerBase

    from ..outputs.generate import Speaker
    from ..outputs.loss import Scored


@dataclass(frozen=True)
class TaggedRow(Row):
    """Words with a tag each."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def identity(self) -> tuple[str, ...]:
        return self.tokens + self.tags

    @property
    def question(self) -> tuple[str, ...]:
        return self.tokens

    @property
    def is_bio(self) -> bool:
        """Whether the tags mark entities; others, such as parts of speech or numbers, stand each for itself."""
        return any(tag == OUTSIDE or tag.startswith(("B-", "I-")) for tag in self.tags)


class Tagged(NamedTuple):
    """The tags of all words of a row, and which words the example has a label for, in order."""

    tags: tuple[str, ...]
    words: tuple[int, ...]


class TokenClassification(Task):
    """The first sub-word of each word carries its tag; the others are not trained."""

    auto_class = "AutoModelForTokenClassification"
    peft_type = "TOKEN_CLS"
    fitting = ("demo:minilm", "google-bert/bert-base-cased")
    roles = roles.TOKEN_CLASSIFICATION
    labels_by_place = True
    headline = "f1"

    _is_bio = True

    # rows

    def row(self, line: int, value: object, columns: Mapping[str, str]) -> TaggedRow:
        found, names = self.fields(value, columns), called(columns)
        tokens, tags = (_items(found[role], names[role]) for role in ("tokens", "tags"))
        if len(tokens) != len(tags):
            told = f"{names['tokens']} has {len(tokens):,} words, but {names['tags']} has {len(tags):,} tags"
            raise RowFault(told)
        row = TaggedRow(
            line,
            tuple(text_of(token, f"{names['tokens']}[{place}]") for place, token in enumerate(tokens)),
            tuple(labels.written(tag, f"{names['tags']}[{place}]") for place, tag in enumerate(tags)),
        )
        if row.is_bio and (fault := bio_faults(row.tags)):
            raise RowFault(names["tags"] + fault.removeprefix("tags"))
        return row

    def learn(self, rows: Sequence[Row], report: Report) -> None:
        """The tags; of a type of entities both B- and I-, though one may not be there."""
        tagged = [row for row in rows if isinstance(row, TaggedRow)]
        self._is_bio = any(row.is_bio for row in tagged)
        self._check_kind(tagged)
        counts = Counter(tag for row in tagged for tag in row.tags)
        self.names = _bio_names(counts) if self._is_bio else labels.ordered(counts)
        report(labels.shares(counts, counts.total()))
        if self.config.class_weight == "balanced":
            seen = [name for name in self.names if counts[name]]
            weights = dict(zip(seen, labels.balanced(seen, counts), strict=True))
            self.class_weight = [weights.get(name, 1.0) for name in self.names]

    def recall(self, config: PretrainedConfig, targets: Sequence[str]) -> None:
        from ..model.heads import names_of

        self.names = names_of(config)
        self._is_bio = OUTSIDE in self.names

    def check(self, rows: Sequence[Row]) -> None:
        tagged = [row for row in rows if isinstance(row, TaggedRow)]
        self._check_kind(tagged)
        for row in tagged:
            self._classes(row)

    def _check_kind(self, rows: Sequence[TaggedRow]) -> None:
        for row in rows:
            if row.is_bio != self._is_bio:
                expected = "BIO tags, as other rows have" if self._is_bio else "no BIO tags, as other rows have none"
                raise DataError(
                    f"line {row.line:,}: the tags are {labels.some(row.tags)}, expected {expected}.",
                    "Mend the row; in BIO a word outside of entities has the tag O.",
                )

    def _classes(self, row: TaggedRow) -> list[int]:
        numbers = {name: number for number, name in enumerate(self.names)}
        for tag in row.tags:
            if tag not in numbers:
                known = labels.some(self.names)
                raise DataError(
                    f"line {row.line:,}: no row to train on has the tag {labels.some([tag])}; they have {known}.",
                    "Mend the row, or add such rows to the training data.",
                )
        return [numbers[tag] for tag in row.tags]

    def shown(self, row: Row) -> dict[str, object]:
        assert isinstance(row, TaggedRow)
        return {"text": self.prompt(row), "target": self.spoken(row.tokens, row.tags)}

    # tokens

    def use(self, tokenizer: PreTrainedTokenizerBase, report: Report) -> None:
        need_offsets(tokenizer, self.config.model)
        super().use(tokenizer, report)

    def encode(self, row: Row) -> Sequence[Example]:
        assert isinstance(row, TaggedRow)
        return [self._example(row.tokens, self._classes(row), row)]

    def _example(self, words: Sequence[str], classes: Sequence[int], row: TaggedRow) -> Example:
        # As one text, and not word by word: byte-level tokenizers know a word by the space before it.
        encoding = self.tokenizer(
            " ".join(words), truncation=True, max_length=self.config.max_length, return_offsets_mapping=True
        )
        places = _first_places(encoding["offset_mapping"], words)
        place_labels = [IGNORED] * len(encoding["input_ids"])
        for word, place in places.items():
            place_labels[place] = classes[word]
        return Example(
            input_ids=encoding["input_ids"],
            labels=place_labels,
            line=row.line,
            truncated=any(part.overflowing for part in encoding.encodings or []),
            more={"token_type_ids": encoding["token_type_ids"]} if "token_type_ids" in encoding else {},
            notes=Tagged(row.tags, tuple(places)),
        )

    def numbers_of(self, notes: Tagged) -> dict[str, Any]:
        return {"words": notes.words}

    def notes_again(self, row: Row, numbers: Mapping[str, Any]) -> Tagged:
        assert isinstance(row, TaggedRow)
        return Tagged(row.tags, tuple(numbers["words"]))

    def is_trained(self, example: Example) -> bool:
        return example.trained_tokens > 0

    def preflight(self, examples: Sequence[Example]) -> None:
        classes = set(chain.from_iterable(example.labels for example in examples)) - {IGNORED}
        if len(classes) < 2:
            raise DataError(f"All words to train on have the tag {self.names[min(classes)]}.", "Add rows with others.")

    def collate(self, examples: Sequence[Example]) -> dict[str, Tensor]:
        from ..encoding import collate

        inputs = collate.inputs(examples, collate.pad_id(self.tokenizer))
        return inputs | {"labels": collate.place_labels(examples)}

    # the model

    def model_options(self) -> dict[str, Any]:
        from ..model.heads import options

        return options(self.names)

    def score(self, model: nn.Module, batch: Mapping[str, Tensor]) -> Scored:
        from ..outputs.loss import trained_scores

        return trained_scores(model(**inputs_of(batch)).logits, batch["labels"])

    def weight(self, batch: Mapping[str, Tensor]) -> Tensor:
        if self.class_weight is None:
            return super().weight(batch)
        import torch

        targets = batch["labels"][batch["labels"] != IGNORED]
        return torch.tensor(self.class_weight, device=targets.device)[targets].sum()

    # evaluation

    def predictions(self, model: nn.Module, scored: Scored, batch: Mapping[str, Tensor]) -> list[Prediction]:
        found: list[Prediction] = [{"predicted": []} for _ in batch["input_ids"]]
        for row, number in zip(scored.rows.tolist(), scored.scores.argmax(-1).tolist(), strict=True):
            found[row]["predicted"].append(self.names[number])
        return found

    def joined(self, examples: Sequence[Example], predictions: list[Prediction]) -> list[Prediction]:
        """With the right tags beside them; words that were cut off count as ones in which nothing was found."""
        return [
            prediction | self._compared(example.notes.tags, self._whole(example.notes, prediction))
            for example, prediction in zip(examples, predictions, strict=True)
        ]

    def _compared(self, tags: Sequence[str], predicted: Sequence[str]) -> Prediction:
        """The tags, and how many entities there are, were told, and are right: enough for F1 over any of the rows."""
        actual, told = (set(spans(self.as_bio(row))) for row in (tags, predicted))
        return {
            "tags": list(tags),
            "predicted": list(predicted),
            "entities": len(actual),
            "entities_predicted": len(told),
            "entities_right": len(actual & told),
        }

    def _whole(self, tagged: Tagged, prediction: Prediction) -> list[str]:
        told = dict(zip(tagged.words, prediction["predicted"], strict=True))
        return [told.get(word, OUTSIDE if self._is_bio else "") for word in range(len(tagged.tags))]

    def metrics(self, predictions: Sequence[Prediction]) -> dict[str, float]:
        return entity_metrics(
            [self.as_bio(prediction["tags"]) for prediction in predictions],
            [self.as_bio(prediction["predicted"]) for prediction in predictions],
        )

    def as_bio(self, tags: Sequence[str]) -> Sequence[str]:
        """Where each tag stands for itself, every word is an entity of its own."""
        return tags if self._is_bio else [f"B-{tag}" if tag else OUTSIDE for tag in tags]

    # answers

    def prompt(self, row: Row) -> str:
        assert isinstance(row, TaggedRow)
        return " ".join(row.tokens)

    def answers(self, speaker: Speaker, prompts: Sequence[str]) -> list[str]:
        """The entities of each prompt, or its words with their tags."""
        rows = [TaggedRow(0, tuple(words), ("",) * len(words)) for words in map(str.split, prompts)]
        examples = [self._example(row.tokens, [0] * len(row.tokens), row) for row in rows]
        batch = speaker.here(self.collate(examples))
        told = self.joined(examples, self.predictions(speaker.model, self.score(speaker.model, batch), batch))
        return [self.spoken(row.tokens, prediction["predicted"]) for row, prediction in zip(rows, told, strict=True)]

    def spoken(self, words: Sequence[str], tags: Sequence[str]) -> str:
        """`PER: Ada Lovelace; LOC: London`, or `Ada/NOUN sleeps/VERB`."""
        if not self._is_bio:
            return " ".join(f"{word}/{tag}" for word, tag in zip(words, tags, strict=True))
        found = [f"{span.type}: {' '.join(words[span.start : span.end])}" for span in spans(tags)]
        return "; ".join(found) or "(no entities)"


TASK = TokenClassification


def _items(value: object, place: str) -> list[Any]:
    """The items of a list, or the words of a text."""
    items = value.split() if isinstance(value, str) else value
    if not isinstance(items, list):
        raise RowFault(f"{place} is {kind_of(value)}, expected a list, or a text of words apart by spaces")
    if not items:
        raise RowFault(f"{place} is empty")
    return items


def _bio_names(tags: Mapping[str, int]) -> tuple[str, ...]:
    types = sorted({tag[2:] for tag in tags if tag != OUTSIDE})
    return (OUTSIDE, *(f"{part}-{name}" for name in types for part in "BI"))


def _first_places(offsets: Sequence[Offset], words: Sequence[str]) -> dict[int, int]:
    """By word, counted from 0, the place of its first token; words without one, cut off or unknown, are left out.

    A token belongs to the word in which its first character that is no space between words stands.
    """
    owner: list[int | None] = []
    for number, word in enumerate(words):
        owner += [*[number] * len(word), None]
    places: dict[int, int] = {}
    for place, (start, end) in enumerate(offsets):
        word = next((number for number in owner[start:end] if number is not None), None)
        if word is not None:
            places.setdefault(word, place)
    return places
