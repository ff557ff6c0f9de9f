"""The filters that need no model: copies, lengths, and how alike texts are."""

import random

import pytest
from tunedeck.engine.augment.editable import Editable, Passage
from tunedeck.engine.augment.filters.copies import Duplicates, Known, NearEvaluation, NearSource
from tunedeck.engine.augment.filters.filter import Candidate, Filter
from tunedeck.engine.augment.filters.length import Length
from tunedeck.engine.augment.shingles import LENGTH, Neighbours, shingles, similarity

WORDS = [f"word{number}" for number in range(500)]


def row(text: str, line: int = 1) -> Editable:
    return Editable(line, {"text": text}, "", (Passage(text),), (("text",),))


def told(judge: Filter, *pairs: tuple[str, str]) -> list[tuple[str, str] | None]:
    """What is objected to texts made from texts."""
    candidates = [Candidate(number, row(made), row(source)) for number, (made, source) in enumerate(pairs, start=1)]
    return [tuple(found) if found else None for found in judge.objections(candidates)]  # pyright: ignore[reportReturnType]


def test_likeness_is_the_share_of_common_runs_of_characters() -> None:
    one, other = "abcdefgh", "abcdexyz"
    sets = [{text[at : at + LENGTH] for at in range(len(text) - LENGTH + 1)} for text in (one, other)]
    assert similarity(shingles(one), shingles(other)) == pytest.approx(len(sets[0] & sets[1]) / len(sets[0] | sets[1]))
    assert similarity(shingles("A  b"), shingles("a b")) == 1.0
    assert similarity(shingles(""), shingles("")) == 1.0


def test_the_nearest_of_many_texts_is_found() -> None:
    chance = random.Random(1)
    texts = [" ".join(chance.choices(WORDS, k=30)) for _ in range(300)]
    neighbours = Neighbours(texts)
    for place in range(0, 300, 10):
        near = texts[place].replace(" word", " Word", 3) + " word7"
        found = neighbours.nearest(shingles(near))
        assert found is not None and found[0] == place and found[1] > 0.9
    assert neighbours.nearest(shingles("%$ %$ %$")) is None
    assert Neighbours([]).nearest(shingles("a")) is None


def test_what_the_data_or_an_earlier_row_says_is_a_duplicate() -> None:
    duplicates = Duplicates(Known([row("one house", 3), row("two houses", 9), row("One  House", 12)]))
    assert told(duplicates, ("TWO houses", "a"), ("three houses", "a"), ("three  houses", "b"), ("one house", "c")) == [
        ("duplicate", "line 9 of the data says the same"),
        None,
        ("duplicate", "synthetic row 2 says the same"),
        ("duplicate", "line 3 of the data says the same"),
    ]


def test_what_says_what_an_evaluation_row_says_is_left_out_at_any_threshold() -> None:
    near = NearEvaluation([row("the house on the hill was sold", 4)], 1.0)
    assert told(near, ("The house on the hill was  sold", "a")) == [
        ("near-evaluation", "evaluation row 4 says the same")
    ]
    assert near.holds(row("the house on the hill was sold")) and not near.holds(row("the house"))
    nearly = ("the house on the hill was sold!", "a")
    assert told(near, nearly) == [None]
    assert told(NearEvaluation([row("the house on the hill was sold", 4)], 0.9), nearly) == [
        ("near-evaluation", "it is 96% like evaluation row 4")
    ]
    assert told(NearEvaluation([], 0.5), nearly) == [None]


def test_what_is_too_near_to_its_source_teaches_nothing() -> None:
    source = "the house on the hill was sold"
    assert told(NearSource(0.9), (source + "!", source), ("a house on a hill was sold", source)) == [
        ("near-duplicate", "it is 96% like its source"),
        None,
    ]


def test_a_length_outside_of_the_band_is_told() -> None:
    assert told(Length(0.5, 2.0), ("abcde", "abcdefghij"), ("abcd", "abcdefghij"), ("a" * 21, "abcdefghij")) == [
        None,
        ("length", "it has 4 characters, 0.40 times as many as its source"),
        ("length", "it has 21 characters, 2.10 times as many as its source"),
    ]
