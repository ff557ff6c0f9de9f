"""What keys do with a talk: ask again, stop, warm up, look back, and keep what was said."""

from functools import partial
from pathlib import Path

from ..playing import keeping
from ..playing.settings import PlaySettings
from ..playing.talk import Talk
from .deck import DeckScreen
from .line_ask import LineAsk

_EXAMPLES = """\
 temperature=0.7 top_p=0.9    how freely words are drawn; 0 takes the likeliest
 max_new_tokens=200 seed=7    the longest answer; the same seed draws the same words"""


class PlayKeys(DeckScreen):
    """The actions of the playground that need nothing but its talk."""

    talk: Talk | None = None

    def show_talk(self) -> None:
        """Something of the talk has changed."""
        raise NotImplementedError

    def action_again(self) -> None:
        if not self.refused("again") and self.talk and self.talk.exchange:
            self.talk.ask_again(self.talk.exchange)
            self.show_talk()

    def action_stop(self) -> None:
        if not self.refused("stop") and self.talk:
            self.talk.stop()

    def action_warmer(self, steps: int) -> None:
        if not self.refused("warmer") and self.talk:
            self._set(self.talk.settings.warmer(steps))

    def action_settings(self) -> None:
        if not self.refused("settings") and self.talk:
            now = self.talk.settings
            self.app.push_screen(
                LineAsk("Settings of the next answers", _EXAMPLES, now.with_typed, now.typed), self._set
            )

    def _set(self, settings: PlaySettings | None) -> None:
        if settings is not None and self.talk:
            self.talk.settings = settings
            self.show_talk()

    def action_exchange(self, by: int) -> None:
        if not self.refused("exchange") and self.talk:
            self.talk.turn(by)
            self.show_talk()

    def action_keep(self) -> None:
        if not self.refused("keep") and self.talk and self.talk.exchange and self.talk.facts:
            self.act(partial(keeping.as_samples, exchange=self.talk.exchange, facts=self.talk.facts))

    def action_append(self) -> None:
        if not self.refused("append") and self.talk and self.talk.exchange and self.talk.facts:
            append = partial(keeping.append, self.talk.exchange, self.talk.facts, Path.cwd())
            self.act(lambda _: f"Added to {append()}.")

    def action_copy_answer(self) -> None:
        if not self.refused("copy_answer") and self.talk and self.talk.exchange:
            told = self.talk.exchange.told
            which = "tuned" if "tuned" in told else "base"
            self.copy(told[which].text, f"The answer of the {which} model")
