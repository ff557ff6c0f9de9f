"""Answers as they come in files, and where they stand in the context."""

import pytest
from tunedeck.engine.data.answers import Answer, answers_of
from tunedeck.engine.data.faults import RowFault

CONTEXT = "Ada Lovelace lived in London and Grace Hopper in New York."


def fault(answers: object) -> str:
    with pytest.raises(RowFault) as caught:
        answers_of(answers, CONTEXT, "answers")
    return str(caught.value)


@pytest.mark.parametrize(
    "answers",
    [
        {"text": ["London"], "answer_start": [22]},
        [{"text": "London", "answer_start": 22}],
        {"text": "London", "answer_start": 22},
        {"text": ["London"]},
        ["London"],
        "London",
    ],
)
def test_answers_are_read_however_they_are_written(answers: object) -> None:
    assert answers_of(answers, CONTEXT, "answers") == [Answer("London", 22)]


@pytest.mark.parametrize("answers", [None, "", [], {}, {"text": [], "answer_start": []}, {"text": [""]}])
def test_an_empty_answer_is_none(answers: object) -> None:
    assert answers_of(answers, CONTEXT, "answers") == []


def test_an_answer_that_is_off_by_white_space_is_mended_and_no_other() -> None:
    assert answers_of({"text": [" London "], "answer_start": [21]}, CONTEXT, "answers") == [Answer("London", 22)]
    assert answers_of({"text": "London", "answer_start": 21}, CONTEXT, "answers") == [Answer("London", 22)]
    assert fault({"text": ["New York", "London"], "answer_start": [49, 20]}) == (
        "answers.text[1] is 'London', but at 20 the context has 'n Lond'"
    )
    assert fault([{"text": "London", "answer_start": 900}]) == (
        "answers[0].text is 'London', but at 900 the context has ''"
    )


def test_what_is_wrong_with_answers_is_said_with_its_place() -> None:
    assert fault("in") == "answers stands 2 times in the context; answer_start has to say where"
    assert fault({"text": ["London"], "answer_start": []}) == "answers has 1 in text, but 0 in answer_start"
    assert fault({"text": ["London"], "answer_start": ["22"]}) == (
        "answers.text[0] starts at 22, expected a whole number from 0"
    )
    assert fault({"text": [7], "answer_start": [22]}) == "answers.text[0] is a number, expected text"
