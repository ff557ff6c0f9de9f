"""The full-screen app: themes, the store's watch, and what all screens share; each screen is a file of its own."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import App
from textual.filter import LineFilter
from textual.screen import Screen

from ..store.paths import Home, config_folder
from . import settings
from .clean_filter import AsciiFilter, CleanFilter
from .screens.deck import SMALLEST, DeckScreen
from .screens.runs import RunsScreen
from .themes import DEFAULT_THEME, DeckTheme, load_themes, terminal_theme
from .watch import Watch


class TunedeckApp(App[None]):
    """One window on the store; any number may be open, and closing one changes no run."""

    CSS_PATH = "tunedeck.tcss"
    TITLE = "tunedeck"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    # -roomy has the preview beside the list, -narrow below it, and -low (a terminal of few lines) has none.
    HORIZONTAL_BREAKPOINTS = [(0, "-small"), (SMALLEST[0], "-narrow"), (110, "-roomy")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-small-height"), (SMALLEST[1], "-low"), (20, "-high")]  # noqa: RUF012

    def __init__(self, home: Home, *, run_id: str | None = None, ascii_only: bool = False) -> None:
        self.terminal_theme = terminal_theme(os.environ)
        self._clean_filter = CleanFilter()
        self._ascii_filters = [AsciiFilter()] if ascii_only else []
        super().__init__(ansi_color=True if self.terminal_theme else None)
        self.animation_level = "none"
        self.home = home
        self.first_run_id = run_id
        self.deck_themes: dict[str, DeckTheme] = {}
        self.first_words: list[str] = []
        if ascii_only:
            self.add_class("-ascii")
        self.watch_store = Watch(home, self._post, self._say_from_thread)
        # Chosen before the style sheet is read: later, everything would be laid out and painted twice.
        self._load_themes()

    def get_line_filters(self) -> list[LineFilter]:
        """The one place where text on its way to the terminal loses its escapes."""
        return [*super().get_line_filters(), self._clean_filter, *self._ascii_filters]

    def get_default_screen(self) -> Screen[Any]:
        return RunsScreen()

    def on_mount(self) -> None:
        self.watch_store.start()

    def on_unmount(self) -> None:
        self.watch_store.stop()

    @property
    def ascii_only(self) -> bool:
        return self.has_class("-ascii")

    def _load_themes(self) -> None:
        self.deck_themes, faults = load_themes(config_folder() / "themes")
        for theme in self.deck_themes.values():
            self.register_theme(theme.textual())
        chosen, fault = settings.read_theme()
        if chosen and chosen not in self.deck_themes:
            fault = f"There is no theme {chosen!r}; press t to choose one."
        self.first_words = [*faults, fault] if fault else faults
        wanted = self.terminal_theme or chosen
        self.theme = wanted if wanted in self.deck_themes else DEFAULT_THEME

    def next_theme(self) -> str:
        """Go on to the next theme and remember it; a sentence that names it."""
        # Other themes than those of the terminal's own colours would be bent to its few colours, or to greys.
        names = [name for name, theme in self.deck_themes.items() if theme.ansi or not self.terminal_theme]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        if self.terminal_theme:
            return f"Theme {self.theme}; TERM or NO_COLOR rules out the others."
        return settings.write_theme(self.theme) or f"Theme {self.theme}."

    def _post(self, call: Callable[[], None]) -> None:
        if self.is_running:
            self.call_later(call)

    def _say_from_thread(self, text: str) -> None:
        self._post(lambda: self.say(text, "error"))

    def say(self, text: str, level: str = "info") -> None:
        """A sentence on the status line of the screen in front."""
        front = next((screen for screen in reversed(self.screen_stack) if isinstance(screen, DeckScreen)), None)
        if front is not None and front.is_mounted:
            front.say(text, level)

    def action_help_quit(self) -> None:
        """Ctrl+C, which people press to get out of anything."""
        self.say("q leaves; runs go on.")


def open_app(run_id: str | None = None, *, ascii_only: bool = False) -> int:
    """Open the app until it is left; then say on the terminal which runs go on. Returns the exit code."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("tunedeck: the app needs a terminal. `tunedeck --help` lists what works without one.", file=sys.stderr)
        return 2
    # An orderly exit inside the handler deadlocks; the store needs none, as each write is whole.
    signal.signal(signal.SIGHUP, lambda number, frame: os._exit(128 + number))
    home = Home.default()
    plain = ascii_only or os.environ.get("TERM") == "linux"
    app = TunedeckApp(home, run_id=run_id, ascii_only=plain)
    app.run()
    if app.return_code == 0:
        _say_what_goes_on(home)
    return app.return_code or 0


def _say_what_goes_on(home: Home) -> None:
    from ..store import database, overview
    from .clean import clean_line

    db = database.connect(home)
    for view in overview.of_all(db):
        if view.run.state in ("running", "queued"):
            step = f", step {view.step}/{view.total_steps}" if view.total_steps else ""
            print(f"{clean_line(view.run.name)} ({view.run.id}) is {view.run.state}{step}: it goes on.")
    print("`tunedeck` brings you back.")
