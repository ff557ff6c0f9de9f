"""A pane for what the cursor rests on, shown from its start; what it only passes is not even read."""

from collections.abc import Callable

from textual.timer import Timer

from .log import TextPane

_REST_SECONDS = 0.1


class RestingPane(TextPane):
    """Shows what somebody reads for it; it says when that is worth the while."""

    _resting: Timer | None = None

    def rest(self, read: Callable[[], None]) -> None:
        """Have it read, unless the cursor moves on before."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_REST_SECONDS, read)

    def show_whole(self, text: str) -> None:
        """Shows this text from its start, wherever the one before was scrolled to."""
        self.show_text(text)
        self.action_first()
