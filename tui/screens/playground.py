"""Playground: the base beside the tuned model, asked as often as one likes; the weights are loaded once."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from ...store.errors import UserError
from ..clean import clean, clean_line
from ..editor import edited
from ..playing import answer_text, playables, telling
from ..playing.exchange import WHICH, Exchange
from ..playing.talk import Talk
from ..widgets.cells import Row
from ..widgets.line import Line
from ..widgets.marked_pane import MarkedPane
from ..widgets.table import Table
from .deck import DeckScreen
from .play_keys import PlayKeys

_READING = "The runs are being read..."
_LONGEST_PROMPT = 600
# Ten pictures a second: more nobody reads, and each costs bytes.
_SECONDS_BETWEEN_PICTURES = 0.1
_IN_TALK = {
    "write", "ask_all", "again", "warmer", "settings", "stop", "keep", "copy_answer", "append", "exchange", "edit",
    "other", "pane",
}  # fmt: skip


class PlaygroundScreen(PlayKeys, DeckScreen):
    """Without a run it asks which; with one, the engine loads it at once."""

    heading = "PLAYGROUND"
    about = (
        "A tuned model beside its base: what it has learned, and what it has lost, shows best on prompts of your own."
    )
    WITHOUT = frozenset({"go('playground')"})
    CSS = """
    #talk, #answers, #answers > Vertical { height: 1fr; }
    #asked { padding: 0 1; width: 1fr; height: auto; max-height: 4; color: $secondary; }
    #answers { layout: horizontal; }
    #answers > Vertical { width: 1fr; padding: 0 1; }
    PlaygroundScreen.-narrow #answers { layout: vertical; }
    #answers Line { color: $secondary; }
    #answers Line.-whose { text-style: bold; color: $primary; }
    #ask-line { background: $panel; color: $foreground; width: 1fr; height: 1; padding: 0 1; }
    #playables { padding: 0 0 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,i", "write", "Write", key_display="enter", tooltip="Write a prompt; enter asks it."),
        Binding("asterisk", "ask_all", "All prompts", key_display="*", tooltip="Ask all prompts of the run in turn."),
        Binding("s", "stop", "Stop", tooltip="Stop the answer that is being written; esc does it too."),
        Binding("plus", "warmer(1)", "Warmer", key_display="+", tooltip="Raise the temperature by 0.1."),
        Binding("minus", "warmer(-1)", "Colder", key_display="-", tooltip="Lower the temperature by 0.1.", show=False),
        Binding("e", "settings", "Settings", tooltip="Temperature, top_p, seed and the longest answer."),
        Binding("r", "again", "Again", tooltip="Ask the same again; with a temperature, by the next seed."),
        Binding("S", "keep", "Keep sample", tooltip="Keep prompt and answers among the samples of the run."),
        Binding("y", "copy_answer", "Copy", tooltip="Copy the tuned model's answer.", show=False),
        Binding("w", "append", "To file", tooltip="Add prompt and answers to a file of JSON lines.", show=False),
        Binding("ctrl+o", "edit", "Editor", tooltip="Write a prompt of several lines in your editor."),
        Binding("o", "other", "Other", tooltip="Ask another run or model.", show=False),
        Binding("left_square_bracket", "exchange(-1)", "Before", tooltip="Answers to the prompt before.", show=False),
        Binding("right_square_bracket", "exchange(1)", "After", tooltip="Answers to the prompt after.", show=False),
        Binding("up", "recall(-1)", "Earlier prompt", tooltip="While writing: the prompt before.", show=False),
        Binding("down", "recall(1)", "Later prompt", tooltip="While writing: the prompt after.", show=False),
        Binding("tab", "pane", "Pane", tooltip="Go to the answers, to scroll them, and back.", show=False),
    ]  # fmt: skip

    def __init__(self, run_id: str | None = None, *, step: str = "") -> None:
        super().__init__()
        self._what, self._step = run_id, step
        self._recalled = 0
        self._picture: Timer | None = None

    def body(self) -> list[Widget]:
        field = Input(id="ask-line", compact=True, select_on_focus=False)
        field.cursor_blink = False
        answers = Container(*(_side(which) for which in WHICH), id="answers")
        talk = Vertical(Line(id="facts"), Static("", id="asked"), answers, field, id="talk")
        return [Table(playables.COLUMNS, empty=_READING, id="playables"), talk]

    def on_mount(self) -> None:
        if self._what:
            self._open(self._what)
        else:
            self._choose()

    def on_unmount(self) -> None:
        self._leave()

    # whom to ask

    def _choose(self) -> None:
        self._leave()
        self._in_sight("playables", "talk")
        self.query_one(Table).focus()
        self.title_line("PLAYGROUND   whom to ask?")
        self.watch_with(partial(playables.read, home=self.deck.home), self._list)
        self.keys_changed()

    def _in_sight(self, shown: str, hidden: str) -> None:
        self.query_one(f"#{shown}").display = True
        self.query_one(f"#{hidden}").display = False

    def _list(self, found: list[Row]) -> None:
        table = self.query_one(Table)
        table.empty = f"No run has weights yet: {self.key_of('new_run')} sets one up."
        table.update_rows(found)

    @on(Table.Opened)
    def _opened(self) -> None:
        if chosen := self.query_one(Table).cursor_key:
            self._open(chosen)

    def _open(self, what: str) -> None:
        self.deck.watch_store.unsubscribe(self)
        self._in_sight("talk", "playables")
        self.talk = Talk(what, self._step, self._post, self._changed, self._failed, self.key_of)
        # Of the run that was asked for at first, and of no other.
        self._step = ""
        self.give_keys(self.query_one(Input))
        self.show_talk()

    def _post(self, call: Callable[[], None]) -> None:
        """From a thread; a screen that was left has lost its widgets before it hears that it was."""
        if self.deck.is_running:
            self.deck.call_later(lambda: call() if self.is_attached else None)

    def _leave(self) -> None:
        talk, self.talk = self.talk, None
        if talk is not None:
            talk.close()

    # what is heard

    def _changed(self, exchange: Exchange | None) -> None:
        if exchange is None:
            self._news()
        elif exchange.error:
            self.say(exchange.error, "error")
        if exchange is None or exchange.is_over or any(told.is_whole for told in exchange.told.values()):
            self.show_talk()
        elif self._picture is None:
            self._picture = self.set_timer(_SECONDS_BETWEEN_PICTURES, self.show_talk)

    def _news(self) -> None:
        """The weights are loaded, or something was done on the way."""
        if self.talk and (facts := self.talk.facts):
            self._recalled = len(self.talk.prompts)
            earlier, later = self.key_of("recall(-1)"), self.key_of("recall(1)")
            recalled = f"enter asks; {earlier} and {later} recall"
            self.query_one(Input).placeholder = f"write {telling.asks_for(facts, self.key_of('edit'))}, {recalled}"
            if said := telling.notes(facts):
                self.say(said, "warning")

    def _failed(self, reason: str) -> None:
        self.show_talk()
        self.say(reason, "error")

    # what is shown

    def show_talk(self) -> None:
        talk, self._picture = self.talk, None
        if talk is None:
            return
        name = telling.name_of(talk.facts) if talk.facts else talk.what
        self.title_line(f"PLAYGROUND {name}   {talk.settings.told}")
        self.query_one("#facts", Line).show(talk.doing or telling.memory(talk.facts or {}))
        self._show_prompt(talk)
        self._show_answers(talk)
        self.keys_changed()

    def _show_prompt(self, talk: Talk) -> None:
        exchange, count = talk.exchange, len(talk.exchanges)
        place = f"{talk.shown + 1}/{count}  " if count > 1 else ""
        told = Content(clean(f"{place}{exchange.prompt[:_LONGEST_PROMPT]}" if exchange else ""))
        asked = self.query_one("#asked", Static)
        asked.display = exchange is not None
        # It lays the screen out anew, which at each picture of an answer would paint all of it.
        if told != asked.content:
            asked.update(told)

    def _show_answers(self, talk: Talk) -> None:
        exchange, facts = talk.exchange, talk.facts
        parts = answer_text.answers(exchange, ascii_only=self.deck.ascii_only) if exchange else {}
        for which in WHICH:
            self.query_one(f"#{which}-side").display = which in (facts["which"] if facts else WHICH)
            pace = exchange.told[which].pace if exchange and which in exchange.told else ""
            self.query_one(f"#{which}-title", Line).show(telling.side(which, facts) if facts else which)
            self.query_one(f"#{which}-pace", Line).show(pace)
            self.query_one(f"#{which}", MarkedPane).show(parts.get(which, ()))

    # what can be done

    def why_not(self, action: str) -> str:
        action = action.partition("(")[0]
        if action not in _IN_TALK:
            return ""
        if self.talk is None:
            return "" if action == "write" else "Nobody is asked yet: enter opens a run or a model."
        return self.talk.why_not(action)

    def action_write(self) -> None:
        if not self.refused("write") and self.talk:
            self.give_keys(self.query_one(Input))

    @on(Input.Submitted, "#ask-line")
    def _typed(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if typed and self.talk and not self.refused("write"):
            self.query_one(Input).value = ""
            self._ask(self.talk.meant(typed))

    def _ask(self, *prompts: str) -> None:
        talk = self.talk
        assert talk is not None
        for prompt in prompts:
            talk.ask(prompt)
        self._recalled = len(talk.prompts)
        if talk.facts is None:
            self.say("It is asked as soon as the weights are loaded.")
        self.show_talk()

    def action_recall(self, by: int) -> None:
        field, prompts = self.query_one(Input), self.talk.prompts if self.talk else []
        if prompts and field.has_focus:
            self._recalled = min(max(self._recalled + by, 0), len(prompts))
            field.value = clean_line(prompts[self._recalled]) if self._recalled < len(prompts) else ""
            field.cursor_position = len(field.value)

    def action_edit(self) -> None:
        if self.refused("edit") or self.talk is None:
            return
        field = self.query_one(Input)
        try:
            prompt = edited(self.app, self.talk.meant(field.value), "prompt.txt").strip()
        except UserError as error:
            self.say(str(error), "error")
            return
        if prompt:
            field.value = ""
            self._ask(prompt)

    def action_ask_all(self) -> None:
        if not self.refused("ask_all") and self.talk and self.talk.facts:
            self._ask(*self.talk.facts["prompts"])

    def action_other(self) -> None:
        if not self.refused("other"):
            self._choose()

    def action_pane(self) -> None:
        if not self.refused("pane") and self.talk:
            shown = (pane for pane in self.query(MarkedPane) if self.query_one(f"#{pane.id}-side").display)
            ring = [self.query_one(Input), *shown]
            here = next((at for at, one in enumerate(ring) if one.has_focus), -1)
            self.give_keys(ring[(here + 1) % len(ring)])

    def action_back(self) -> None:
        """Out of an answer, out of the line, out of the screen."""
        if self.talk and self.talk.is_answering:
            self.talk.stop()
        elif self.talk and self.query_one(Input).has_focus:
            self.set_focus(None)
        else:
            self.app.pop_screen()


def _side(which: str) -> Vertical:
    """Whose answer, how fast it comes, and the answer."""
    return Vertical(
        Line(id=f"{which}-title", classes="-whose"), Line(id=f"{which}-pace"), MarkedPane(id=which), id=f"{which}-side"
    )
