"""Conversations: one kind of row made from the four shapes in which chat data comes."""

from dataclasses import dataclass
from typing import Literal

from .faults import RowFault

Role = Literal["system", "user", "assistant"]

ROLES: dict[str, Role] = {
    "system": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
}
SHAPES = '"messages", "conversations", "instruction" with "output", or "prompt" with "completion"'


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True)
class ChatRow:
    """A conversation and the line it was read from, counted from 1."""

    line: int
    messages: tuple[Message, ...]


def messages_of(value: object) -> tuple[Message, ...]:
    """Make messages from a JSON value of any of the four shapes, told apart by its fields.

    `messages` (role, content) as OpenAI writes it, `conversations` (from, value) as ShareGPT does, `instruction`,
    `input`, `output` as Alpaca does, and `prompt`, `completion`. In the last three a field `system` opens the talk.

    Raises RowFault, naming the field.
    """
    if not isinstance(value, dict):
        raise RowFault(f"the row is {_kind(value)}, expected an object")
    messages = _from_shape(value)
    if "messages" not in value and messages[0].role != "system" and value.get("system") is not None:
        messages = (Message("system", _text(value["system"], "system")), *messages)
    _check_order(messages)
    return messages


def _from_shape(row: dict[str, object]) -> tuple[Message, ...]:
    for name in ("messages", "conversations"):
        if name in row:
            return _from_turns(row[name], name)
    if "instruction" in row and "output" in row:
        given = _text(row.get("input") or "", "input")
        instruction = _filled(row["instruction"], "instruction")
        return _pair(f"{instruction}\n\n{given}" if given.strip() else instruction, _filled(row["output"], "output"))
    if "prompt" in row and "completion" in row:
        return _pair(_filled(row["prompt"], "prompt"), _filled(row["completion"], "completion"))
    fields = ", ".join(repr(name[:20]) for name in list(row)[:6]) or "no fields"
    raise RowFault(f"the row has {fields}; expected {SHAPES}")


def _pair(question: str, answer: str) -> tuple[Message, ...]:
    return Message("user", question), Message("assistant", answer)


def _from_turns(turns: object, name: str) -> tuple[Message, ...]:
    if not isinstance(turns, list):
        raise RowFault(f"{name} is {_kind(turns)}, expected a list")
    if not turns:
        raise RowFault(f"{name} is empty")
    return tuple(_turn(turn, f"{name}[{index}]") for index, turn in enumerate(turns))


def _turn(turn: object, place: str) -> Message:
    if not isinstance(turn, dict):
        raise RowFault(f"{place} is {_kind(turn)}, expected an object")
    role_field, content_field = ("from", "value") if "from" in turn and "role" not in turn else ("role", "content")
    for name in (role_field, content_field):
        if name not in turn:
            raise RowFault(f"{place} has no {name}")
    role = _text(turn[role_field], f"{place}.{role_field}")
    if role not in ROLES:
        raise RowFault(f"{place}.{role_field} is {role[:20]!r}, expected system, user or assistant")
    # Without this a call would be left out of the text, and the model trained on an answer that was never given.
    if turn.get("tool_calls"):
        raise RowFault(f"{place}.tool_calls is filled; tool calls can't be trained")
    content_place = f"{place}.{content_field}"
    # An empty system turn has a meaning: it keeps a template from writing its own.
    content = (_text if ROLES[role] == "system" else _filled)(turn[content_field], content_place)
    return Message(ROLES[role], content)


def _filled(value: object, place: str) -> str:
    text = _text(value, place)
    if not text.strip():
        raise RowFault(f"{place} is empty")
    return text


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise RowFault(f"{place} is {_kind(value)}, expected text")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RowFault(f"{place} holds half a character (U+{ord(value[error.start]):04X})") from None
    return value


def _kind(value: object) -> str:
    """What JSON calls a value; `true` is an int in Python, so booleans come before numbers."""
    kinds = ((bool, "a boolean"), (int | float, "a number"), (str, "text"), (list, "a list"), (dict, "an object"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")


def _check_order(messages: tuple[Message, ...]) -> None:
    roles = [message.role for message in messages]
    if "assistant" not in roles:
        raise RowFault("there is no assistant turn, so nothing to train")
    if "user" not in roles[: roles.index("assistant")]:
        raise RowFault("the assistant speaks before the user")
