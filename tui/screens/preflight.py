"""Preflight: what is about to be trained, three of its rows as the model will see them, and the key that launches."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.widget import Widget

from ..asking import Asking
from ..data.token_text import TokenRow
from ..engine_process import Ending, ask
from ..widgets.line import Line
from ..widgets.token_pane import TokenPane
from .deck import DeckScreen

_READ_BY = ("task", "model", "max_length", "columns")
"""Knobs that the engine's verb tokens takes by name."""
_FURTHER = ("max_target_length", "doc_stride", "source_prefix", "problem_type")
"""Others that decide what a row becomes."""
_PLACES = range(3)


class Shown(NamedTuple):
    """The examples of one row, why it was chosen, and in which place it is shown."""

    place: int
    why: str
    examples: tuple[TokenRow, ...]


class PreflightScreen(DeckScreen):
    """The rows of `values`, which are good; `launch` begins the run once this screen is left."""

    heading = "PREFLIGHT"
    about = "What a launch would do, before it is done: the rows as they will be read and trained on."
    WITHOUT = frozenset({"new_run"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("L,enter", "launch", "Launch", key_display="L", tooltip="Queue the run, and open it."),
        Binding("tab", "next_row", "Next row", tooltip="To the next of the rows, to scroll it."),
        Binding("b", "bars", "Bars", tooltip="A bar between any two tokens, and none again."),
    ]

    def __init__(self, values: Mapping[str, object], facts: list[str], launch: Callable[[], None]) -> None:
        super().__init__()
        self._values, self._facts, self._launch = values, facts, launch
        self._rows: dict[int, tuple[TokenRow, ...]] = {}
        self._apart = False

    def body(self) -> list[Widget]:
        plain = self.deck.ascii_only or self.app.no_color
        rows = [
            part
            for place in _PLACES
            for part in (Line("", id=f"about-{place}", classes="about-row"), TokenPane(plain=plain, id=f"row-{place}"))
        ]
        return [*(Line(fact, classes="fact") for fact in self._facts), *rows]

    def on_mount(self) -> None:
        self._asking = Asking(self.deck, self._fail, ended=self._tell)
        panes = [self._pane(place) for place in _PLACES]
        panes[0].focus()
        ending = Ending()
        self._asking.of(self._read(panes, ending), self._show, ending)
        self._tell()

    def _pane(self, place: int) -> TokenPane:
        return self.query_one(f"#row-{place}", TokenPane)

    def _read(self, panes: list[TokenPane], ending: Ending) -> Iterator[Shown]:
        """In a thread: each row as its examples come, folded too."""
        examples: dict[int, tuple[TokenRow, ...]] = {}
        arguments = [*self._options(), "--typical", "--", str(self._values["data"])]
        for answer in ask("tokens", arguments, ending=ending):
            row = TokenRow.read(answer)
            examples[row.line] = (*examples.get(row.line, ()), row)
            place = list(examples).index(row.line)
            panes[place].prepare(examples[row.line], apart=False)
            yield Shown(place, str(answer["why"]), examples[row.line])

    def _options(self) -> list[str]:
        named = [f"--{name.replace('_', '-')}={self._values[name]}" for name in _READ_BY if self._values[name]]
        return [*named, "--knobs", json.dumps({name: self._values[name] for name in _FURTHER})]

    def _show(self, shown: Shown) -> None:
        self._rows[shown.place] = shown.examples
        self._pane(shown.place).show(shown.examples, apart=self._apart)
        facts = "; ".join(example.facts for example in shown.examples[:3])
        self.query_one(f"#about-{shown.place}", Line).show(f"line {shown.examples[0].line:,}, {shown.why}: {facts}")
        self._tell()

    def _tell(self) -> None:
        waits = "   the rows are being read..." if self._asking.is_open else ""
        self.title_line(f"PREFLIGHT   what is trained is marked{waits}")
        self.keys_changed()

    def _fail(self, sentence: str) -> None:
        self.say(sentence, "error")

    def why_not(self, action: str) -> str:
        if action in ("next_row", "bars") and not self._rows:
            return "The rows are being read." if self._asking.is_open else "No row was read."
        return ""

    def action_launch(self) -> None:
        self.app.pop_screen()
        self._launch()

    def action_next_row(self) -> None:
        if not self.refused("next_row"):
            panes = [self._pane(place) for place in sorted(self._rows)]
            here = next((at for at, pane in enumerate(panes) if pane.has_focus), -1)
            panes[(here + 1) % len(panes)].focus()

    def action_bars(self) -> None:
        if not self.refused("bars"):
            self._apart = not self._apart
            for place, rows in self._rows.items():
                self._pane(place).show(rows, apart=self._apart)
