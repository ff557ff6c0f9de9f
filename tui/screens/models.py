"""Models: what a run can start from on this machine, whether it fits, and what the hub has."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...store.errors import ConfigError
from .. import shelf
from ..asking import Asking
from ..shelf import Facts
from ..widgets.cells import Column, Row
from ..widgets.table import Table
from ..widgets.told import Told
from ..words import counted
from .deck import DeckScreen
from .line_ask import LineAsk

_COLUMNS = (
    Column("fits", 6),
    Column("model", 24, flex=3),
    Column("size", 6, align="right"),
    Column("family", 6, drop=4),
    Column("suits", 16, flex=2, drop=1),
    Column("licence", 11, drop=3),
    Column("where", 9, drop=2),
    Column("on disk", 7, align="right", drop=5),
)
_LOOKING = "Looking for models..."
_STYLES = {"both": "state-done", "lora": "state-warning", "neither": "state-failed", "unknown": "dim"}
_SEARCH_EXAMPLES = " smollm2 instruct    names that have both words\n qwen3               the most fetched come first"
_FILTER_EXAMPLES = " bert       of that family\n run        results of earlier runs\n smol chat  both words"


class ModelsScreen(DeckScreen):
    """The list of models; those of a search of the hub stand below the ones that are here."""

    DEFAULT_CSS = """
    ModelsScreen #model-about { color: $secondary; padding: 0 1; width: 1fr; height: 4; }
    """
    heading = "MODELS"
    about = (
        "What a run can start from: demo parts, folders, the hub's cache, and the results of earlier runs. Whether a "
        "model fits is reckoned for 8 rows of 512 tokens at once."
    )
    WITHOUT = frozenset({"go('models')"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,n,5", "new_run", "New run", key_display="enter", tooltip="Set up a run with this model."),
        Binding("slash", "filter", "Filter", key_display="/", tooltip="Show the models that have all of some words."),
        Binding("o", "order", "Order", tooltip="Go on to the next order: where they are, name, parameters."),
        Binding("s", "search", "Search", tooltip="Ask the hub for models by words of their names."),
        Binding("f", "fetch", "Fetch", tooltip="Fetch the demo model, so that a run can start at once."),
        Binding("r", "read", "Look again", tooltip="Look for models again.", show=False),
        Binding("y", "copy", "Copy", tooltip="Copy the name by which a run takes the model."),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._here: list[Facts] = []
        self._found: list[Facts] = []
        self._shown: dict[str, Facts] = {}
        self._words = ""
        self._order = shelf.ORDERS[0]

    def body(self) -> list[Widget]:
        return [Table(_COLUMNS, empty=_LOOKING, id="models"), Told("", id="model-about")]

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        self.action_read()

    @cached_property
    def _looking(self) -> Asking:
        return Asking(self.deck, partial(self.say, level="error"), ended=self._looked)

    @cached_property
    def _searching(self) -> Asking:
        return Asking(self.deck, partial(self.say, level="error"), ended=self._show)

    @cached_property
    def _fetching(self) -> Asking:
        return Asking(self.deck, partial(self.deck.say, level="error"), ended=self._fetched, outlives=True)

    # the list

    def action_read(self) -> None:
        if not self.refused("read"):
            self._here = []
            self._looking.engine("models", (), partial(self._add, self._here))

    def _add(self, models: list[Facts], model: Facts) -> None:
        models.append(model)
        self._show()

    def _looked(self) -> None:
        table, search = self.query_one(Table), self.key_of("search")
        table.empty = f"No model is here yet: {search} searches the hub, and a run can name any folder."
        self._show()

    def _show(self) -> None:
        everything = [*self._here, *self._found]
        matching = shelf.ordered(shelf.matching(everything, self._words), self._order)
        self._shown = {}
        for model in matching:
            self._shown.setdefault(model["name"], model)
        table = self.query_one(Table)
        if everything and not matching:
            table.empty = f"No model has all of these words: {self.key_of('filter')} and an empty line show all."
        table.update_rows([self._row(model) for model in self._shown.values()])
        told = f" with {self._words}" if self._words else ""
        self.title_line(f"MODELS   {counted(len(self._shown), 'model')}{told}   by {self._order}")
        self._show_about()

    def _row(self, model: Facts) -> Row:
        kind = shelf.fit(model)
        marks = shelf.ASCII_MARKS if self.deck.ascii_only else shelf.MARKS
        name, parameters, family, tasks, licence, where, taken = shelf.cells(model)
        is_here = bool(model["path"])
        style = "" if is_here else "dim"
        return Row(
            model["name"],
            (
                (f"{marks[kind]} {shelf.WORDS[kind]}", _STYLES[kind]),
                (name, style),
                (parameters, style),
                (family, style),
                (tasks, style),
                (licence, "dim"),
                (where, "dim"),
                (taken, "dim"),
            ),
        )

    @property
    def _chosen(self) -> Facts | None:
        return self._shown.get(self.query_one(Table).cursor_key or "")

    @on(Table.Highlighted)
    def _show_about(self) -> None:
        chosen = self._chosen
        self.query_one("#model-about", Told).show(shelf.told(chosen) if chosen else "")
        self.keys_changed()

    def why_not(self, action: str) -> str:
        chosen = self._chosen
        if action == "read":
            return _LOOKING if self._looking.is_open else ""
        if action == "search":
            return "The hub is being asked." if self._searching.is_open else ""
        if action in ("copy", "fetch") and chosen is None:
            return "There is no model under the cursor."
        if action == "fetch" and chosen:
            return self._why_not_fetch(chosen)
        return ""

    def _why_not_fetch(self, model: Facts) -> str:
        if self._fetching.is_open:
            return "A model is being fetched."
        if model["where"] != "demo":
            return f"{model['name']} is no demo part: a run fetches what it needs of the hub."
        return f"{model['name']} is here already." if model["path"] else ""

    # keys

    @on(Table.Opened)
    def action_new_run(self) -> None:
        from .new_run import NewRunScreen

        chosen = self._chosen
        if chosen is None:
            super().action_new_run()
        else:
            name = chosen["name"]
            values = {"model": name} | ({"task": chosen["tasks"][0]} if chosen["tasks"] else {})
            self.app.push_screen(NewRunScreen.going_on(self.deck, values, f"A run with {name}."))

    def action_filter(self) -> None:
        self._ask("Show models with", _FILTER_EXAMPLES, str, self._filter, self._words)

    def _filter(self, words: str) -> None:
        self._words = words
        self._show()

    def action_order(self) -> None:
        self._order = shelf.ORDERS[(shelf.ORDERS.index(self._order) + 1) % len(shelf.ORDERS)]
        self._show()

    def action_search(self) -> None:
        if not self.refused("search"):
            self._ask("Search the hub for", _SEARCH_EXAMPLES, _wanted, self._search)

    def _search(self, words: str) -> None:
        self._found = []
        self._words = ""
        self.say(f"The hub is being asked for {words}...")
        self._searching.engine("models", ["--search", words], partial(self._add_found, words))

    def _add_found(self, words: str, model: Facts) -> None:
        self._add(self._found, model)
        self.say(f"{counted(len(self._found), 'model')} of the hub like {words}, below those that are here.")

    def _ask(
        self, question: str, examples: str, read: Callable[[str], str], take: Callable[[str], Any], line: str = ""
    ) -> None:
        def answered(words: str | None) -> None:
            if words is not None:
                take(words)

        self.app.push_screen(LineAsk(question, examples, read, line), answered)

    def action_fetch(self) -> None:
        chosen = self._chosen
        if not self.refused("fetch") and chosen:
            self._fetching.engine("fetch", [chosen["name"]], self._tell_progress)
            self.say(f"{chosen['name']} is being fetched...")
            self.keys_changed()

    def _tell_progress(self, answer: Facts) -> None:
        self.deck.say(f"{answer['part']}: {answer.get('progress') or 'ready'}")

    def _fetched(self) -> None:
        if self in self.deck.screen_stack:
            self.action_read()

    def action_copy(self) -> None:
        chosen = self._chosen
        if not self.refused("copy") and chosen:
            self.copy(chosen["name"], f"The name {chosen['name']}")


def _wanted(typed: str) -> str:
    """Raises ConfigError for nothing."""
    if not typed:
        raise ConfigError("There is nothing to search for.", "Type a word of the name, such as smollm2.")
    return typed
