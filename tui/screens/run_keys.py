"""What can be done to one run by a key, on every screen that shows runs."""

import json
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from ...store import runs
from ...store.overview import Overview
from ...store.records import Run
from .. import actions
from ..asking import Asking
from ..clean import clean_line
from .deck import DeckScreen

if TYPE_CHECKING:
    # Questions are imported when they are put, as screens are: the first picture does not wait for them.
    from .export import Wish


def why_not(action: str, run: Run) -> str:
    """Why the action can't be done to the run, as a sentence; empty when it can."""
    if action == "stop" and run.state not in ("running", "queued"):
        return f"{run.name} is {run.state}: there is nothing to stop."
    if action == "resume" and run.state in ("running", "completed"):
        return f"{run.name} is {run.state}: only a run that ended early can be resumed."
    if action == "delete" and run.state == "running":
        return f"{run.name} is running: stop it first."
    if action in ("save", "evaluate") and run.state != "running":
        return f"{run.name} is {run.state}: only a running one can do that."
    return _why_no_weights(run) if action in ("transfer", "ask", "export") else ""


def _why_no_weights(run: Run) -> str:
    """A run that was queued again has those of its checkpoints."""
    if run.kind in runs.WITHOUT_WEIGHTS:
        return f"{run.name} is no training: it has no weights of its own."
    if run.state == "queued" and not run.total_steps:
        return f"{run.name} waits in the queue: it has no weights yet."
    return ""


class RunKeys(DeckScreen):
    """Stopping asks first; stopping once more offers to kill, which takes typing the run's name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "fork", "Fork", tooltip="Set up a run like this one: the form, with its configuration."),
        Binding("T", "transfer", "Transfer", tooltip="Set up a run that starts from the weights of this one."),
        Binding(
            "P", "ask", "Ask", tooltip="To the playground: ask the model of this run, beside its base.", show=False
        ),
        Binding("e", "export", "Export", tooltip="Take the weights away: adapter, merged, for Ollama, or GGUF."),
    ]

    @property
    def chosen_run(self) -> Run | None:
        """The run that the keys of this screen mean."""
        raise NotImplementedError

    def action_fork(self) -> None:
        run = self.chosen_run
        if not self.refused("fork") and run:
            words = f"A run like {run.name}: change what is to be different."
            self._open_form(actions.forked(run), words, forked_from=run.id)

    def action_transfer(self) -> None:
        run = self.chosen_run
        if not self.refused("transfer") and run:
            self._open_form(
                actions.transferred(run), f"A run from the weights of {run.name}: its newest, or its result."
            )

    def action_ask(self) -> None:
        from .playground import PlaygroundScreen

        run = self.chosen_run
        if not self.refused("ask") and run:
            self.app.push_screen(PlaygroundScreen(run.id))

    def _open_form(self, values: dict[str, object], words: str, forked_from: str | None = None) -> None:
        from .new_run import NewRunScreen

        self.app.push_screen(NewRunScreen(values, words=words, forked_from=forked_from))

    def action_export(self) -> None:
        from .export import ExportAsk

        run = self.chosen_run
        if not self.refused("export") and run:
            ask = ExportAsk(run.name, has_adapter=json.loads(run.config)["method"] != "full")
            self.app.push_screen(
                ask, lambda wish: self._export(run, wish) if wish else self.say("Nothing is exported.")
            )

    def _export(self, run: Run, wish: "Wish") -> None:
        """It goes on where this screen is left; what becomes of it is said on the one in front."""
        self.say(f"{run.name} is being exported...")
        asking = Asking(self.deck, partial(self.deck.say, level="error"), outlives=True)
        asking.of(actions.exported(run, wish.kind, wish.to), self.deck.say)

    def stop_run(self, view: Overview) -> None:
        from .ask import Ask

        run = view.run
        if view.stopping:
            question = f"{run.name} is saving its state already. Kill it? What was not saved is lost."
            # What can be typed is what is shown: the name without controls.
            ask = Ask(question, word=clean_line(run.name).strip() or run.id)
            action = partial(actions.kill, run=run)
        elif run.state == "queued":
            ask, action = Ask(f"Take {run.name} out of the queue?"), partial(actions.stop, run=run)
        else:
            ask, action = Ask(f"Save {run.name} and stop it?"), partial(actions.stop, run=run)
        self.app.push_screen(ask, lambda yes: self.act(action) if yes else self.say(f"{run.name} was left as it is."))

    def resume_run(self, view: Overview) -> None:
        self.act(partial(actions.resume, home=self.deck.home, run=view.run))
