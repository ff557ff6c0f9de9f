"""The line on which sentences are said: one that is longer than the screen is wide takes as many lines as it needs."""

from rich.cells import cell_len
from textual import events

from ..clean import clean_line
from .line import Line


class Status(Line):
    """One line as long as that is enough, so that what is said most often moves nothing."""

    DEFAULT_CSS = """
    Status.-long { height: auto; max-height: 5; text-wrap: wrap; text-overflow: fold; }
    """

    def tell(self, text: str, level: str) -> None:
        """Say it as info, as a warning or as an error."""
        self.set_classes(f"-{level}")
        self.show(text)
        self._fit()

    def on_resize(self, event: events.Resize) -> None:
        self._fit()

    def _fit(self) -> None:
        is_long = cell_len(clean_line(self.words)) > self.content_size.width > 0
        if is_long or self.size.height > 1:
            self.set_class(is_long, "-long")
            self.refresh(layout=True)
