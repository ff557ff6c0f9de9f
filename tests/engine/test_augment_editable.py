"""What of a row may be rewritten, and how labels, spans and answers stay with it."""

from typing import Any

import pytest
from tunedeck.engine import tasks
from tunedeck.engine.augment.editable import Editable, Unusable, taken_apart
from tunedeck.engine.augment.spans import Span, between, found_again, joined
from tunedeck.store.config import checked


def editable(task_name: str, value: dict[str, Any], columns: str = "") -> Editable:
    task = tasks.of(checked({"data": "x", "model": "x", "task": task_name, "columns": columns}))
    found = task.find_columns([value] * 8)
    row = task.row(7, value, found)
    made = taken_apart(row, value, found)
    assert made is not None
    return made


def tagged(tokens: str, tags: str) -> Editable:
    return editable("token-classification", {"tokens": tokens.split(), "tags": tags.split()})


ADA = tagged("Ada Lovelace lived in London , in a house", "B-PER I-PER O O B-LOC O O O O")


def test_a_label_and_other_fields_stay() -> None:
    value = {"id": 3, "text": "quite good", "label": "good"}
    made = editable("sequence-classification", value)
    assert (made.line, made.label, made.texts) == (7, "good", ("quite good",))
    assert made.rewritten(["rather good"]) == {"id": 3, "text": "rather good", "label": "good"}
    assert value["text"] == "quite good"


def test_both_texts_of_a_pair_may_change() -> None:
    made = editable("sequence-classification", {"premise": "one", "hypothesis": "two", "label": 1})
    assert made.rewritten(["a", "b"]) == {"premise": "a", "hypothesis": "b", "label": 1}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"prompt": "Why?", "completion": "So."}, {"prompt": "NEW", "completion": "So."}),
        (
            {"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]},
            {"messages": [{"role": "user", "content": "NEW"}, {"role": "assistant", "content": "So."}]},
        ),
        (
            {"conversations": [{"from": "human", "value": "Why?"}, {"from": "gpt", "value": "So."}]},
            {"conversations": [{"from": "human", "value": "NEW"}, {"from": "gpt", "value": "So."}]},
        ),
        ({"instruction": "Why?", "input": "", "output": "So."}, {"instruction": "NEW", "input": "", "output": "So."}),
        ({"text": "Long ago."}, {"text": "NEW"}),
    ],
)
def test_of_a_conversation_only_the_user_is_rewritten(value: dict[str, Any], expected: dict[str, Any]) -> None:
    assert editable("causal-lm", value).rewritten(["NEW"]) == expected


def test_columns_that_were_asked_for_are_the_ones_rewritten() -> None:
    made = editable("causal-lm", {"q": "Why?", "a": "So."}, "prompt=q, completion=a")
    assert made.rewritten(["NEW"]) == {"q": "NEW", "a": "So."}


def test_a_target_stays() -> None:
    made = editable("seq2seq-lm", {"source": "a long text", "target": "text"})
    assert made.rewritten(["a longer text"]) == {"source": "a longer text", "target": "text"}


def test_entities_stay_and_words_around_them_may_change_in_number() -> None:
    (passage,) = ADA.passages
    assert [passage.text[span.start : span.end] for span in passage.kept] == ["Ada Lovelace", "London"]
    made = ADA.rewritten(["There Ada Lovelace never had a home in London"])
    assert made["tokens"] == ["There", "Ada", "Lovelace", "never", "had", "a", "home", "in", "London"]
    assert made["tags"] == ["O", "B-PER", "I-PER", "O", "O", "O", "O", "O", "B-LOC"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("She lived in London", "'Ada Lovelace' stands 0 times in the new text, and 1 times in its source"),
        ("Ada Lovelace left London for London", "'London' stands 2 times"),
        ("In London lived Ada Lovelace", "the entities stand in another order"),
        ("  ", "stands 0 times"),
    ],
)
def test_a_text_that_lost_an_entity_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        ADA.rewritten([text])


def test_neighbouring_entities_are_told_apart() -> None:
    made = tagged("Ada Ada saw Ada", "B-PER B-PER O O")
    assert made.rewritten(["Ada Ada heard Ada"])["tags"] == ["B-PER", "B-PER", "O", "O"]


def test_words_in_one_text_stay_one_text() -> None:
    made = editable("token-classification", {"tokens": "Ada saw it", "tags": "B-PER O O"})
    assert made.rewritten(["Ada never saw it"]) == {"tokens": "Ada never saw it", "tags": "B-PER O O O"}


def test_words_with_a_tag_each_are_left_alone() -> None:
    task = tasks.of(checked({"data": "x", "model": "x", "task": "token-classification"}))
    value = {"tokens": ["Ada", "sleeps"], "tags": ["NOUN", "VERB"]}
    columns = {"tokens": "tokens", "tags": "tags"}
    assert taken_apart(task.row(1, value, columns), value, columns) is None


CONTEXT = "Ada Lovelace lived in London. London was 15% smaller."
ASKED = {"question": "Where did Ada live?", "context": CONTEXT}


def question(*answers: tuple[str, int]) -> Editable:
    texts, starts = zip(*answers, strict=True)
    value = ASKED | {"answers": {"text": list(texts), "answer_start": list(starts)}}
    return editable("question-answering", value)


def test_answers_are_found_again_where_they_have_moved() -> None:
    made = question(("London", 22), ("in London", 19)).rewritten(
        ["Where?", "Born far away, Ada Lovelace lived in London. London was small."]
    )
    assert made["answers"] == {"text": ["London", "in London"], "answer_start": [37, 34]}
    assert made["question"] == "Where?"


def test_an_answer_within_a_word_is_found_too() -> None:
    made = question(("5", 42)).rewritten(["Which?", "It was 15% smaller."])
    assert made["answers"] == {"text": ["5"], "answer_start": [8]}


def test_a_lost_answer_is_refused_and_a_question_alone_may_change() -> None:
    row = question(("Lovelace", 4))
    with pytest.raises(Unusable, match="'Lovelace' stands 0 times"):
        row.rewritten(["Who?", "Ada lived in London."])
    assert row.rewritten(["Who?", CONTEXT])["answers"] == row.value["answers"]
    assert row.free == (0,)


def test_rows_are_alike_whatever_their_case_and_label() -> None:
    one = editable("sequence-classification", {"text": "Quite  good", "label": "a"})
    assert one.key == editable("sequence-classification", {"text": "quite good ", "label": "b"}).key


def test_spans_part_a_text() -> None:
    assert joined([Span(4, 9), Span(0, 2), Span(6, 12)]) == [Span(0, 2), Span(4, 12)]
    assert between("abcdef", [Span(1, 2), Span(4, 6)]) == [Span(0, 1), Span(2, 4), Span(6, 6)]
    assert found_again("a b a", [Span(4, 5)], "a c a") == [Span(4, 5)]
