"""The SQuAD file, articles of paragraphs of questions in one JSON object, read as one row a question."""

import re
from collections.abc import Iterator

from ...store.errors import DataError
from .faults import BadRow, RowFault
from .jsonl import JsonRow, parsed
from .lines import DataFile, Digest, head_of, opened

# The official training file of SQuAD 2.0 has 42 MB; the object has to be in memory as a whole.
FILE_LIMIT_BYTES = 64 * 2**20
BEGINNING = re.compile(rb'\s*\{\s*("version"\s*:[^,{\[]*,\s*)?"data"\s*:\s*\[\s*\{\s*"(title|paragraphs)"\s*:')


def is_squad(path: DataFile) -> bool:
    """Whether the file begins as SQuAD 1.1 and 2.0 do. Raises DataError where it can't be read."""
    with opened(path) as file:
        return BEGINNING.match(head_of(file, path)) is not None


def read_squad_rows(path: DataFile, digest: Digest | None = None) -> Iterator[JsonRow | BadRow]:
    """Yield each question with its `context`, `answers` (`{"text": [...], "answer_start": [...]}`) and number from 1.

    Raises DataError where the file can't be read, is above 64 MB, or isn't built as SQuAD is.
    """
    with opened(path) as file:
        content = file.read(FILE_LIMIT_BYTES + 1)
    if len(content) > FILE_LIMIT_BYTES:
        raise DataError(
            f"{path.name} is a JSON object of more than {FILE_LIMIT_BYTES // 2**20} MB.",
            "Write one question a line as JSON Lines.",
        )
    if digest:
        digest.update(content)
    try:
        value = parsed(content.decode("utf-8-sig"))
        for number, row in enumerate(_questions(value), start=1):
            yield JsonRow(number, row)
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: byte {error.start + 1:,} is not UTF-8.", "Save it as UTF-8.") from None
    except RowFault as fault:
        raise DataError(
            f"{path.name}: {fault}.", "Mend the file, or write one question a line as JSON Lines."
        ) from None


def _questions(value: object) -> Iterator[dict[str, object]]:
    for article, article_place in _items(value, "data", ""):
        for paragraph, place in _items(article, "paragraphs", article_place):
            for question, question_place in _items(paragraph, "qas", place):
                answers = [answer for answer, _ in _items(question, "answers", question_place)]
                yield {
                    "id": question.get("id"),
                    "context": paragraph.get("context"),
                    "question": question.get("question"),
                    "answers": {name: [answer.get(name) for answer in answers] for name in ("text", "answer_start")},
                    "is_impossible": question.get("is_impossible", False),
                }


def _items(parent: object, name: str, place: str) -> Iterator[tuple[dict[str, object], str]]:
    """The objects of a list within an object, and where each of them stands."""
    here = f"{place}.{name}".lstrip(".")
    items = parent.get(name) if isinstance(parent, dict) else None
    if not isinstance(items, list):
        raise RowFault(f"{here} is not a list")
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise RowFault(f"{here}[{index}] is not an object")
        yield item, f"{here}[{index}]"
