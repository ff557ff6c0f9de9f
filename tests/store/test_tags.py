"""Tags: what is one, and which runs carry it."""

import sqlite3

import pytest
import seeds
from tunedeck.store import overview, run_filter, tags, trash
from tunedeck.store.errors import ConfigError
from tunedeck.store.paths import Home
from tunedeck.store.tags import Change


def test_words_with_a_minus_are_taken_off_and_others_put_on() -> None:
    assert tags.read(["good", "+Paper-2", "-v1.0_old", "good"]) == Change(("good", "paper-2"), ("v1.0_old",))


@pytest.mark.parametrize("word", ["", "-", "two words", "x" * 25, "naïve", "a/b", "\x1b[31m", "--x", "a,b"])
def test_what_is_no_tag_is_a_sentence(word: str) -> None:
    with pytest.raises(ConfigError, match=r"is no tag\. A tag is one word of at most 24 characters"):
        tags.read([word])


def test_a_tag_can_not_be_put_on_and_taken_off_at_once() -> None:
    with pytest.raises(ConfigError, match="good is to be put on and to be taken off"):
        tags.read(["good", "-good"])


def test_tags_are_put_on_taken_off_and_counted(db: sqlite3.Connection, home: Home) -> None:
    first, second, deleted = (seeds.ended(db, home, name) for name in ("first", "second", "deleted"))
    tags.change(db, [first.id, second.id, deleted.id], Change(on=("good", "a")))
    tags.change(db, [first.id], Change(on=("good",), off=("a", "never")))
    trash.delete(db, home, deleted)
    assert tags.of_run(db, first.id) == ("good",)
    assert tags.of_all(db) == {first.id: ("good",), second.id: ("a", "good"), deleted.id: ("a", "good")}
    assert list(tags.counts(db).items()) == [("good", 2), ("a", 1)]
    trash.empty(db, home)
    assert deleted.id not in tags.of_all(db)


def test_a_tag_shows_at_once_on_a_run_that_is_not_read_again(db: sqlite3.Connection, home: Home) -> None:
    runs_before = [seeds.ended(db, home, name) for name in ("one", "two")]
    known = {view.run.id: view for view in overview.of_all(db)}
    tags.change(db, [runs_before[0].id], Change(on=("good", "pinned")))
    two, one = overview.of_all(db, known)
    assert (one.tags, two.tags) == (("good", "pinned"), ())
    assert one.run is known[one.run.id].run and two is known[two.run.id]
    for text in ("tag:good", "tag=GOOD", "tag~goo", "good", "!tag!=good"):
        assert run_filter.matching([two, one], run_filter.parse(text)) == [one], text
    for text in ("!tag:good", "tag!=good", "tag:goo !one"):
        assert one not in run_filter.matching([two, one], run_filter.parse(text)), text
    assert run_filter.ordered([two, one], "newest") == run_filter.ordered([two, one], "name") == [one, two]
