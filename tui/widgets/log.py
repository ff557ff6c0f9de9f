"""A pane of plain text, for logs that grow, samples and configurations."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.worker import Worker, WorkerState

from ..clean import clean
from .cells import fit_text
from .folding import folded
from .lines_pane import LinesPane
from .tail import Tail, read_tail

_SECONDS_BETWEEN_READS = 0.5


class TextPane(LinesPane):
    """Text to read and scroll, folded at the pane's width; a file is followed as long as its last line is in sight."""

    DEFAULT_CSS = """
    TextPane > .text-pane--notice { color: $text-muted; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-pane--notice"}

    @dataclass
    class Read(Message):
        """The file was read; `tail` is None, and `notice` says why, where it can't be."""

        path: Path
        tail: Tail | None
        notice: str = ""

    def __init__(self, *, empty: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.empty = empty
        """What stands there where there is no text; it can be changed before that is shown."""
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
        """Shows this text from its start; where the pane showed a text before, what is in sight stays in sight."""
        self._path = self._tail = None
        self._show_lines(clean(text).split("\n") if text else (), follow=False)

    def show_file(self, path: Path) -> None:
        """Shows the end of this file, and follows it as it grows."""
        if path != self._path:
            self._path, self._tail = path, None
            self._show_lines((), follow=True)
            # A pane that comes into sight only now is on no screen before that.
            self.call_after_refresh(self._read_soon)

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
        lines = self._folded
        if not self._lines:
            lines, style = folded(self.empty, max(width, 1)), self.get_component_rich_style("text-pane--notice")
        text = lines[at] if at < len(lines) else ""
        return Strip([Segment(fit_text(text, width), style)], width)

    def _read_soon(self) -> None:
        if self._path is not None and not self._reading and self.is_on_screen:
            self._reading = True
            read = partial(self._read, self._path, self._tail, self.scrollable_content_region.width)
            self.run_worker(read, thread=True, group="read", exit_on_error=False)

    def _read(self, path: Path, before: Tail | None, width: int) -> None:
        # Runs in a thread, and folds there, so that the event loop finds every line folded.
        try:
            tail = read_tail(path, before)
            for line in tail.lines if width else ():
                folded(clean(line), width)
        except FileNotFoundError:
            self.post_message(self.Read(path, None, self.empty))
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
        self._folded = [part for line in self._lines for part in folded(line, width)] if width else []
        top, height = self.scroll_offset.y, self.size.height
        if len(before) != len(self._folded):
            self.virtual_size = Size(0, len(self._folded))
        if follow:
            self.action_last()
        if before[top : top + height] != self._folded[top : top + height] or not self._folded:
            self.refresh()
