"""One exchange of a conversation: what was asked, and what each model has answered so far."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .settings import PlaySettings

WHICH = ("base", "tuned")


@dataclass
class Told:
    """The answer of one model, as far as it came; `facts` are there when it is whole."""

    text: str = ""
    pieces: int = 0
    began: float = 0.0
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return bool(self.facts)

    def hear(self, answer: Mapping[str, Any]) -> None:
        if answer.get("done"):
            # What came in pieces may lack a space that a later token took back.
            self.text, self.facts = str(answer.get("text", "")), answer
        else:
            self.began = self.began or time.monotonic()
            self.text += str(answer.get("piece", ""))
            self.pieces += 1

    @property
    def pace(self) -> str:
        """How long it is, how fast it came, and why it ended before its end."""
        if not self.facts:
            seconds = time.monotonic() - self.began if self.began else 0.0
            return f"{self.pieces / seconds:.0f} tokens/s" if seconds > 1 else ""
        seconds = float(self.facts.get("seconds") or 0.0)
        if "tokens" not in self.facts:
            return f"{seconds * 1000:,.0f} ms"
        tokens = int(self.facts["tokens"])
        speed = f", {tokens / seconds:,.0f}/s" if seconds and tokens else ""
        ended = {"length": ", cut at the length", "asked": ", stopped"}.get(str(self.facts.get("stopped")), "")
        return f"{tokens:,} token{'' if tokens == 1 else 's'}{speed}{ended}"


@dataclass
class Exchange:
    """A prompt as it was sent, under its number in the conversation."""

    number: int
    prompt: str
    settings: PlaySettings
    which: tuple[str, ...]
    told: dict[str, Told] = field(default_factory=dict)
    error: str = ""

    def __post_init__(self) -> None:
        self.told = {which: Told() for which in self.which}

    @property
    def request(self) -> dict[str, Any]:
        return {"id": self.number, "prompt": self.prompt, **self.settings.request}

    @property
    def is_over(self) -> bool:
        return bool(self.error) or all(told.is_whole for told in self.told.values())

    @property
    def was_stopped(self) -> bool:
        return any(told.facts.get("stopped") == "asked" for told in self.told.values())

    def hear(self, answer: Mapping[str, Any]) -> None:
        if "error" in answer:
            self.error = str(answer["error"])
        elif answer.get("which") in self.told:
            self.told[answer["which"]].hear(answer)

    def record(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """For a line of a file: prompt, answers, whose they are, and how they were made."""
        told = {which: told.text for which, told in self.told.items()}
        whose = {name: facts.get(name) for name in ("run", "name", "step", "task")} | {"base_model": facts.get("base")}
        return {"prompt": self.prompt, **told, **whose, **self.settings.request}
