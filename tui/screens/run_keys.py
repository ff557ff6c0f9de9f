"""What can be done to one run by a key, on every screen that shows runs."""

from functools import partial

from ...store.overview import Overview
from ...store.records import Run
from .. import actions
from ..clean import clean_line
from .ask import Ask
from .deck import DeckScreen


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
    return ""


class RunKeys(DeckScreen):
    """Stopping asks first; stopping once more offers to kill, which takes typing the run's name."""

    def stop_run(self, view: Overview) -> None:
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
