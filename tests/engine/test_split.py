"""Duplicates are found, and no question is both trained and asked."""

import pytest
from tunedeck.engine.data.chat import ChatRow, Message
from tunedeck.engine.data.split import drop_duplicates, split_by_question
from tunedeck.engine.tasks.sequence_classification import LabelledRow
from tunedeck.store.errors import DataError


def talk(line: int, *contents: str) -> ChatRow:
    roles = ("user", "assistant")
    return ChatRow(line, tuple(Message(roles[index % 2], content) for index, content in enumerate(contents)))


def many(count: int) -> list[ChatRow]:
    return [talk(line, f"question {line % 40}", f"answer {line}") for line in range(1, count + 1)]


def test_the_first_of_equal_conversations_is_kept() -> None:
    rows = [talk(1, "Hi", "Hello"), talk(2, " hi\n", "HELLO"), talk(3, "Hi", "Good day"), talk(4, "Hi", "Hello", "Hi")]
    kept, dropped = drop_duplicates(rows)
    assert [row.line for row in kept] == [1, 3, 4]
    assert dropped == 1


def test_turns_do_not_run_together_when_compared() -> None:
    rows = [talk(1, "a b", "c"), talk(2, "a", "b c")]
    assert drop_duplicates(rows) == (rows, 0)


def test_no_question_stands_on_both_sides() -> None:
    split = split_by_question(many(200), 0.1, seed=1)
    assert len(split.evaluation) == 20
    assert len(split.train) == 180
    asked = {row.messages[0].content for row in split.evaluation}
    assert asked.isdisjoint(row.messages[0].content for row in split.train)


def test_a_longer_talk_stays_with_the_one_it_begins_like() -> None:
    pairs = [
        talk(2 * index + part, f"q{index}", f"a{index}", *["and?", "no"][: 2 * part])
        for index in range(20)
        for part in (0, 1)
    ]
    split = split_by_question(pairs, 0.3, seed=3)
    assert {row.line // 2 for row in split.evaluation}.isdisjoint(row.line // 2 for row in split.train)


def test_the_split_depends_on_the_seed_and_not_on_the_order() -> None:
    rows = many(200)
    lines = {row.line for row in split_by_question(rows, 0.1, seed=1).evaluation}
    assert {row.line for row in split_by_question(rows[::-1], 0.1, seed=1).evaluation} == lines
    assert {row.line for row in split_by_question(rows, 0.1, seed=2).evaluation} != lines


def test_labels_that_hardly_come_again_are_held_out_together() -> None:
    rows = [LabelledRow(line, f"text {line}", None, (f"{line % 400 / 7:.2f}",)) for line in range(600)]
    common = [LabelledRow(600 + line, f"more {line}", None, ("1",)) for line in range(100)]
    split = split_by_question([*rows, *common], 0.1, seed=1)
    assert len(split.evaluation) == 70
    assert sum(row.labels == ("1",) for row in split.evaluation) == 10


def test_both_sides_get_rows_however_the_fraction_falls() -> None:
    rows = [talk(1, "a", "x"), talk(2, "a", "y"), talk(3, "b", "z")]
    for fraction in (0.01, 0.99):
        split = split_by_question(rows, fraction, seed=0)
        assert split.train
        assert split.evaluation


def test_a_single_question_cannot_be_split() -> None:
    rows = [talk(1, "a", "x"), talk(2, "A ", "y")]
    with pytest.raises(DataError, match="The 2 rows ask 1 question, too few"):
        split_by_question(rows, 0.1, seed=0)
    assert split_by_question(rows, 0, seed=0).train == tuple(rows)
