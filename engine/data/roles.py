"""What the columns of each task are for: the names they go by, and what their values look like."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

# Sentences have more words than names and dates; classes and tags are few and come again.
LEAST_WORDS = 4
MOST_CLASSES = 200


class Shape(NamedTuple):
    """What values of a column look like, in words and as a test of those that are there, at least one."""

    description: str
    fits: Callable[[Sequence[object]], bool]


class Role(NamedTuple):
    """A part that a column plays in a task, and the names by which it is known, the likeliest first.

    A role with a shape has to be filled, by a column of that shape where none has the name. One without may stay empty.
    """

    name: str
    aliases: tuple[str, ...]
    shape: Shape | None = None


def is_free_text(values: Sequence[object]) -> bool:
    """Texts of four words and more in the mean, most of them different."""
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        return False
    words = sum(len(text.split()) for text in texts)
    return words >= LEAST_WORDS * len(texts) and len(set(texts)) > len(texts) / 2


def is_label(values: Sequence[object]) -> bool:
    """Few short texts, numbers or booleans, or lists of them, each twice in the mean."""
    items = list(_flat(values))
    scalar = all(isinstance(item, int | float) or (isinstance(item, str) and len(item) <= 64) for item in items)
    return scalar and 2 <= len(set(items)) <= min(MOST_CLASSES, len(items) / 2)


def is_words(values: Sequence[object]) -> bool:
    """Lists of texts, or free text that white space parts into words."""
    if all(isinstance(value, list) for value in values):
        items = list(_flat(values))
        return all(isinstance(item, str) for item in items) and not is_tags(values)
    return is_free_text(values)


def is_tags(values: Sequence[object]) -> bool:
    """Lists of few texts or numbers, or texts of few words, each four times in the mean."""
    items = list(_flat(value.split() if isinstance(value, str) else value for value in values))
    nested = all(isinstance(value, str | list) for value in values) and all(isinstance(i, str | int) for i in items)
    return nested and 2 <= len(set(items)) <= min(MOST_CLASSES, len(items) / 4)


def is_answers(values: Sequence[object]) -> bool:
    """Objects with `text` and `answer_start`, as SQuAD has them."""
    return all(isinstance(value, dict) and {"text", "answer_start"} <= value.keys() for value in values)


def _flat(values: Iterable[object]) -> Iterable[object]:
    return (item for value in values for item in (value if isinstance(value, list) else [value]))


FREE_TEXT = Shape("free text", is_free_text)
LABEL = Shape("values that come again", is_label)
WORDS = Shape("lists of words, or text", is_words)
TAGS = Shape("one tag a word", is_tags)
ANSWERS = Shape('{"text": [...], "answer_start": [...]}', is_answers)

TEXT_NAMES = ("text", "sentence", "review", "content", "body", "question1", "sentence1", "premise")
PAIR_NAMES = ("text_pair", "sentence2", "hypothesis", "question2")
LABEL_NAMES = ("label", "labels", "class", "category", "sentiment", "target", "rating", "score", "stars")
SOURCE_NAMES = ("source", "input", "document", "article", "text", "en", "prompt", "dialogue")
TARGET_NAMES = ("target", "output", "summary", "highlights", "translation", "completion")

SEQUENCE_CLASSIFICATION = (
    Role("text", TEXT_NAMES, FREE_TEXT),
    Role("text_pair", PAIR_NAMES),
    Role("label", LABEL_NAMES, LABEL),
)
TOKEN_CLASSIFICATION = (
    Role("tokens", ("tokens", "words", "text", "sentence"), WORDS),
    Role("tags", ("tags", "ner_tags", "labels", "bio", "label"), TAGS),
)
QUESTION_ANSWERING = (
    Role("id", ("id",)),
    Role("context", ("context", "passage", "paragraph"), FREE_TEXT),
    Role("question", ("question", "query"), FREE_TEXT),
    Role("answers", ("answers", "answer"), ANSWERS),
)
SEQ2SEQ = (
    Role("source", SOURCE_NAMES, FREE_TEXT),
    Role("target", TARGET_NAMES, FREE_TEXT),
)
