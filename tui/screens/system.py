"""System: devices and who is on them, processor, memory, disk left for checkpoints, and the queue."""

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...store.overview import Overview
from ...store.records import Run
from ..asking import Asking
from ..machine import telling
from ..machine.machine import Machine, parts
from ..machine.processes import Process
from ..machine.reader import Reader
from ..machine.taken import Taken
from ..widgets.facts import Fact, fitted
from ..widgets.table import Table
from .run_keys import RunKeys, why_not

_LOOKING = "The machine is being looked at..."
_NO_RUN = "This line is no run: go to one with j or k."


class SystemScreen(RunKeys):
    """This machine, looked at once a second while the screen is in front."""

    heading = "SYSTEM"
    about = (
        "This machine, looked at once a second: the devices and who is on them, the disk in checkpoints, the queue."
        " Only what is ours is ever stopped."
    )
    WITHOUT = frozenset({"go('system')"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="Open the run that the line is about."),
        Binding("s", "stop", "Stop", tooltip="Save the run's state and stop it. Once more while it stops: kill it."),
        Binding("r", "measure", "Measure", tooltip="Measure anew what Tunedeck takes of the disk."),
        Binding("y", "copy", "Copy", tooltip="Copy the line: of a process its id, of a run its id.", show=False),
    ]

    def __init__(self, follow: Callable[[], Iterator[Machine]] | None = None) -> None:
        """`follow` gives the machine again and again; without it, that is this machine."""
        super().__init__()
        self._follow = follow
        self._machine: Machine | None = None
        self._taken: Taken | None = None
        self._reader: Reader | None = None
        self._asking: Asking | None = None

    def body(self) -> list[Widget]:
        return [Table(telling.COLUMNS, empty=_LOOKING, id="machine")]

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def on_screen_resume(self) -> None:
        self._asking = Asking(self.deck, lambda sentence: self.say(sentence, "error"))
        self._asking.of(self._follow() if self._follow else self._followed(), self._show)

    def on_screen_suspend(self) -> None:
        if self._asking is not None:
            self._asking.drop()

    def _followed(self) -> Iterator[Machine]:
        if self._taken is None:
            self._taken = Taken(self.deck.home)
        self._reader = Reader(self.deck.home, self._taken)
        if self._taken.sizes is None:
            self._taken.start(self._reader.look_now)
        return self._reader.follow()

    def _show(self, machine: Machine) -> None:
        first = self._machine is None
        self._machine = machine
        table = self.query_one(Table)
        table.update_rows(telling.rows(machine, ascii_only=self.deck.ascii_only, new_key=self.key_of("new_run")))
        if first:
            table.action_move(1)
        self._show_title()
        self.keys_changed()

    def _show_title(self) -> None:
        """Of more devices than there is room for the last ones are left out; all of them are in the list."""
        if self._machine:
            devices, words = len(self._machine.devices), parts(self._machine)
            drops = [*(2 + at for at in range(devices)), 1, 0]
            told = (Fact(word, drop) for word, drop in zip(words, drops, strict=False))
            width = self.query_one("#heading").content_size.width
            self.title_line(fitted([Fact(f"{self.heading} "), *told], width))

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._show_title)

    # the line under the cursor

    @property
    def _line(self) -> tuple[str, str]:
        """What the line is, and which: `("run", ID)`, `("pid", "812")`."""
        kind, _, which = (self.query_one(Table).cursor_key or "").partition(":")
        return kind, which

    @property
    def _process(self) -> Process | None:
        kind, which = self._line
        found = self._machine.processes if self._machine and kind == "pid" else ()
        return next((process for process in found if str(process.pid) == which), None)

    @property
    def _chosen(self) -> Overview | None:
        kind, which = self._line
        process = self._process
        run_id = which if kind == "run" else process.run if process else None
        return self._machine.runs.get(run_id or "") if self._machine else None

    @property
    def chosen_run(self) -> Run | None:
        return self._chosen.run if self._chosen else None

    def why_not(self, action: str) -> str:
        """Why a key does nothing for the line under the cursor."""
        if action == "copy":
            return ""
        if action == "measure":
            return "It is being measured already." if self._taken is not None and self._taken.is_measuring else ""
        if self._chosen is not None:
            return why_not(action, self._chosen.run)
        return self._why_not_process(self._process) if action == "stop" and self._process else _NO_RUN

    def _why_not_process(self, process: Process) -> str:
        if process.is_runner:
            stop = self.key_of("stop")
            return f"The runner ends by itself when nothing is queued; on the line of a run {stop} stops that."
        owner = f"belongs to {process.user}" if process.user else "is not to be seen from here"
        return f"Process {process.pid} {owner}: tunedeck stops only its own runs."

    @on(Table.Highlighted)
    def _on_highlighted(self) -> None:
        self.keys_changed()

    # keys

    @on(Table.Opened)
    def action_open(self) -> None:
        from .run import RunScreen

        if not self.refused("open") and self._chosen:
            self.app.push_screen(RunScreen(self._chosen.run.id))

    def action_stop(self) -> None:
        if not self.refused("stop") and self._chosen:
            self.stop_run(self._chosen)

    def action_measure(self) -> None:
        if not self.refused("measure") and self._taken and self._reader:
            self._taken.start(self._reader.look_now)
            self.say("What Tunedeck takes is being measured.")
            self.keys_changed()

    def action_copy(self) -> None:
        kind, which = self._line
        if kind in ("run", "pid"):
            return self.copy(which, f"The id {which}")
        row = next((row for row in self.query_one(Table).rows if row.key == self.query_one(Table).cursor_key), None)
        if row is not None:
            cells = (cell if isinstance(cell, str) else cell[0] for cell in row.cells)
            self.copy("  ".join(cell for cell in cells if cell), "The line")
