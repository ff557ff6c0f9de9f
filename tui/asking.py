"""What a screen asks the engine at length: in a thread, heard only as long as nothing newer was asked."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from ..store.errors import UserError
from .engine_process import Ending, ask
from .screens.deck import DeckScreen

if TYPE_CHECKING:
    from .app import TunedeckApp


class Asking:
    """The questions of the screen in front; each silences those before, and leaving the screen all of them.

    What nobody hears any more is not worked out either: its engine is ended. A screen that was left has lost its
    widgets before it hears that it was. The threads are daemons: those of a worker would keep the app from ending until
    the engine has said its last.
    """

    def __init__(
        self,
        deck: "TunedeckApp",
        failed: Callable[[str], None],
        *,
        ended: Callable[[], None] = lambda: None,
        outlives: bool = False,
    ) -> None:
        """`failed` is told why there is no answer; `ended` is called behind the last one, and behind `failed`.

        With `outlives` answers come though the screen was left.
        """
        self._deck, self._failed, self._ended = deck, failed, ended
        self._screen = None if outlives else deck.screen
        if isinstance(self._screen, DeckScreen):
            self._screen.when_left(self.drop)
        self._newest = 0
        self._ending = Ending()
        self.is_open = False
        """Whether an answer is still awaited."""

    def engine(self, verb: str, arguments: Sequence[str], heard: Callable[[Any], None]) -> None:
        """Have `heard` told of each answer of the verb, as it comes."""
        ending = Ending()
        self.of(ask(verb, arguments, ending=ending), heard, ending)

    def of(self, found: Iterable[Any], heard: Callable[[Any], None], ending: Ending | None = None) -> None:
        """Have `heard` told of each thing found, which is looked for in the thread; `ending` ends the looking."""
        self.drop()
        self._ending = ending or Ending()
        self.is_open = True
        Thread(target=self._work, args=(self._newest, found, heard), daemon=True).start()

    def drop(self) -> None:
        """Hear no more."""
        self._newest += 1
        self.is_open = False
        self._ending.end()

    def _work(self, number: int, found: Iterable[Any], heard: Callable[[Any], None]) -> None:
        try:
            for one in found:
                if not self._is_heard(number):
                    return
                self._tell(number, partial(heard, one))
            self._tell(number, self._ended, last=True)
        # An engine that says what is not JSON is a fault to be told too.
        except (UserError, sqlite3.Error, OSError, ValueError) as error:
            self._tell(number, partial(self._fail, str(error)), last=True)

    def _fail(self, sentence: str) -> None:
        self._failed(sentence)
        self._ended()

    def _is_heard(self, number: int) -> bool:
        return number == self._newest and (self._screen is None or self._screen in self._deck.screen_stack)

    def _tell(self, number: int, call: Callable[[], None], *, last: bool = False) -> None:
        def tell() -> None:
            # An app that ends takes the widgets from screens that still stand.
            if self._is_heard(number) and (self._screen is None or self._screen.is_attached):
                self.is_open = not last
                call()

        if self._deck.is_running:
            self._deck.call_later(tell)
