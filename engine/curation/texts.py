"""What a row says, whatever its task: its texts in parts, what it asks, and its label."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..data.chat import ChatRow
from ..data.row import Row
from ..tasks.question_answering import QuestionRow
from ..tasks.seq2seq_lm import PairRow
from ..tasks.sequence_classification import LabelledRow
from ..tasks.token_classification import TaggedRow

Parts = tuple[str, ...]


@dataclass(frozen=True)
class RawRow(Row):
    """A row that no task has read: everything that its value says."""

    text: str

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.text,)


class RawRows:
    """How rows are read that suit no task: each as it is."""

    def find_columns(self, sample: object) -> dict[str, str]:
        return {}

    def row(self, line: int, value: object, columns: Mapping[str, str]) -> RawRow:
        return RawRow(line, _said(value))


def parts_of(row: Row) -> Parts:
    """What two rows are held against each other by; they are alike where each part is like its counterpart.

    A part by itself would not do: many questions are asked of one long context, and many talks begin with the same
    long system turn, which is therefore left out.
    """
    match row:
        case ChatRow():
            opening = "\n".join(message.content for message in row.opening if message.role != "system")
            return opening, "\n".join(message.content for message in row.messages[len(row.opening) :])
        case TaggedRow():
            return (" ".join(row.tokens),)
        case QuestionRow():
            return row.asked, row.context
        case PairRow():
            return row.source, row.target
        case _:
            return row.question


def asked_of(row: Row) -> Parts:
    """The parts of it that must not stand on both sides of a split."""
    match row:
        case ChatRow():
            return parts_of(row)[:1]
        case TaggedRow():
            return parts_of(row)
        case _:
            return row.question


def labels_of(row: Row) -> tuple[str, ...]:
    """The labels of a row, a tag for each of its words; none where the task has none."""
    match row:
        case LabelledRow():
            return row.labels
        case TaggedRow():
            return row.tags
        case _:
            return ()


def _said(value: object) -> str:
    """Every text and number in a value, in order. A row may be nested as deeply as Python allows: no recursion."""
    said: list[str] = []
    rest = [value]
    while rest:
        part = rest.pop()
        if isinstance(part, dict):
            rest += [inner for item in reversed(part.items()) for inner in reversed(item)]
        elif isinstance(part, list):
            rest += reversed(part)
        elif part is not None:
            said.append(str(part))
    # Half of a surrogate pair has no bytes, and what is compared is hashed.
    return " ".join(said).encode("utf-8", "backslashreplace").decode()
