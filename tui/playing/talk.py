"""A talk with one run or model: who it is, what was asked so far, how the next is asked, and what can be done now."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ...store.errors import UserError
from ..clean import clean_line
from ..engine_process import Conversation
from .exchange import Exchange
from .settings import PlaySettings

Post = Callable[[Callable[[], None]], None]


class Talk:
    """`changed` is told the exchange that an answer belongs to, None where the talk itself changed.

    Both it and `failed`, which is told why the talk has ended, are called by way of `post`. `key_of` names an action's
    key.
    """

    def __init__(
        self,
        what: str,
        step: str,
        post: Post,
        changed: Callable[[Exchange | None], None],
        failed: Callable[[str], None],
        key_of: Callable[[str], str],
    ) -> None:
        self.what = what
        self._doing = f"loading {what}"
        self.facts: dict[str, Any] | None = None
        self.settings = PlaySettings()
        self.exchanges: list[Exchange] = []
        self.shown = 0
        self._follows = True
        self._early: list[str] = []
        self._changed, self._failed, self._key_of = changed, failed, key_of
        options = ["--step", step] if step else []
        self._conversation: Conversation | None = Conversation(
            "play",
            [*options, "--", what],
            lambda answer: post(partial(self._hear, answer)),
            lambda reason: post(partial(self._end, reason)),
        )

    def close(self) -> None:
        conversation, self._conversation = self._conversation, None
        if conversation is not None:
            conversation.close()

    # what is heard

    def _hear(self, answer: Mapping[str, Any]) -> None:
        if self._conversation is None:
            return
        if "loading" in answer:
            self._doing = str(answer["loading"])
            self._changed(None)
        elif "ready" in answer:
            self._begin(answer["ready"])
        elif isinstance(number := answer.get("id"), int) and 0 < number <= len(self.exchanges):
            self.exchanges[number - 1].hear(answer)
            self.shown = number - 1 if self._follows else self.shown
            self._changed(self.exchanges[number - 1])

    def _begin(self, facts: dict[str, Any]) -> None:
        self.facts, self._doing = facts, ""
        self.settings = replace(self.settings, seed=facts["seed"], max_new_tokens=facts["max_new_tokens"])
        early, self._early = self._early, []
        for prompt in early:
            self.ask(prompt)
        self._changed(None)

    def _end(self, reason: UserError | None) -> None:
        if self._conversation is not None:
            self._conversation = None
            self._doing = self._ended
            self._failed(str(reason or ""))

    @property
    def doing(self) -> str:
        """As a sentence that ends, or goes on; "" where nothing is awaited."""
        return self._doing and f"{self._doing}{'.' if self._conversation is None else '...'}"

    @property
    def _ended(self) -> str:
        return f"The talk has ended: {self._key_of('other')} asks somebody else, or the same again"

    # what is asked

    @property
    def exchange(self) -> Exchange | None:
        """The one in sight."""
        return self.exchanges[self.shown] if self.exchanges else None

    @property
    def is_answering(self) -> bool:
        return self._conversation is not None and any(not exchange.is_over for exchange in self.exchanges)

    @property
    def prompts(self) -> list[str]:
        """Those of the run, then what was asked, each once."""
        own = self.facts["prompts"] if self.facts else []
        return list(dict.fromkeys([*own, *(exchange.prompt for exchange in self.exchanges)]))

    def ask(self, prompt: str) -> None:
        """Ask it after what was asked before; or as soon as the weights are loaded."""
        if self.facts is None or self._conversation is None:
            self._early.append(prompt)
            return
        exchange = Exchange(len(self.exchanges) + 1, prompt, self.settings, tuple(self.facts["which"]))
        is_free = not self.is_answering
        self.exchanges.append(exchange)
        self._follows = True
        self.shown = len(self.exchanges) - 1 if is_free else self.shown
        self._conversation.say(exchange.request)

    def ask_again(self, exchange: Exchange) -> None:
        """The same prompt; where words are drawn, by the next seed."""
        if self.settings.temperature:
            self.settings = replace(self.settings, seed=self.settings.seed + 1)
        self.ask(exchange.prompt)

    def meant(self, typed: str) -> str:
        """What a line stands for: a prompt of several lines that was recalled; a question on the context before."""
        for prompt in self.prompts:
            if clean_line(prompt).strip() == typed:
                return prompt
        if self.facts and self.facts["task"] == "question-answering":
            contexts = [context for _, _, context in (prompt.partition("\n") for prompt in self.prompts) if context]
            return f"{typed}\n{contexts[-1]}" if contexts else typed
        return typed

    def stop(self) -> None:
        """End the answers that are being written, and those that wait."""
        for exchange in self.exchanges:
            if self._conversation and not exchange.is_over:
                self._conversation.say({"id": exchange.number, "stop": True})

    def turn(self, by: int) -> None:
        """Look at another exchange, whatever is being answered."""
        self._follows = False
        self.shown = (self.shown + by) % len(self.exchanges)

    # what can be done

    def why_not(self, action: str) -> str:
        """Why the action can't be done now; empty when it can."""
        if self._conversation is None and action in ("write", "edit", "ask_all", "again", "stop", "warmer", "settings"):
            return f"{self._ended}."
        if action == "stop":
            return "" if self.is_answering else "Nothing is being written."
        if action == "ask_all":
            return self._why_not_all()
        if action == "exchange" and len(self.exchanges) < 2:
            return "Only one prompt was asked." if self.exchanges else "Nothing was asked yet."
        if action in ("keep", "copy_answer", "append", "again"):
            return self._why_not_done(action)
        return ""

    def _why_not_all(self) -> str:
        if self.facts is None:
            return "The weights are being loaded."
        return "" if self.facts["prompts"] else "The run has no prompts of its own."

    def _why_not_done(self, action: str) -> str:
        exchange = self.exchange
        if exchange is None or not exchange.is_over or exchange.error:
            return "There is no whole answer yet."
        if action != "keep":
            return ""
        if not self.facts or self.facts["run"] is None:
            return "This is no run: a model has no samples."
        if exchange.settings.temperature:
            colder, again = self._key_of("warmer(-1)"), self._key_of("again")
            return f"Samples are answers at the temperature 0: {colder} lowers it, {again} asks again."
        return "A part of an answer is no sample." if exchange.was_stopped else ""
