"""Keys that come in a burst, over a slow line or from a fast hand: each waits until the one before it has acted."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event, Key, Paste

# A widget that goes away does not answer; nobody notices that the next key waits so long.
_PATIENCE_SECONDS = 0.1


class TypeAhead:
    """Gives one key at a time to whatever has the keys by then.

    Textual hands all keys that have come to what has the focus at that moment, before the first has acted: those behind
    a key that opens a line, a question or another screen would act as commands, though they were meant as text.
    """

    def __init__(self, app: App[Any], give: Callable[[Event], Awaitable[None]]) -> None:
        """`give` hands a key on to what has the focus."""
        self._app, self._give = app, give
        self._waiting = deque[Key | Paste]()
        self._following: asyncio.Task[None] | None = None
        self._is_acting = False

    async def take(self, typed: Key | Paste) -> None:
        """Give it, now or when its turn has come."""
        self._waiting.append(typed)
        if not self._is_acting:
            await self._give_next()

    def close(self) -> None:
        """What waits is not given any more."""
        self._waiting.clear()
        if self._following is not None:
            self._following.cancel()

    async def _give_next(self) -> None:
        self._is_acting = bool(self._waiting)
        if self._is_acting:
            target = self._target
            await self._give(self._waiting.popleft())
            self._following = asyncio.create_task(self._follow(target))

    async def _follow(self, target: DOMNode) -> None:
        """Until a key that was given to the target has acted; then the next one's turn has come."""
        # Twice: what a line says of a key, as that it was submitted, comes behind the key.
        for _ in range(2):
            await _answered(target)
        while (now := self._target) is not target:
            target = now
            await _answered(target)
        self._app.call_later(self._give_next)

    @property
    def _target(self) -> DOMNode:
        return self._app.focused or self._app.screen


async def _answered(target: DOMNode) -> None:
    """What was sent to the widget by now has gone through it and those around it, up to the app."""
    for node in target.ancestors_with_self:
        answered = asyncio.Event()
        if node.call_later(answered.set):
            with suppress(TimeoutError):
                await asyncio.wait_for(answered.wait(), _PATIENCE_SECONDS)
