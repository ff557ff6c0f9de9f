"""One line of text, shown as text whatever it holds."""

from textual.content import Content
from textual.widgets import Static

from ..clean import clean_line


class Line(Static):
    """A line that is repainted only when its words change."""

    DEFAULT_CSS = """
    Line { height: 1; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(Content(clean_line(text)), id=id, classes=classes)
        self.words = text

    def show(self, text: str) -> None:
        if text != self.words:
            self.words = text
            self.update(Content(clean_line(text)), layout=False)
