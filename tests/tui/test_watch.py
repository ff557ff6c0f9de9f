"""The watch: who asks is answered at once, and all are when the store has changed; nobody is asked for in vain."""

import sqlite3
import time
from collections.abc import Callable, Iterator

import pytest
from tunedeck.store.paths import Home
from tunedeck.tui.watch import Watch

_PATIENCE_SECONDS = 10.0


class Post:
    """Stands where the app's event loop does, and says what could not be read."""

    def __init__(self, home: Home) -> None:
        self.said: list[str] = []
        self.watch = Watch(home, lambda call: call(), self.said.append)
        self.asked: list[str] = []
        self.heard: list[str] = []

    def subscribe(self, name: str, ask: Callable[[sqlite3.Connection], object] = lambda db: None) -> None:
        def query(db: sqlite3.Connection) -> object:
            self.asked.append(name)
            return ask(db)

        self.watch.subscribe(name, query, lambda answer: self.heard.append(name))

    def until_asked(self, *names: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.asked != list(names) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert self.asked == list(names)


@pytest.fixture
def post(home: Home, db: sqlite3.Connection) -> Iterator[Post]:
    post = Post(home)
    post.watch.start()
    yield post
    post.watch.stop()


def test_only_who_is_new_is_answered_while_the_store_stays_as_it_is(post: Post) -> None:
    post.subscribe("list")
    post.until_asked("list")
    for _ in range(3):
        post.subscribe("preview")
        time.sleep(0.3)
    post.until_asked("list", "preview", "preview", "preview")
    assert post.heard == post.asked


def test_all_are_answered_when_another_connection_has_written(post: Post, home: Home, db: sqlite3.Connection) -> None:
    post.subscribe("list")
    post.subscribe("preview")
    post.until_asked("list", "preview")
    post.asked.clear()
    db.execute("CREATE TABLE other (x)")
    post.until_asked("list", "preview")


def test_who_has_left_is_not_asked_and_does_not_hear(post: Post, home: Home, db: sqlite3.Connection) -> None:
    post.subscribe("list")
    post.until_asked("list")
    post.watch.unsubscribe("list")
    post.subscribe("other")
    post.until_asked("list", "other")
    assert post.heard == ["list", "other"]


def test_what_cannot_be_read_is_said_and_the_others_are_answered(post: Post) -> None:
    def broken(db: sqlite3.Connection) -> None:
        db.execute("SELECT * FROM nowhere")

    post.subscribe("broken", broken)
    post.until_asked("broken")
    post.subscribe("list")
    post.until_asked("broken", "list")
    assert post.heard == ["list"] and "no such table: nowhere" in post.said[0]
