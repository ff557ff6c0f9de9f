"""The conversation: requests are heard in a thread, so that a stop is heard while an answer is being written."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from jinja2 import TemplateError

from ...store.errors import DataError, UserError
from ..data.faults import RowFault
from ..tasks.causal_lm import CausalLM
from ..tasks.question_answering import QuestionAnswering
from ..tasks.seq2seq_lm import Seq2SeqLM
from ..tasks.sequence_classification import SequenceClassification
from ..tasks.token_classification import TokenClassification
from .players import Player, Players
from .reading import answered, classified, extracted
from .request import Request, Which, read
from .writing import written

Say = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Turn:
    """A request that is not answered yet; nobody but who asked may end it."""

    fields: dict[str, Any]
    stopped: Event = field(default_factory=Event)

    @property
    def id(self) -> object:
        return self.fields.get("id")

    def beat(self, expect_seconds: float) -> None:
        """Nobody waits for a sign of life: the pieces are one."""

    def stop_asked(self) -> bool:
        return self.stopped.is_set()

    def check(self) -> None:
        """What was written before the stop is an answer too."""


class Conversation:
    """Answers one request after the other until no more can come."""

    def __init__(self, players: Players, lines: Iterable[str], say: Say) -> None:
        self._players, self._lines, self._say = players, lines, say
        self._waiting: SimpleQueue[Turn | None] = SimpleQueue()
        self._open: list[Turn] = []

    def hold(self) -> None:
        """Return when the requests have ended and all of them are answered."""
        Thread(target=self._hear, daemon=True).start()
        while (turn := self._waiting.get()) is not None:
            self._answer(turn)
            self._open.remove(turn)

    # what is asked

    def _hear(self) -> None:
        for line in self._lines:
            if line.strip():
                self._take(line)
        self._waiting.put(None)

    def _take(self, line: str) -> None:
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            self._say({"id": None, "error": f"A request is one line of JSON: {error}."})
            return
        if not isinstance(fields, dict):
            self._say({"id": None, "error": 'A request is an object, such as {"id": 1, "prompt": "Hello"}.'})
            return
        if fields.get("stop"):
            # What is answered already can't be stopped, and another request may have its id by now.
            for turn in list(self._open):
                if turn.id == fields.get("id"):
                    turn.stopped.set()
            return
        turn = Turn(fields)
        self._open.append(turn)
        self._waiting.put(turn)

    # what is answered

    def _answer(self, turn: Turn) -> None:
        config = self._players.task.config
        try:
            request = read(turn.fields, max_new_tokens=config.max_new_tokens, seed=config.seed)
            for which in self._asked(request):
                self._answer_of(which, request, turn)
        except (UserError, RowFault) as error:
            self._say({"id": turn.id, "error": str(error)})
        except TemplateError as error:
            self._say({"id": turn.id, "error": f"The chat template refuses the conversation: {error}."})
        # Whatever a model stumbles over, memory or a length that nobody told: others are still to be asked.
        except (RuntimeError, ValueError, IndexError) as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            self._say({"id": turn.id, "error": f"The model failed: {reason}"})

    def _asked(self, request: Request) -> list[Which]:
        found: list[Which] = [which for which in request.which if which in self._players.by_name]
        if not found:
            raise DataError(f"There is no {request.which[0]} model in this conversation.")
        return found

    def _answer_of(self, which: Which, request: Request, turn: Turn) -> None:
        head = {"id": turn.id, "which": which}
        if turn.stop_asked():
            self._say(head | {"done": True, "text": "", "tokens": 0, "seconds": 0.0, "stopped": "asked"})
            return
        began = time.monotonic()
        told = self._told(request, self._players.by_name[which], turn, lambda piece: self._say(head | {"piece": piece}))
        self._say(head | {"done": True} | told | {"seconds": round(time.monotonic() - began, 4)})

    def _told(self, request: Request, player: Player, turn: Turn, piece: Callable[[str], None]) -> dict[str, object]:
        task = self._players.task
        if isinstance(task, SequenceClassification):
            return classified(request, task, player)
        if isinstance(task, TokenClassification):
            return extracted(request, task, player)
        if isinstance(task, QuestionAnswering):
            return answered(request, task, player, turn)
        assert isinstance(task, CausalLM | Seq2SeqLM)
        return written(request, task, player, turn, piece)
