"""A row taken apart: the texts of it that may be rewritten, what of these must stay, and the way back to a row.

What is rewritten is what a model reads; labels, answers and targets stay. Of tagged words those outside of entities may
change, of a question's context all but the answers. A synthetic row has the shape of its source, field by field.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..data.chat import ROLES, ChatRow
from ..data.row import Row, key
from ..metrics.entities import spans as entity_spans
from ..tasks.causal_lm import TextRow
from ..tasks.question_answering import QuestionRow
from ..tasks.seq2seq_lm import PairRow
from ..tasks.sequence_classification import LabelledRow
from ..tasks.token_classification import OUTSIDE, TaggedRow
from .spans import Span, Unusable, between, found_again, joined

__all__ = ["Editable", "Passage", "Unusable", "taken_apart"]

Place = tuple[str | int, ...]
Columns = Mapping[str, str]


class Passage(NamedTuple):
    """A text that may be rewritten but for the kept parts, which stand apart and in order."""

    text: str
    kept: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Editable:
    """A row whose texts stand at `places` of its JSON value; `label` is what it is an example of, empty for none."""

    line: int
    value: Any
    label: str
    passages: tuple[Passage, ...]
    places: tuple[Place, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(passage.text for passage in self.passages)

    @property
    def key(self) -> bytes:
        """The same for all rows whose texts differ in case and white space only, whatever their labels."""
        return key(self.texts)

    @property
    def free(self) -> tuple[int, ...]:
        """Which passages a model is best asked to rewrite whole: those in which nothing must stay, else all."""
        free = tuple(number for number, passage in enumerate(self.passages) if not passage.kept)
        return free or tuple(range(len(self.passages)))

    def rewritten(self, texts: Sequence[str]) -> Any:
        """The row's value with these texts in place of the passages.

        Raises:
            Unusable: a text is empty, or what must stay of it can't be found again.
        """
        if not all(text.strip() for text in texts):
            raise Unusable("the new text is empty")
        value = copy.deepcopy(self.value)
        for place, text in zip(self.places, texts, strict=True):
            _put(value, place, text)
        return value


@dataclass(frozen=True)
class EditableTags(Editable):
    """Words with tags, as one text; words outside of entities may change, in number too."""

    row: TaggedRow
    columns: Columns

    def rewritten(self, texts: Sequence[str]) -> Any:
        text, passage = texts[0], self.passages[0]
        spans = found_again(passage.text, passage.kept, text)
        if spans != sorted(spans):
            raise Unusable("the entities stand in another order")
        tokens, tags = list[str](), list[str]()
        stretches = [text[stretch.start : stretch.end].split() for stretch in between(text, spans)]
        entities = [(part.start, part.end) for part in entity_spans(self.row.tags)]
        for words, (start, end) in zip(stretches, [*entities, (0, 0)], strict=True):
            tokens += [*words, *self.row.tokens[start:end]]
            tags += [*[OUTSIDE] * len(words), *self.row.tags[start:end]]
        if not tokens:
            raise Unusable("the new text is empty")
        return self.value | self._as_written("tokens", tokens) | self._as_written("tags", tags)

    def _as_written(self, role: str, items: list[str]) -> dict[str, Any]:
        column = self.columns[role]
        return {column: " ".join(items) if isinstance(self.value[column], str) else items}


@dataclass(frozen=True)
class EditableQuestion(Editable):
    """A question and its context; the answers stay in the context, and where they start is told anew."""

    row: QuestionRow
    columns: Columns

    def rewritten(self, texts: Sequence[str]) -> Any:
        value = super().rewritten(texts)
        passage, context = self.passages[1], texts[1]
        if context == passage.text:
            return value
        moved = list(zip(passage.kept, found_again(passage.text, passage.kept, context), strict=True))
        starts = [_moved(answer.start, moved) for answer in self.row.answers]
        value[self.columns["answers"]] = {"text": [answer.text for answer in self.row.answers], "answer_start": starts}
        return value


def _moved(start: int, spans: Sequence[tuple[Span, Span]]) -> int:
    """Where a character within a kept part stands now."""
    before, after = next(pair for pair in spans if pair[0].start <= start < pair[0].end)
    return after.start + start - before.start


def _put(value: Any, place: Place, text: str) -> None:
    *way, last = place
    for step in way:
        value = value[step]
    value[last] = text


def taken_apart(row: Row, value: Any, columns: Columns) -> Editable | None:
    """The editable parts of a row as its task reads it; None where no part of it may be rewritten."""
    return _KINDS[type(row)](row, value, columns)


def _labelled(row: LabelledRow, value: Any, columns: Columns) -> Editable:
    texts = [(Passage(row.text), (columns["text"],))]
    if row.text_pair:
        texts.append((Passage(row.text_pair), (columns["text_pair"],)))
    return _simple(row, value, "|".join(sorted(row.labels)), texts)


def _pair(row: PairRow, value: Any, columns: Columns) -> Editable:
    return _simple(row, value, "", [(Passage(row.source), (columns["source"],))])


def _plain(row: TextRow, value: Any, columns: Columns) -> Editable:
    return _simple(row, value, "", [(Passage(row.text), (columns.get("text", "text"),))])


def _simple(row: Row, value: Any, label: str, texts: Sequence[tuple[Passage, Place]]) -> Editable:
    passages, places = zip(*texts, strict=True)
    return Editable(row.line, value, label, passages, places)


def _chat(row: ChatRow, value: Any, columns: Columns) -> Editable:
    """What users say; the answers stay."""
    fields = {role: value.get(column) for role, column in columns.items()} or value
    texts = [(Passage(text), (columns.get(str(place[0]), place[0]), *place[1:])) for text, place in _asked(fields)]
    return _simple(row, value, "", texts)


def _asked(fields: Mapping[str, Any]) -> list[tuple[str, Place]]:
    """The user's texts in any of the four shapes of conversations, and where they stand."""
    for name in ("messages", "conversations"):
        if name in fields:
            return [
                (turn[content], (name, number, content))
                for number, turn in enumerate(fields[name])
                for role, content in [
                    ("from", "value") if "from" in turn and "role" not in turn else ("role", "content")
                ]
                if ROLES[turn[role]] == "user"
            ]
    names = ("instruction", "input") if "instruction" in fields and "output" in fields else ("prompt",)
    return [(fields[name], (name,)) for name in names if str(fields.get(name) or "").strip()]


def _tagged(row: TaggedRow, value: Any, columns: Columns) -> Editable | None:
    """Entities stay; where each word has a tag of its own, as parts of speech, none may change."""
    if not row.is_bio:
        return None
    starts = [0]
    for token in row.tokens:
        starts.append(starts[-1] + len(token) + 1)
    kept = tuple(Span(starts[part.start], starts[part.end] - 1) for part in entity_spans(row.tags))
    return EditableTags(row.line, value, "", (Passage(" ".join(row.tokens), kept),), (), row, columns)


def _question(row: QuestionRow, value: Any, columns: Columns) -> Editable:
    kept = tuple(joined([Span(answer.start, answer.start + len(answer.text)) for answer in row.answers]))
    passages = (Passage(row.asked), Passage(row.context, kept))
    places = ((columns["question"],), (columns["context"],))
    return EditableQuestion(row.line, value, "", passages, places, row, columns)


_KINDS: dict[type[Row], Callable[[Any, Any, Columns], Editable | None]] = {
    LabelledRow: _labelled,
    PairRow: _pair,
    TextRow: _plain,
    ChatRow: _chat,
    TaggedRow: _tagged,
    QuestionRow: _question,
}
