"""The tour: five steps from data to a tuned model, with the keys as they are on the screens that they are for."""

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.widget import Widget

from .. import settings
from ..widgets.keys import key_names
from ..widgets.log import TextPane
from .compare import CompareScreen
from .data import DataScreen
from .deck import DeckScreen
from .new_run import NewRunScreen
from .run import RunScreen
from .runs import RunsScreen

Kind = type[DeckScreen]


class Step(NamedTuple):
    """A card: what is done in this step, and (screen, action) of the keys for it, in the order of their use."""

    title: str
    told: str
    keys: Sequence[tuple[Kind, str]]


_STEPS = (
    Step(
        "Choose data",
        "A run learns from rows: questions with answers, texts with labels, or plain text, in a file of your own, on "
        "the hub, or in a demo part that needs no network. Have the report look at them first: duplicates, leaks into "
        "the evaluation and contradicting labels cost more than any knob can win back.",
        [(RunsScreen, "go('data')"), (DataScreen, "open_other"), (DataScreen, "open"), (DataScreen, "report")],
    ),
    Step(
        "Set up a run",
        "Data and model are all that a run needs; every other knob has a default, and says what it does, its range and "
        "what raising it costs. Check before the launch: it reads the rows and the knobs, and trains nothing.",
        [(RunsScreen, "new_run"), (NewRunScreen, "edit"), (NewRunScreen, "check"), (NewRunScreen, "launch")],
    ),
    Step(
        "Watch it learn",
        "The evaluation loss is the one to watch: where it rises while the training loss falls, the model learns the "
        "rows by heart. The base model's score is drawn as a line to beat. You may close the app or lose the "
        "connection at any time: the run goes on.",
        [(RunsScreen, "open"), (RunScreen, "pane(1)"), (RunScreen, "stop"), (RunScreen, "resume")],
    ),
    Step(
        "Compare",
        "Two runs that differ in one knob teach more than one long run. Their scores come with intervals over the same "
        "held-out rows, so that luck is not taken for progress.",
        [(RunsScreen, "fork"), (RunsScreen, "mark"), (RunsScreen, "compare"), (CompareScreen, "pane(1)")],
    ),
    Step(
        "Take it away",
        "The result is yours: an adapter, a merged model, GGUF or a folder for Ollama, each with a card that says what "
        "it was made from. The command line does all of this too: `tunedeck --help`.",
        [(RunsScreen, "export"), (RunsScreen, "commands"), (RunsScreen, "help")],
    ),
)


class TourScreen(DeckScreen):
    """One card at a time; any key that leads elsewhere does so from here too."""

    heading = "TOUR"
    about = "Five cards from data to a tuned model. `tour` among the commands brings them back."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,l,right", "turn(1)", "Next", key_display="enter", tooltip="The next card, then the app."),
        Binding("h,left,backspace", "turn(-1)", "Before", key_display="h", tooltip="The card before."),
        Binding("q,escape", "back", "Skip", key_display="esc", tooltip="Leave the tour; it does not come again."),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._at = 0

    def body(self) -> list[Widget]:
        return [TextPane(id="card")]

    def on_mount(self) -> None:
        self.query_one(TextPane).focus()
        self._show()
        if fault := settings.remember("That the tour was shown", tour_shown=True):
            self.say(fault, "error")

    def _show(self) -> None:
        step = _STEPS[self._at]
        self.title_line(f"TOUR   {self._at + 1} of {len(_STEPS)}: {step.title.lower()}")
        self.query_one(TextPane).show_text(_card(self._at, step, self.deck.key_map.bindings))
        self.keys_changed()

    def why_not(self, action: str) -> str:
        return "This is the first card." if action == "turn(-1)" and not self._at else ""

    def action_turn(self, by: int) -> None:
        if self.refused(f"turn({by})"):
            return
        self._at += by
        if self._at == len(_STEPS):
            self.app.pop_screen()
        else:
            self._show()


def _card(at: int, step: Step, bindings: Callable[[Kind], Sequence[Binding]]) -> str:
    """The card's text, its keys as the user has them."""
    lines = ["", f"{at + 1}. {step.title}", "", step.told, ""]
    for screen, action in step.keys:
        binding = next((one for one in bindings(screen) if one.action == action), None)
        if binding is not None:
            where = f"{screen.heading.lower()}: "
            lines.append(f"  {key_names(binding):<12}  {where:<9} {binding.tooltip}")
    return "\n".join(lines)
