"""How answers look: what is marked, and that nothing an engine says can break the picture."""

import math

from tunedeck.tui.playing.answer_text import Part, answers, of_answer
from tunedeck.tui.playing.exchange import Exchange
from tunedeck.tui.playing.settings import PlaySettings


def told(base: str, tuned: str) -> Exchange:
    exchange = Exchange(1, "?", PlaySettings(), ("tuned", "base"))
    for which, text in (("tuned", tuned), ("base", base)):
        exchange.hear({"which": which, "done": True, "text": text, "tokens": 3, "seconds": 1.0})
    return exchange


def test_words_that_only_one_model_says_are_marked() -> None:
    found = answers(told("It is in Rome, I think.", "It is in Paris, I think."))
    assert found["base"] == [Part("It is in "), Part("Rome", True), Part(", I think.")]
    assert found["tuned"] == [Part("It is in "), Part("Paris", True), Part(", I think.")]


def test_an_answer_that_is_being_written_has_no_marks() -> None:
    exchange = Exchange(1, "?", PlaySettings(), ("tuned", "base"))
    exchange.hear({"which": "tuned", "piece": "It \x1b[31m\x01is\x02 "})
    assert answers(exchange) == {"tuned": [Part("It [31mis ")], "base": [Part("")]}


def test_labels_stand_under_each_other_however_wide_they_are() -> None:
    lines = of_answer("", {"probabilities": {"好": 0.25, "good": 0.75, "bad": math.nan}}, ascii_only=True)
    told = sorted(part.text for part in lines)
    assert told == ["bad   ............   nan%\n", "good  #########...  75.0%\n", "好    ###.........  25.0%\n"]


def test_an_answer_that_is_not_there_is_told() -> None:
    facts = {"of": "The text.", "answer": "", "start": None, "end": None, "score": 1.0, "null_score": 2.0}
    assert of_answer("", facts)[0] == Part("(no answer)", True)
    assert of_answer("", {"of": "a\x1b b", "entities": []})[0] == Part("a b")
