"""A pane of plain text, for logs that grow, samples and configurations."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.cells import chop_cells
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import Worker, WorkerState

from ..clean import clean
from .cells import fit_text
from .tail import Tail, read_tail

_SECONDS_BETWEEN_READS = 0.5
_TAB = 4


class TextPane(ScrollView, can_focus=True):
    """Text to read and scroll, folded at the pane's width; a file is followed as long as its last line is in sight."""

    DEFAULT_CSS = """
    TextPane {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        background: $background;
        color: $foreground;
        & > .text-pane--notice { color: $text-muted; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-pane--notice"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "lines(1)", "Down", show=False),
        Binding("k,up", "lines(-1)", "Up", show=False),
        Binding("ctrl+d", "pages(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "pages(-0.5)", "Half a page up", show=False),
        Binding("pagedown", "pages(1)", "A page down", show=False),
        Binding("pageup", "pages(-1)", "A page up", show=False),
        Binding("g,home", "top", "Start", show=False),
        Binding("G,end", "bottom", "End", show=False),
    ]

    @dataclass
    class Read(Message):
        """The file was read; `tail` is None, and `notice` says why, where it can't be."""

        path: Path
        tail: Tail | None
        notice: str = ""

    def __init__(self, *, empty: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._empty = empty
        self._lines: tuple[str, ...] = ()
        self._folded: list[str] = []
        self._path: Path | None = None
        self._tail: Tail | None = None
        self._reading = False

    @property
    def text(self) -> str:
        """What is shown, unfolded: the text to copy."""
        return "\n".join(self._lines)

    def show_text(self, text: str) -> None:
        """Shows this text from its start."""
        self._path = self._tail = None
        self._show_lines(clean(text).split("\n"), follow=False)
        self.scroll_to(y=0, animate=False, force=True)

    def show_file(self, path: Path) -> None:
        """Shows the end of this file, and follows it as it grows."""
        if path != self._path:
            self._path, self._tail = path, None
            self._show_lines((), follow=True)
            self._read_soon()

    def on_mount(self) -> None:
        self.set_interval(_SECONDS_BETWEEN_READS, self._read_soon)

    def on_resize(self, event: events.Resize) -> None:
        self._show_lines(self._lines, follow=self._is_following())

    def on_text_pane_read(self, event: Read) -> None:
        event.stop()
        self._reading = False
        if event.path != self._path:
            self._read_soon()
        elif event.tail is None:
            self._tail = None
            self._show_lines(event.notice.split("\n"), follow=False)
        elif event.tail is not self._tail:
            self._tail = event.tail
            lines = [*event.tail.lines, event.tail.partial] if event.tail.partial else event.tail.lines
            self._show_lines([clean(line) for line in lines], follow=self._is_following())

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        event.stop()
        if event.state in (WorkerState.ERROR, WorkerState.CANCELLED):
            self._reading = False

    def render_line(self, y: int) -> Strip:
        at, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        style = self.rich_style
        text = self._folded[at] if at < len(self._folded) else ""
        if not self._lines and y == 0:
            text, style = self._empty, self.get_component_rich_style("text-pane--notice")
        return Strip([Segment(fit_text(text, width), style)], width)

    def action_lines(self, lines: int) -> None:
        self._scroll_by(lines)

    def action_pages(self, pages: float) -> None:
        self._scroll_by(round(pages * self.size.height))

    def action_top(self) -> None:
        self._scroll_by(-len(self._folded))

    def action_bottom(self) -> None:
        self._scroll_by(len(self._folded))

    def _scroll_by(self, lines: int) -> None:
        # By force: until the next layout there is no scrollbar, and without one nothing would be scrolled.
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def _read_soon(self) -> None:
        if self._path is not None and not self._reading and self.is_on_screen:
            self._reading = True
            read = partial(self._read, self._path, self._tail)
            self.run_worker(read, thread=True, group="read", exit_on_error=False)

    def _read(self, path: Path, before: Tail | None) -> None:
        # Runs in a thread.
        try:
            tail = read_tail(path, before)
        except FileNotFoundError:
            self.post_message(self.Read(path, None, self._empty))
        except OSError as error:
            self.post_message(self.Read(path, None, f"{path} can't be read: {error.strerror}."))
        else:
            self.post_message(self.Read(path, tail))

    def _is_following(self) -> bool:
        return self._path is not None and self.scroll_offset.y >= len(self._folded) - self.size.height

    def _show_lines(self, lines: Sequence[str], *, follow: bool) -> None:
        width = self.scrollable_content_region.width
        before, self._lines = self._folded, tuple(lines)
        # Before the first layout there is no width to fold at: the resize that follows does it.
        self._folded = [part for line in self._lines for part in _folded(line, width)] if width else []
        top, height = self.scroll_offset.y, self.size.height
        if len(before) != len(self._folded):
            self.virtual_size = Size(0, len(self._folded))
        if follow:
            self.action_bottom()
        if before[top : top + height] != self._folded[top : top + height] or not self._folded:
            self.refresh()


def _folded(line: str, width: int) -> list[str]:
    line = line.expandtabs(_TAB)
    if len(line) <= width and line.isascii():
        return [line]
    return chop_cells(line, width) or [""]
