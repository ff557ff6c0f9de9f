"""Mask: a row as the very tokens that the model sees, and which of them are trained."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from ..asking import Asking
from ..data.reading import FIELDS, Reading, read
from ..data.sources import name_of
from ..data.token_text import TokenRow
from ..engine_process import ask
from ..widgets.line import Line
from ..widgets.token_pane import TokenPane
from .deck import DeckScreen
from .line_ask import LineAsk

# Rows are asked for so many at a time; those ahead when fewer than half as many are left.
_PAGE = 40
_KEPT = 10 * _PAGE
_FIELDS = tuple(name for name in FIELDS if name != "eval_data")
_EXAMPLES = """\
 model=demo:smollm2 max_length=256
 task=sequence-classification columns=text=review,label=rating"""

Page = dict[int, tuple[TokenRow, ...]]


class MaskScreen(DeckScreen):
    """Goes through `lines` of the source in their order, or through all of its rows."""

    heading = "MASK"
    about = (
        "The tokens as the model sees them, and which of them it is trained on: the prompt is read, the answer "
        "is learned."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,right_square_bracket,l,right", "step(1)", "Next row", key_display="n", tooltip="The next row."),
        Binding("N,left_square_bracket,h,left", "step(-1)", "Row before", key_display="N", tooltip="The row before."),
        Binding("b", "bars", "Bars", tooltip="A bar between any two tokens, and none again."),
        Binding("s", "settings", "Settings", tooltip="Another model, task, max_length or roles of columns."),
    ]

    def __init__(
        self,
        source: str,
        line: int,
        model: str = "",
        task: str = "",
        max_length: int | None = None,
        columns: str = "",
        *,
        lines: Sequence[int] | None = None,
    ) -> None:
        super().__init__()
        self._source, self._line, self._lines = source, line, lines
        self._reading = Reading(task, model, max_length, columns)
        self._rows: Page = {}
        self._at = lines.index(line) if lines else -1
        self._apart = False

    def body(self) -> list[Widget]:
        return [Line("", id="facts"), TokenPane(plain=self.deck.ascii_only or self.app.no_color, id="tokens")]

    def on_mount(self) -> None:
        self._asking = Asking(self.deck, self._fail)
        self._pane.focus()
        if self._reading.model:
            self._ask_around()
        else:
            self._ask_whose()
            self._show_title()

    def _ask_whose(self) -> None:
        self.say(f"Whose tokens? {self.key_of('settings')} names a model.", "warning")

    @property
    def _pane(self) -> TokenPane:
        return self.query_one(TokenPane)

    # asking for rows

    def _ask_around(self) -> None:
        """Ask for the rows around this one that are not there yet."""
        which = f"--around={self._line}"
        if self._lines:
            near = range(max(self._at - _PAGE, 0), min(self._at + _PAGE, len(self._lines)))
            which = f"--lines={','.join(str(self._lines[place]) for place in near if place not in self._rows)}"
        arguments = [*self._reading.options(without=["eval_data"]), which, "--", self._source]
        self._asking.of(self._page(arguments, self._pane, self._apart), self._show_page)
        self._show_title()

    def _page(self, arguments: Sequence[str], pane: TokenPane, apart: bool) -> Iterator[Page]:
        """In a thread: the rows by their place, folded too."""
        places = {line: place for place, line in enumerate(self._lines or ())}
        page: Page = {}
        for row in map(TokenRow.read, ask("tokens", arguments)):
            place = places.get(row.line, row.index)
            page[place] = (*page.get(place, ()), row)
        for rows in page.values():
            pane.prepare(rows, apart=apart)
        yield page

    def _show_page(self, page: Page) -> None:
        if self._at < 0:
            self._at = next((place for place, rows in page.items() if rows[0].line == self._line), 0)
        near = range(self._at - _KEPT, self._at + _KEPT)
        self._rows = {place: rows for place, rows in (self._rows | page).items() if place in near}
        self._show()

    def _fail(self, sentence: str) -> None:
        self.say(sentence, "error")
        self._show_title()

    # what is shown

    @property
    def _count(self) -> int:
        """How many rows there are to go through, as far as that is known."""
        if self._lines:
            return len(self._lines)
        return next((rows[0].of for rows in self._rows.values()), 0)

    def _show(self) -> None:
        rows = self._rows.get(self._at)
        if rows:
            self._line = rows[0].line
            self._pane.show(rows, apart=self._apart)
            self.query_one("#facts", Line).show("   ".join(row.facts for row in rows))
        self._show_title()

    def _show_title(self) -> None:
        chosen = " chosen" if self._lines else ""
        place = f"row {self._at + 1:,} of {self._count:,}{chosen}" if self._at >= 0 and self._count else ""
        waits = "the tokens are being read..." if self._asking.is_open and self._at not in self._rows else ""
        told = (f"MASK {name_of(self._source)}", f"line {self._line:,}", place, name_of(self._reading.model), waits)
        self.title_line("   ".join(filter(None, told)))
        self.keys_changed()

    # keys

    def why_not(self, action: str) -> str:
        if action.startswith(("step", "bars")) and not self._rows:
            failed = f"No tokens were read: {self.key_of('settings')} changes the settings."
            return "The tokens are being read." if self._asking.is_open else failed
        if action == "step(1)" and self._at == self._count - 1:
            return "This is the last row."
        if action == "step(-1)" and self._at == 0:
            return "This is the first row."
        return ""

    def action_step(self, by: int) -> None:
        if self.refused(f"step({by})"):
            return
        if self._at + by not in self._rows:
            self.say("The next rows are being read...")
        else:
            self._at += by
            self._show()
        ahead = min(max(self._at + by * _PAGE // 2, 0), self._count - 1)
        if ahead not in self._rows and not self._asking.is_open:
            self._ask_around()

    def action_bars(self) -> None:
        if not self.refused("bars"):
            self._apart = not self._apart
            self._show()

    def action_settings(self) -> None:
        question = f"Show the rows of {name_of(self._source)} as they are read with:"
        ask_for = LineAsk(question, _EXAMPLES, partial(read, fields=_FIELDS), str(replace(self._reading, eval_data="")))
        self.app.push_screen(ask_for, self._read_as)

    def _read_as(self, reading: Reading | None) -> None:
        if reading is None:
            return
        if not reading.model:
            self._ask_whose()
            return
        self._reading, self._rows = reading, {}
        self.say("")
        self._ask_around()
