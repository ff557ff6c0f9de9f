"""Putting runs into the trash, the marked ones or the one under the cursor, and taking the last ones out again."""

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from ...store.records import Run
from .. import actions
from .run_keys import why_not
from .run_list import RunList


class RunTrash(RunList):
    """What was deleted since the app was opened comes back, the last first; the whole trash is a screen of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("D", "trash", "Trash", tooltip="Look into the trash: take runs out of it, or empty it.", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._deleted: list[list[Run]] = []
        """What was deleted at once, the last at the end."""

    def why_not(self, action: str) -> str:
        if action == "trash":
            return ""
        if action == "undo":
            return "" if self._deleted else "Nothing was deleted since the app was opened."
        if action == "delete" and self.marked:
            return next(filter(None, (why_not(action, view.run) for view in self.meant)), "")
        return super().why_not(action)

    def action_delete(self) -> None:
        if self.refused("delete") or not self.meant:
            return
        meant, undo = [view.run for view in self.meant], self.key_of("undo")
        takes = f"{undo} takes {'it' if len(meant) == 1 else 'them'} out."
        self.act(
            lambda db: f"{actions.delete(db, self.deck.home, *meant)} {takes}",
            then=partial(self._remember_deleted, meant),
        )

    def _remember_deleted(self, meant: list[Run]) -> None:
        gone = {run.id for run in meant}
        before = ([run for run in batch if run.id not in gone] for batch in self._deleted)
        self._deleted = [*filter(None, before), meant]
        self.keys_changed()

    def action_undo(self) -> None:
        if not self.refused("undo"):
            meant = self._deleted.pop()
            self.act(lambda db: actions.restore(db, self.deck.home, *meant), then=self.keys_changed)

    def action_trash(self) -> None:
        from .trash import TrashScreen

        self.app.push_screen(TrashScreen())
