"""What compared runs gained on their task and forgot of general text: a point a run, and below it the figures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ..charts.chart import Chart
from ..charts.series import Series
from ..clean import clean
from ..comparing.bounds import LETTERS

if TYPE_CHECKING:
    from ..comparing.comparison import Comparison

_TITLE = "general loss rose by (up), eval loss fell by (to the right)"
_NONE = (
    "No run measured both what it gained on its task and what it kept of general text: `retention_data` is the knob "
    "that says on which texts that is measured."
)


class KeptPane(Widget):
    """To the right what a run gained, upwards what it forgot; a sentence where none has measured both."""

    DEFAULT_CSS = """
    KeptPane { layout: vertical; height: 1fr; }
    KeptPane > Static { padding: 0 1; width: 1fr; height: auto; }
    """

    def compose(self) -> ComposeResult:
        yield Chart(_TITLE)
        yield Static("")

    def show(self, found: "Comparison", names: Sequence[str]) -> None:
        """The runs by these names, which the letters stand for in the chart."""
        from ..comparing.telling import kept_text

        known = [
            (place, gain.gained, gain.forgot)
            for place, gain in enumerate(found.gains)
            if gain.gained is not None and gain.forgot is not None
        ]
        self.query_one(Static).update(Content(clean(kept_text(found) if known else _NONE)))
        chart = self.query_one(Chart)
        chart.display = bool(known)
        series = [
            Series(names[place], [gained], [forgot], str(place + 1), "points", LETTERS[place])
            for place, gained, forgot in known
        ]
        gains = [gained for _, gained, _ in known] or [0.0]
        margin = 0.1 * ((max(gains) - min(gains)) or 1.0)
        chart.show_series(series, max(gains) + margin, x_min=min(0.0, min(gains) - margin))
