"""What every screen has: a title, a line for sentences, a line of keys, and the keys that mean the same everywhere."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from ...store import database
from ...store.errors import UserError
from .. import clipboard
from ..widgets.keys import KeyLine
from ..widgets.line import Line
from ..widgets.status import Status

if TYPE_CHECKING:
    from ..app import TunedeckApp


SMALLEST = (60, 16)
# A sentence that came by itself is not wiped away by a key that was on its way already.
_LEAST_SECONDS_SAID = 2.0


class DeckScreen(Screen[None]):
    """A screen of the deck; `body` is its own, the frame around it is drawn here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "home", "Runs", tooltip="Go to the list of runs.", show=False),
        Binding("3", "data", "Data", tooltip="Go to the data: versions, sources, and their rows.", show=False),
        Binding("5,n", "new_run", "New run", tooltip="Set up a run: data, model, method, and every knob.", show=False),
        Binding("t", "theme", "Theme", tooltip="Go on to the next theme; it is remembered.", show=False),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="All the keys of this screen."),
        Binding("q,escape", "back", "Back", key_display="q", tooltip="Leave this screen."),
    ]
    heading: ClassVar[str] = ""
    WITHOUT: ClassVar[frozenset[str]] = frozenset()
    """Actions of every screen that mean nothing on this one."""

    def __init__(self) -> None:
        super().__init__()
        self._said_at = 0.0

    @property
    def deck(self) -> "TunedeckApp":
        from ..app import TunedeckApp

        assert isinstance(self.app, TunedeckApp)
        return self.app

    def body(self) -> list[Widget]:
        """The widgets between the title and the keys."""
        raise NotImplementedError

    def why_not(self, action: str) -> str:
        """Why the action can't be done now, as a sentence; empty when it can."""
        return ""

    def compose(self) -> ComposeResult:
        yield Line(self.heading, id="heading")
        yield from self.body()
        yield Status("", id="status")
        yield KeyLine(id="keys")
        yield Line("", id="too-small")

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        needed = "x".join(map(str, SMALLEST))
        self.query_one("#too-small", Line).show(f"{width}x{height} is too small: tunedeck needs {needed}. q leaves.")

    def on_key(self) -> None:
        """What was said has been read when people go on to something else."""
        if self._said_at and time.monotonic() - self._said_at > _LEAST_SECONDS_SAID:
            self.say("")

    def title_line(self, text: str) -> None:
        self.query_one("#heading", Line).show(text)

    def say(self, text: str, level: str = "info") -> None:
        """A sentence on the status line; it stays until the next, or until a key is pressed later on."""
        self._said_at = time.monotonic() if text else 0.0
        mark = {"error": "✗ ", "warning": "! "}.get(level, "")
        if self.deck.ascii_only:
            mark = mark.replace("✗", "x")
        status = self.query_one("#status", Status)
        status.tell(mark + text, level)

    def refused(self, action: str) -> bool:
        """Whether the action can't be done now; then the reason is said."""
        reason = self.why_not(action)
        if reason:
            self.say(reason, "warning")
        return bool(reason)

    def keys_changed(self) -> None:
        """What can be done has changed: the line of keys shows it."""
        self.query_one("#keys", KeyLine).show_keys(self)

    def on_screen_resume(self) -> None:
        self.keys_changed()

    def watch_with(self, query: Callable[[sqlite3.Connection], Any], apply: Callable[[Any], None]) -> None:
        self.deck.watch_store.subscribe(self, query, apply)

    def on_unmount(self) -> None:
        self.deck.watch_store.unsubscribe(self)

    def act(self, action: Callable[[sqlite3.Connection], str], then: Callable[[], None] = lambda: None) -> None:
        """Do something to the store in a thread, and say what came of it, on this screen or the one in front then."""
        deck = self.deck

        def work() -> None:
            try:
                with closing(database.connect(deck.home)) as db:
                    sentence = action(db)
            except (UserError, sqlite3.Error, OSError) as error:
                deck.call_from_thread(deck.say, str(error), "error")
            else:
                deck.call_from_thread(deck.say, sentence)
                deck.call_from_thread(then)

        deck.run_worker(work, thread=True, exit_on_error=False)

    def copy(self, text: str, what: str) -> None:
        """Send the text towards the clipboard in a thread, since tmux may take its time."""

        deck = self.deck

        def work() -> None:
            sentence = clipboard.copy(deck, text, what)
            deck.call_from_thread(deck.say, sentence)

        deck.run_worker(work, thread=True, exit_on_error=False)

    def action_home(self) -> None:
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()

    def action_data(self) -> None:
        from .data import DataScreen

        while len(self.app.screen_stack) > 1 and not isinstance(self.app.screen, DataScreen):
            self.app.pop_screen()
        if not isinstance(self.app.screen, DataScreen):
            self.app.push_screen(DataScreen())

    def action_new_run(self) -> None:
        from .new_run import NewRunScreen

        if type(self) is not NewRunScreen:
            self.app.push_screen(NewRunScreen())

    def action_theme(self) -> None:
        self.say(self.deck.next_theme())

    def action_help(self) -> None:
        from .help import HelpScreen

        self.app.push_screen(HelpScreen(self))

    def action_back(self) -> None:
        self.app.pop_screen()
