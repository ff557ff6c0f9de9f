"""What every screen has: a title, a line for sentences, a line of keys, and the keys that mean the same everywhere."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap, BindingType
from textual.screen import Screen
from textual.widget import Widget

from ...store import database
from ...store.errors import UserError
from .. import clipboard
from ..widgets.keys import KeyLine, declared_by, printed
from ..widgets.line import Line
from ..widgets.status import Status
from .places import PLACES, screen_of

if TYPE_CHECKING:
    from ..app import TunedeckApp
    from ..palette.command import Command


SMALLEST = (60, 16)
# A sentence that came by itself is not wiped away by a key that was on its way already.
_LEAST_SECONDS_SAID = 2.0
_COMMANDS = "Type what you want: any key's action, a run, a data set, a theme, the tour."


class DeckScreen(Screen[None]):
    """A screen of the deck; `body` is its own, the frame around it is drawn here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "home", "Runs", tooltip="Go to the list of runs.", show=False),
        *(
            Binding(key, f"go('{place}')", word, tooltip=told, show=False)
            for place, (key, word, _, told) in PLACES.items()
        ),
        Binding("5,n", "new_run", "New run", tooltip="Set up a run: data, model, method, and every knob.", show=False),
        Binding("t", "theme", "Theme", tooltip="Go on to the next theme; it is remembered.", show=False),
        Binding("colon,ctrl+p", "commands", "Commands", key_display=":", tooltip=_COMMANDS, show=False),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="All the keys of this screen."),
        Binding("q,escape", "back", "Back", key_display="q", tooltip="Leave this screen."),
    ]
    heading: ClassVar[str] = ""
    about: ClassVar[str] = ""
    """What the screen is for, in a sentence or two that teach; its help begins with it."""
    WITHOUT: ClassVar[frozenset[str]] = frozenset()
    """Actions of every screen that mean nothing on this one."""

    def __init__(self) -> None:
        super().__init__()
        self._said_at = 0.0
        self._was_resumed = False
        self._when_left: list[Callable[[], None]] = []

    @cached_property
    def deck(self) -> "TunedeckApp":
        """The app; found while the screen is composed, as a query in the watch's thread may outlive the screen."""
        from ..app import TunedeckApp

        assert isinstance(self.app, TunedeckApp)
        return self.app

    def body(self) -> list[Widget]:
        """The widgets between the title and the keys."""
        raise NotImplementedError

    def why_not(self, action: str) -> str:
        """Why the action can't be done now, as a sentence; empty when it can."""
        return ""

    @property
    def key_bindings(self) -> Sequence[Binding]:
        """The keys of this screen, those of the user's key map in the place of ours."""
        return self.deck.key_map.bindings(type(self))

    def key_of(self, action: str) -> str:
        """The key of the action, for sentences: as the user has it; where it has none, that of the commands."""
        found = next((one for one in self.key_bindings if one.action == action), None)
        return printed(found.key.split(",")[0]) if found else ":"

    def compose(self) -> ComposeResult:
        self._take_keys()
        self._take_size()
        yield Line(self.heading, id="heading")
        yield from self.body()
        yield Status("", id="status")
        yield KeyLine(id="keys")
        yield Line("", id="too-small")

    def _take_keys(self) -> None:
        """Textual has a class's own keys act; here those act that the footer, the help and the palette show."""
        textuals, ours = BindingsMap(Screen.BINDINGS), BindingsMap(self.key_bindings)
        self._bindings.key_to_bindings = textuals.key_to_bindings | ours.key_to_bindings

    def _take_size(self) -> None:
        """Before there are widgets: Textual does it afterwards, and has all of their styles found once more."""
        size, deck = self.deck.size, self.deck
        classes = self._get_breakpoint_classes(size.width, deck.HORIZONTAL_BREAKPOINTS or [])
        classes |= self._get_breakpoint_classes(size.height, deck.VERTICAL_BREAKPOINTS or [])
        self.add_class(*classes, update=False)

    def on_resize(self, event: events.Resize) -> None:
        if event.size == self.outer_size:
            # Made smaller and at once as large again, a terminal has lost what it had no room for.
            self.deck.paint_anew()
        size, needed = ("x".join(map(str, pair)) for pair in (event.size, SMALLEST))
        told = f"{size} is too small: tunedeck needs {needed}. {self.key_of('back')} leaves."
        self.query_one("#too-small", Line).show(told)

    def on_key(self) -> None:
        """What was said has been read when people go on to something else."""
        self.deck.presence.pressed()
        if self._said_at and time.monotonic() - self._said_at > _LEAST_SECONDS_SAID:
            self.say("")

    def title_line(self, text: str) -> None:
        self.query_one("#heading", Line).show(text)

    def give_keys(self, widget: Widget) -> None:
        """The next key is for this widget; with `Widget.focus` those that wait already would act as commands.

        An `Input` that selects all when it hears of it, later, would have what was typed meanwhile overwritten.
        """
        self.set_focus(widget)

    async def on_event(self, event: events.Event) -> None:
        # A screen that is taken away while it is put together has no widgets for what is done when it is mounted.
        if isinstance(event, events.Mount) and not self.children:
            return
        if isinstance(event, events.ScreenResume) and not self._was_resumed:
            # Its widgets have found their styles when they were mounted, a moment ago.
            self._was_resumed, event.refresh_styles = True, False
        await super().on_event(event)

    def say(self, text: str, level: str = "info") -> None:
        """A sentence on the status line; it stays until the next, or until a key is pressed later on."""
        self._said_at = time.monotonic() if text else 0.0
        mark = {"error": "✗ ", "warning": "! "}.get(level, "")
        if self.deck.ascii_only:
            mark = mark.replace("✗", "x")
        status = self.query_one("#status", Status)
        status.tell(mark + text, level)

    def why_dead(self, binding: Binding) -> str:
        """Why the key does nothing now; those that lead elsewhere always do."""
        leads_on = any(binding.action == one.action for one in declared_by(DeckScreen))
        return "" if leads_on else self.why_not(binding.action)

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

    def when_left(self, call: Callable[[], None]) -> None:
        """Have it called once this screen is gone."""
        self._when_left.append(call)

    def on_unmount(self) -> None:
        self.deck.watch_store.unsubscribe(self)
        for call in self._when_left:
            call()

    def act(self, action: Callable[[sqlite3.Connection], str], then: Callable[[], None] = lambda: None) -> None:
        """Do something to the store in a thread, and say what came of it, on this screen or the one in front then.

        `then` is left out where this screen was left meanwhile: it has no widgets any more.
        """
        deck = self.deck

        def work() -> None:
            try:
                with closing(database.connect(deck.home)) as db:
                    sentence = action(db)
            except (UserError, sqlite3.Error, OSError) as error:
                deck.call_from_thread(deck.say, str(error), "error")
            else:
                deck.call_from_thread(deck.say, sentence)
                deck.call_from_thread(lambda: then() if self in deck.screen_stack else None)

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

    def action_go(self, place: str) -> None:
        """To a screen that is open already, over what was opened from it; or else from the list of runs."""
        wanted = screen_of(place)
        while len(self.app.screen_stack) > 1 and type(self.app.screen) is not wanted:
            self.app.pop_screen()
        if type(self.app.screen) is not wanted:
            self.app.push_screen(wanted())

    def action_new_run(self) -> None:
        from .new_run import NewRunScreen

        if type(self) is not NewRunScreen:
            self.app.push_screen(NewRunScreen.going_on(self.deck))

    def action_theme(self) -> None:
        self.say(self.deck.next_theme())

    def action_help(self) -> None:
        from .help import HelpScreen

        self.app.push_screen(HelpScreen(self))

    def do(self, action: str) -> None:
        """What the key of this action does, once nothing stands before the screen."""
        self.app.call_later(self.run_action, action)

    def action_commands(self) -> None:
        from .palette import PaletteScreen

        self.app.push_screen(PaletteScreen(self), self._do_command)

    def _do_command(self, chosen: "Command | None") -> None:
        if chosen is not None:
            chosen.act()

    def action_back(self) -> None:
        self.app.pop_screen()
