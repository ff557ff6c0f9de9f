"""One thing that can be done by typing its words, and how what was typed finds it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Command:
    """`words` name it and `told` says what it does; where it can't be done now `why_not` is the reason."""

    key: str
    words: str
    told: str
    act: Callable[[], object]
    keys: str = ""
    why_not: str = ""
    _name: str = field(init=False)
    _text: str = field(init=False)

    def __post_init__(self) -> None:
        # 10,000 runs are looked through at each key: folded once, that takes a third of the time.
        object.__setattr__(self, "_name", self.words.casefold())
        object.__setattr__(self, "_text", f"{self.words} {self.told}".casefold())


def matching(commands: Iterable[Command], typed: str) -> list[Command]:
    """The commands in which every typed word occurs: first those that begin so, then those whose name has them all."""
    typed = typed.casefold().strip()
    found = list(commands)
    for word in typed.split():
        found = [command for command in found if word in command._text]
    begun = [command for command in found if command._name.startswith(typed)]
    others = [command for command in found if not command._name.startswith(typed)]
    named = others
    for word in typed.split():
        named = [command for command in named if word in command._name]
    is_named = {command.key for command in named}
    return begun + named + [command for command in others if command.key not in is_named]
