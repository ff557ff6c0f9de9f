"""Conversations: one kind of row made from the four shapes in which chat data comes."""

from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from .faults import RowFault
from .row import Row

Role = Literal["system", "user", "assistant"]

ROLES: dict[str, Role] = {
    "system": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
}
SHAPES = '"messages", "conversations", "instruction" with "output", "prompt" with "completion", or "text"'
SHAPE_FIELDS = frozenset({"messages", "conversations", "instruction", "prompt"})


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True)
class ChatRow(Row):
    """A conversation."""

    messages: tuple[Message, ...]

    @property
    def identity(self) -> tuple[str, ...]:
        return _told(self.messages)

    @property
    def opening(self) -> tuple[Message, ...]:
        """Everything before the first answer."""
        return tuple(takewhile(lambda message: message.role != "assistant", self.messages))

    @property
    def question(self) -> tuple[str, ...]:
        """The opening: with a later one, `[u1, a1]` could be evaluated while `[u1, a1, u2, a2]` trains its answer."""
        return _told(self.opening)


def _told(messages: tuple[Message, ...]) -> tuple[str, ...]:
    return tuple(part for message in messages for part in (message.role, message.content))


def messages_of(value: object) -> tuple[Message, ...]:
    """Make messages from a JSON value of any of the four shapes of conversations, told apart by its fields.

    `messages` (role, content) as OpenAI writes it, `conversations` (from, value) as ShareGPT does, `instruction`,
    `input`, `output` as Alpaca does, and `prompt`, `completion`. In the last three a field `system` opens the talk.

    Raises RowFault, naming the field.
    """
    if not isinstance(value, dict):
        raise RowFault(f"the row is {kind_of(value)}, expected an object")
    messages = _from_shape(value)
    if "messages" not in value and messages[0].role != "system" and value.get("system") is not None:
        messages = (Message("system", text_of(value["system"], "system")), *messages)
    _check_order(messages)
    return messages


def _from_shape(row: dict[str, object]) -> tuple[Message, ...]:
    for name in ("messages", "conversations"):
        if name in row:
            return _from_turns(row[name], name)
    if "instruction" in row and "output" in row:
        given = text_of(row.get("input") or "", "input")
        instruction = filled_text_of(row["instruction"], "instruction")
        return _pair(
            f"{instruction}\n\n{given}" if given.strip() else instruction, filled_text_of(row["output"], "output")
        )
    if "prompt" in row and "completion" in row:
        return _pair(filled_text_of(row["prompt"], "prompt"), filled_text_of(row["completion"], "completion"))
    fields = ", ".join(repr(name[:20]) for name in list(row)[:6]) or "no fields"
    raise RowFault(f"the row has {fields}; expected {SHAPES}")


def _pair(question: str, answer: str) -> tuple[Message, ...]:
    return Message("user", question), Message("assistant", answer)


def _from_turns(turns: object, name: str) -> tuple[Message, ...]:
    if not isinstance(turns, list):
        raise RowFault(f"{name} is {kind_of(turns)}, expected a list")
    if not turns:
        raise RowFault(f"{name} is empty")
    return tuple(_turn(turn, f"{name}[{index}]") for index, turn in enumerate(turns))


def _turn(turn: object, place: str) -> Message:
    if not isinstance(turn, dict):
        raise RowFault(f"{place} is {kind_of(turn)}, expected an object")
    role_field, content_field = ("from", "value") if "from" in turn and "role" not in turn else ("role", "content")
    for name in (role_field, content_field):
        if name not in turn:
            raise RowFault(f"{place} has no {name}")
    role = text_of(turn[role_field], f"{place}.{role_field}")
    if role not in ROLES:
        raise RowFault(f"{place}.{role_field} is {role[:20]!r}, expected system, user or assistant")
    # Without this a call would be left out of the text, and the model trained on an answer that was never given.
    if turn.get("tool_calls"):
        raise RowFault(f"{place}.tool_calls is filled; tool calls can't be trained")
    content_place = f"{place}.{content_field}"
    # An empty system turn has a meaning: it keeps a template from writing its own.
    content = (text_of if ROLES[role] == "system" else filled_text_of)(turn[content_field], content_place)
    return Message(ROLES[role], content)


def filled_text_of(value: object, place: str) -> str:
    """Text that is more than white space. Raises RowFault, naming the place."""
    text = text_of(value, place)
    if not text.strip():
        raise RowFault(f"{place} is empty")
    return text


def text_of(value: object, place: str) -> str:
    """The value as text that can be written as UTF-8. Raises RowFault, naming the place."""
    if not isinstance(value, str):
        raise RowFault(f"{place} is {kind_of(value)}, expected text")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RowFault(f"{place} holds half a character (U+{ord(value[error.start]):04X})") from None
    return value


def kind_of(value: object) -> str:
    """What JSON calls a value; `true` is an int in Python, so booleans come before numbers."""
    kinds = ((bool, "a boolean"), (int | float, "a number"), (str, "text"), (list, "a list"), (dict, "an object"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")


def _check_order(messages: tuple[Message, ...]) -> None:
    roles = [message.role for message in messages]
    if "assistant" not in roles:
        raise RowFault("there is no assistant turn, so nothing to train")
    if "user" not in roles[: roles.index("assistant")]:
        raise RowFault("the assistant speaks before the user")
