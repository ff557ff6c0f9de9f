"""Panes that follow each other in a ring, one of which is in sight; what screens of several panes share."""

from collections.abc import Sequence
from typing import ClassVar

from textual.widgets import ContentSwitcher

from ..widgets.line import Line
from ..widgets.log import TextPane
from .deck import DeckScreen

# More names than that fill 80 cells by themselves.
_APART = 7


class PanesScreen(DeckScreen):
    """Its body has a line `#tabs` and a ContentSwitcher with a pane for each of PANES; those that are text can be
    scrolled, so they have the focus."""

    PANES: ClassVar[Sequence[str]] = ()

    @property
    def pane(self) -> str:
        """The name of the pane in sight."""
        return self.query_one(ContentSwitcher).current or self.PANES[0]

    def action_pane(self, by: int) -> None:
        self.show_pane(self.PANES[(self.PANES.index(self.pane) + by) % len(self.PANES)])

    def show_pane(self, name: str) -> None:
        self.query_one(ContentSwitcher).current = name
        told = [f"[{pane}]" if pane == name else f" {pane} " for pane in self.PANES]
        self.query_one("#tabs", Line).show(("  " if len(told) <= _APART else "").join(told))
        shown = self.query_one(f"#{name}")
        self.set_focus(shown if isinstance(shown, TextPane) else None)
        self.pane_changed()
        # Which keys mean something depends on the pane.
        self.keys_changed()

    def pane_changed(self) -> None:
        """Another pane is in sight now."""
