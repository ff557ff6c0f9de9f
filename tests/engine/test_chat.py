"""The shapes of chat data, and the one row they all become."""

import pytest
from tunedeck.engine.data.chat import Message, messages_of

PAIR = (Message("user", "Hi"), Message("assistant", "Hello"))
WITH_SYSTEM = (Message("system", "Be kind."), *PAIR)

SHAPES: list[tuple[dict[str, object], tuple[Message, ...]]] = [
    ({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello", "name": "x"}]}, PAIR),
    ({"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}, PAIR),
    ({"conversations": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}, PAIR),
    ({"instruction": "Hi", "output": "Hello"}, PAIR),
    ({"instruction": "Hi", "input": "", "output": "Hello"}, PAIR),
    ({"instruction": "Hi", "input": None, "output": "Hello"}, PAIR),
    ({"prompt": "Hi", "completion": "Hello", "id": 7}, PAIR),
    ({"system": "Be kind.", "prompt": "Hi", "completion": "Hello"}, WITH_SYSTEM),
    (
        {
            "system": "Be kind.",
            "conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}],
        },
        WITH_SYSTEM,
    ),
]


@pytest.mark.parametrize(("row", "messages"), SHAPES)
def test_every_shape_becomes_the_same_messages(row: dict[str, object], messages: tuple[Message, ...]) -> None:
    assert messages_of(row) == messages


def test_alpaca_input_follows_the_instruction() -> None:
    assert messages_of({"instruction": "Add.", "input": "1 2", "output": "3"})[0].content == "Add.\n\n1 2"


def test_an_empty_system_turn_is_kept() -> None:
    turns = [{"role": "system", "content": ""}, *({"role": m.role, "content": m.content} for m in PAIR)]
    assert messages_of({"messages": turns}) == (Message("system", ""), *PAIR)
