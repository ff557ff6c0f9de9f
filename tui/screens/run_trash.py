"""Putting runs into the trash, and taking the last ones out again."""

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from ...store.records import Run
from .. import actions
from .run_list import RunList


class RunTrash(RunList):
    """What was deleted since the app was opened comes back one by one; the whole trash is a screen of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("D", "trash", "Trash", tooltip="Look into the trash: take runs out of it, or empty it.", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._deleted: list[Run] = []

    def why_not(self, action: str) -> str:
        if action == "trash":
            return ""
        if action == "undo":
            return "" if self._deleted else "Nothing was deleted since the app was opened."
        return super().why_not(action)

    def action_delete(self) -> None:
        if self.refused("delete") or not self.chosen:
            return
        run, undo = self.chosen.run, self.key_of("undo")
        self.act(
            lambda db: f"{actions.delete(db, self.deck.home, run)} {undo} takes it out.",
            then=partial(self._remember_deleted, run),
        )

    def _remember_deleted(self, run: Run) -> None:
        if run.id not in (deleted.id for deleted in self._deleted):
            self._deleted.append(run)
        self.keys_changed()

    def action_undo(self) -> None:
        if not self.refused("undo"):
            run = self._deleted.pop()
            self.act(lambda db: actions.restore(db, self.deck.home, run), then=self.keys_changed)

    def action_trash(self) -> None:
        from .trash import TrashScreen

        self.app.push_screen(TrashScreen())
