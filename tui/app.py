"""The full-screen app: themes, the store's watch, and what all screens share; each screen is a file of its own."""

import os
import signal
import sys
from collections.abc import Callable
from typing import ClassVar

from textual.app import App
from textual.filter import LineFilter

from ..store.paths import Home, config_folder
from . import settings
from .clean_filter import CleanFilter
from .screens.runs import RunsScreen
from .themes import DEFAULT_THEME, DeckTheme, load_themes, terminal_theme
from .watch import Watch


class TunedeckApp(App[None]):
    """One window on the store; any number may be open, and closing one changes no run."""

    CSS_PATH = "tunedeck.tcss"
    TITLE = "tunedeck"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    # Room for a preview beside the list.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-roomy")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, home: Home, *, run_id: str | None = None, ascii_only: bool = False) -> None:
        self.terminal_theme = terminal_theme(os.environ)
        self._clean_filter = CleanFilter()
        super().__init__(ansi_color=True if self.terminal_theme else None)
        self.animation_level = "none"
        self.home = home
        self.first_run_id = run_id
        self.deck_themes: dict[str, DeckTheme] = {}
        self.first_words: list[str] = []
        if ascii_only:
            self.add_class("-ascii")
        self.watch_store = Watch(home, self._post, self._say_from_thread)

    def get_line_filters(self) -> list[LineFilter]:
        """The one place where text on its way to the terminal loses its escapes."""
        return [*super().get_line_filters(), self._clean_filter]

    def on_mount(self) -> None:
        self._load_themes()
        self.push_screen(RunsScreen())
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
        names = list(self.deck_themes)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        return settings.write_theme(self.theme) or f"Theme {self.theme}."

    def _post(self, call: Callable[[], None]) -> None:
        if self.is_running:
            self.call_later(call)

    def _say_from_thread(self, text: str) -> None:
        self._post(lambda: self.say(text, "error"))

    def say(self, text: str, level: str = "info") -> None:
        """A sentence on the status line of the screen in front."""
        from .screens.deck import DeckScreen

        if isinstance(self.screen, DeckScreen):
            self.screen.say(text, level)


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
