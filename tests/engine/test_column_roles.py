"""Which column plays which role: asked, by name, by values, and what is said where that can't be told."""

import subprocess
import sys

import pytest
from tunedeck.engine.data import roles
from tunedeck.engine.data.columns import columns_sentence, find_columns, read_asked
from tunedeck.store.errors import ConfigError, DataError

TEXTS = [f"a text of some {word} words" for word in ("few", "long", "odd", "new", "old", "good")]
CLASSES = ["good", "bad"] * 3


def table(**columns: list) -> list[dict[str, object]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def named(*columns: str) -> list[dict[str, object]]:
    """Rows whose values tell nothing."""
    return [dict.fromkeys(columns, 1)]


BY_NAME: list[tuple[tuple[roles.Role, ...], tuple[str, ...], dict[str, str]]] = [
    (roles.SEQUENCE_CLASSIFICATION, ("label", "text"), {"text": "text", "label": "label"}),
    (roles.SEQUENCE_CLASSIFICATION, ("Review", "STARS", "id"), {"text": "Review", "label": "STARS"}),
    (roles.SEQUENCE_CLASSIFICATION, ("premise", "hypothesis", "label", "idx"),
     {"text": "premise", "text_pair": "hypothesis", "label": "label"}),
    (roles.SEQUENCE_CLASSIFICATION, ("rating", "review", "text", "Label"), {"text": "text", "label": "Label"}),
    (roles.SEQUENCE_CLASSIFICATION, ("TEXT", "text", "label"), {"text": "text", "label": "label"}),
    (roles.TOKEN_CLASSIFICATION, ("tokens", "pos_tags", "NER Tags"), {"tokens": "tokens", "tags": "NER Tags"}),
    (roles.QUESTION_ANSWERING, ("id", "title", "context", "question", "answers"),
     {"id": "id", "context": "context", "question": "question", "answers": "answers"}),
    (roles.SEQ2SEQ, ("article", "highlights", "id"), {"source": "article", "target": "highlights"}),
]  # fmt: skip


@pytest.mark.parametrize(("task", "columns", "found"), BY_NAME)
def test_names_are_known(task: tuple[roles.Role, ...], columns: tuple[str, ...], found: dict[str, str]) -> None:
    assert find_columns(named(*columns), task, {}) == found


WORDS = [text.split() for text in TEXTS]
TAGS = [["O", "O", "B-X", "I-X", "O", "O"] for _ in TEXTS]
ANSWERS = [{"text": ["a"], "answer_start": [0]}] * 6
BY_SHAPE: list[tuple[tuple[roles.Role, ...], dict[str, list], dict[str, str]]] = [
    (roles.SEQUENCE_CLASSIFICATION, {"id": [*range(6)], "was": TEXTS, "is": CLASSES}, {"text": "was", "label": "is"}),
    (roles.SEQUENCE_CLASSIFICATION, {"was": TEXTS, "is": [1, 2, 1, 2, None, ""]}, {"text": "was", "label": "is"}),
    (roles.SEQUENCE_CLASSIFICATION, {"was": TEXTS, "are": [["a"], ["a", "b"], [], ["b"], [], []]},
     {"text": "was", "label": "are"}),
    (roles.TOKEN_CLASSIFICATION, {"was": WORDS, "is": TAGS}, {"tokens": "was", "tags": "is"}),
    (roles.TOKEN_CLASSIFICATION, {"was": TEXTS, "is": [" ".join(tags) for tags in TAGS]},
     {"tokens": "was", "tags": "is"}),
    (roles.QUESTION_ANSWERING, {"question": TEXTS, "in": TEXTS, "is": ANSWERS},
     {"context": "in", "question": "question", "answers": "is"}),
    (roles.SEQ2SEQ, {"text": TEXTS, "is": TEXTS}, {"source": "text", "target": "is"}),
]  # fmt: skip


@pytest.mark.parametrize(("task", "columns", "found"), BY_SHAPE)
def test_values_tell_where_names_do_not(
    task: tuple[roles.Role, ...], columns: dict[str, list], found: dict[str, str]
) -> None:
    assert find_columns(table(**columns), task, {}) == found


def test_what_is_asked_for_goes_first() -> None:
    rows = table(text=TEXTS, label=CLASSES, kind=CLASSES, summary=TEXTS)
    found = find_columns(rows, roles.SEQUENCE_CLASSIFICATION, {"label": "kind", "text": "summary"})
    assert found == {"text": "summary", "label": "kind"}
    assert columns_sentence(found) == "columns: text = summary, label = kind"


def test_a_column_that_the_first_row_lacks_is_found() -> None:
    rows = [*table(text=TEXTS), {"text": "more", "label": "good"}]
    assert find_columns(rows, roles.SEQUENCE_CLASSIFICATION, {}) == {"text": "text", "label": "label"}


REFUSALS: list[tuple[dict[str, list], dict[str, str], str, str]] = [
    ({"text": TEXTS, "id": [*range(6)]}, {},
     "no column was found for label (values that come again); the columns are text, id.",
     'Set columns = "text=text, label=...".'),
    ({"text": TEXTS, "star": CLASSES, "kind": CLASSES}, {},
     "label could be any of the columns star, kind.",
     'Set columns = "text=text, label=star", say.'),
    ({"title": TEXTS, "plot": TEXTS, "label": CLASSES}, {},
     "text could be any of the columns title, plot.",
     'Set columns = "label=label, text=title", say.'),
    ({"text": TEXTS, "reviews": TEXTS}, {"text": "review"},
     "there is no column review for text; the columns are text, reviews.",
     'Set columns = "text=reviews".'),
    ({"text": TEXTS}, {"label": "xyz"},
     "there is no column xyz for label; the columns are text.",
     'Set columns = "label=...".'),
    ({"text": TEXTS, "why, where": CLASSES, "b": CLASSES}, {},
     "label could be any of the columns why, where, b.",
     "Set columns = 'text=text, \"label=why, where\"', say."),
    ({"a text of some few words": TEXTS[1:], "good": CLASSES[1:]}, {},
     "no column was found for label (values that come again); the columns are a text of some few words, good.",
     'Set columns = "text=a text of some few words, label=...".'),
    ({f"{number}" + "x" * 50: [number] for number in range(14)}, {},
     "no column was found for text (free text); the columns are "
     + ", ".join(f"{number}" + "x" * (39 - number // 10) for number in range(12)) + " and 2 more.",
     'Set columns = "text=...".'),
    ({"9" * 4400: TEXTS, "id": [*range(6)]}, {},
     f"no column was found for label (values that come again); the columns are {'9' * 40}, id.",
     'Set columns = "text=..., label=...".'),
    ({}, {}, "no column was found for text (free text); the columns are none.", 'Set columns = "text=...".'),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "asked", "sentence", "next_step"), REFUSALS)
def test_what_can_not_be_told_is_asked_for(
    columns: dict[str, list], asked: dict[str, str], sentence: str, next_step: str
) -> None:
    with pytest.raises(DataError) as caught:
        find_columns(table(**columns), roles.SEQUENCE_CLASSIFICATION, asked)
    assert (caught.value.what, caught.value.next_step) == (sentence, next_step)


def test_a_role_that_the_task_does_not_have_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        find_columns(table(text=TEXTS), roles.SEQ2SEQ, {"label": "text"})
    assert caught.value.what == "columns names label, which this task has no use for."
    assert (caught.value.next_step, caught.value.field) == ("Its roles are source, target.", "columns")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", {}),
        ("text=review, label=rating", {"text": "review", "label": "rating"}),
        (" text = the review ,label=a=b", {"text": "the review", "label": "a=b"}),
        ('"text=why, where", label=x', {"text": "why, where", "label": "x"}),
    ],
)
def test_columns_are_read_as_they_are_written(text: str, asked: dict[str, str]) -> None:
    assert read_asked(text) == asked


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("review", "columns has 'review', expected role=column."),
        ("text=", "columns has 'text=', expected role=column."),
        ("text=a,", "columns has '', expected role=column."),
        ("text=a, text=b", "columns names text twice."),
    ],
)
def test_columns_that_can_not_be_read_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_asked(text)
    assert (caught.value.what, caught.value.field) == (sentence, "columns")
    assert caught.value.next_step == 'Write it like columns = "text=review, label=rating".'


def test_finding_columns_needs_the_standard_library_alone() -> None:
    code = "import sys, tunedeck.engine.data.columns; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"torch", "pyarrow", "numpy", "transformers"}
