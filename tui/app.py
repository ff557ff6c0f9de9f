"""The full-screen app: themes, the store's watch, and what all screens share; each screen is a file of its own."""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from ..store.paths import Home, config_folder
from . import defect, key_map, settings
from .clean_filter import AsciiFilter, CleanFilter
from .form.draft import Draft
from .lookout import Lookout
from .painted import Difference, Painted
from .points import PointsReaders
from .presence import Presence
from .screens.deck import SMALLEST, DeckScreen
from .screens.runs import RunsScreen
from .themes import DEFAULT_THEME, DeckTheme, load_themes, terminal_theme
from .type_ahead import TypeAhead
from .watch import Watch


class TunedeckApp(App[None]):
    """One window on the store; any number may be open, and closing one changes no run."""

    CSS_PATH = "tunedeck.tcss"
    TITLE = "tunedeck"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "Suspend", tooltip="Back to the shell; its `fg` brings the app back."),
    ]
    # -roomy has the preview beside the list, -narrow below it, and -low (a terminal of few lines) has none.
    HORIZONTAL_BREAKPOINTS = [(0, "-small"), (SMALLEST[0], "-narrow"), (110, "-roomy")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-small-height"), (SMALLEST[1], "-low"), (20, "-high")]  # noqa: RUF012

    def __init__(self, home: Home, *, run_id: str | None = None, ascii_only: bool = False, tour: bool = False) -> None:
        """`run_id` is opened at once; with `tour` people who have no run yet are shown around, if they never were."""
        self.terminal_theme = terminal_theme(os.environ)
        self._clean_filter = CleanFilter()
        self._ascii_filters = [AsciiFilter()] if ascii_only else []
        super().__init__(ansi_color=True if self.terminal_theme else None)
        self.animation_level = "none"
        self._painted = Painted()
        self._painted_screen: DeckScreen | None = None
        self._type_ahead = TypeAhead(self, super().on_event)
        self.home = home
        self.presence = Presence(home)
        self.points = PointsReaders()
        self.draft: Draft | None = None
        self.first_run_id = run_id
        self.deck_themes: dict[str, DeckTheme] = {}
        if ascii_only:
            self.add_class("-ascii")
        self._offers_tour = tour and run_id is None
        # Chosen before the style sheet is read: later, everything would be laid out and painted twice.
        faults = self._load_themes()
        self.key_map, key_faults = key_map.read(config_folder() / "keys.toml")
        self.first_words = _told([*faults, *key_faults])
        lookout = Lookout(config_folder() / "themes", self.key_map, self._take_themes, self._tell_faults)
        self.watch_store = Watch(home, self._post, self._say_from_thread, idle=lookout.look)

    def get_line_filters(self) -> list[LineFilter]:
        """The one place where text on its way to the terminal loses its escapes."""
        return [*super().get_line_filters(), self._clean_filter, *self._ascii_filters]

    def get_default_screen(self) -> Screen[Any]:
        return RunsScreen()

    def on_mount(self) -> None:
        self.watch_store.start()
        # The terminal that a suspended app comes back to is empty, and nothing of ours changed that would be repainted.
        self.app_resume_signal.subscribe(self, self.paint_anew)
        if self._offers_tour and not settings.read()[0].tour_shown:
            self.watch_store.subscribe("tour", _wants_tour, self._begin_tour)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._type_ahead.take(event)
        else:
            await super().on_event(event)

    def refresh_css(self, animate: bool = True) -> None:
        """Textual reads the style sheet anew for the theme that was chosen before it was read at all: 8 ms in vain."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def paint_anew(self, _: object = None) -> None:
        """Whatever the terminal shows by now, write all of the screen."""
        self._painted.forget()
        self.refresh(layout=True)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Textual writes all of the screen anew when a question comes over it; here what is there already is not.

        Going to another screen writes all of it: so whatever another program put on the terminal is gone.
        """
        if isinstance(renderable, LayoutUpdate | ChopsUpdate):
            if self.front is not self._painted_screen:
                self._painted_screen = self.front
                self._painted.forget()
            renderable = Difference(self._painted, renderable)
        super()._display(screen, renderable)

    def pop_screen(self) -> AwaitComplete:
        """Textual's cache of two colours keeps the last 1,024 widgets, gone or not, with every line that they showed:
        11 MB for each minute of going from screen to screen."""
        popped = super().pop_screen()
        StylesCache.get_inner_outer.cache_clear()
        return popped

    def on_unmount(self) -> None:
        self._type_ahead.close()
        self.watch_store.stop()
        self.presence.leave()

    @property
    def ascii_only(self) -> bool:
        return self.has_class("-ascii")

    def _load_themes(self) -> list[str]:
        """What is wrong with them, or with the choice of one."""
        self.deck_themes, faults = load_themes(config_folder() / "themes")
        for theme in self.deck_themes.values():
            self.register_theme(theme.textual())
        chosen, fault = settings.chosen_theme(self.deck_themes)
        wanted = self.terminal_theme or chosen
        self.theme = wanted if wanted in self.deck_themes else DEFAULT_THEME
        return [*faults, fault] if fault else faults

    def _take_themes(self, themes: dict[str, DeckTheme], faults: list[str]) -> None:
        """From the watch's thread: a theme file was saved, so that what it says now is seen."""
        self._post(partial(self._show_themes, themes, faults))

    def _show_themes(self, themes: dict[str, DeckTheme], faults: list[str]) -> None:
        before = self.deck_themes[self.theme]
        # A file that is half written, or has a slip, takes nobody's colours away: the last good ones stay.
        self.deck_themes = {self.theme: before, **themes} if faults else themes
        for theme in self.deck_themes.values():
            self.register_theme(theme.textual())
        if self.theme not in self.deck_themes:
            self.theme = DEFAULT_THEME
        elif self.deck_themes[self.theme] != before:
            self.mutate_reactive(TunedeckApp.theme)
        for sentence in _told(faults) or ["The themes were read again."]:
            self.say(sentence, "warning" if faults else "info")

    @property
    def themes_that_fit(self) -> list[str]:
        """Other themes than those of the terminal's own colours would be bent to its few colours, or to greys."""
        return [name for name, theme in self.deck_themes.items() if theme.ansi or not self.terminal_theme]

    def next_theme(self) -> str:
        """Go on to the next theme and remember it; a sentence that names it."""
        names = self.themes_that_fit
        return self.choose_theme(names[(names.index(self.theme) + 1) % len(names)])

    def choose_theme(self, name: str) -> str:
        """Use the theme and remember it; a sentence that names it."""
        self.theme = name
        if self.terminal_theme:
            return f"Theme {name}; TERM or NO_COLOR rules out the others."
        return settings.remember("The theme", theme=name) or f"Theme {name}."

    def _begin_tour(self, wanted: bool) -> None:
        self.watch_store.unsubscribe("tour")
        # Whoever has gone on to something else knows the way.
        if wanted and len(self.screen_stack) == 1:
            self.show_tour()

    def show_tour(self) -> None:
        """Five steps, for those who are new; the next start has none."""
        from .screens.tour import TourScreen

        self.push_screen(TourScreen())

    def _tell_faults(self, faults: list[str]) -> None:
        """From the watch's thread."""
        self._post(lambda: self.say(_told(faults)[0], "warning"))

    def _post(self, call: Callable[[], None]) -> None:
        if self.is_running:
            self.call_later(call)

    def _say_from_thread(self, text: str) -> None:
        self._post(lambda: self.say(text, "error"))

    @property
    def front(self) -> DeckScreen | None:
        """The screen in front, or behind the question that is."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, DeckScreen)), None)

    def say(self, text: str, level: str = "info") -> None:
        """A sentence on the status line of the screen in front."""
        front = self.front
        if front is not None and front.is_mounted:
            front.say(text, level)

    def _fatal_error(self) -> None:
        """A defect of ours ends the app with a sentence; Textual's own would show every variable's value."""
        self._exit_renderables.append(Text(defect.told(self._exception or RuntimeError("no error is known"))))
        self._close_messages_no_wait()

    def action_help_quit(self) -> None:
        """Ctrl+C, which people press to get out of anything."""
        leave = self.front.key_of("back") if self.front else "q"
        self.say(f"{leave} leaves; runs go on.")


def _told(faults: list[str]) -> list[str]:
    """The first of them as one sentence, with where the others stand; none for none."""
    verbs = ["keys" if "keys.toml" in fault else "themes" for fault in faults[1:]]
    more = f" ({len(verbs)} more: {' and '.join(f'`tunedeck {verb}`' for verb in sorted(set(verbs)))})" if verbs else ""
    return [f"{faults[0]}{more}"] if faults else []


def _wants_tour(db: sqlite3.Connection) -> bool:
    """In the watch's thread: whether there was never a run, in the trash neither; where so, it imports the tour."""
    from ..store import runs

    if runs.called(db) or runs.listed(db, deleted=True):
        return False
    from .screens import tour  # noqa: F401

    return True


def open_app(run_id: str | None = None, *, ascii_only: bool = False) -> int:
    """Open the app until it is left; then say on the terminal which runs go on. Returns the exit code."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("tunedeck: the app needs a terminal. `tunedeck --help` lists what works without one.", file=sys.stderr)
        return 2
    # An orderly exit inside the handler deadlocks; the store needs none, as each write is whole.
    signal.signal(signal.SIGHUP, lambda number, frame: os._exit(128 + number))
    home = Home.default()
    plain = ascii_only or os.environ.get("TERM") == "linux"
    app = TunedeckApp(home, run_id=run_id, ascii_only=plain, tour=True)
    app.run()
    if app.return_code == 0:
        _say_what_goes_on(home)
    return app.return_code or 0


def _say_what_goes_on(home: Home) -> None:
    from ..store import database, overview, queue_order, states
    from .clean import clean_line

    with closing(database.connect(home)) as db:
        for run in (*states.claimed(db), *queue_order.waiting(db)):
            view = overview.of_run(db, run)
            step = f", step {view.step}/{view.total_steps}" if view.total_steps else ""
            print(f"{clean_line(run.name)} ({run.id}) is {run.state}{step}: it goes on.")
    print("`tunedeck` brings you back.")
