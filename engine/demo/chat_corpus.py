"""demo:chat: the English dialogues of chatterbot-corpus as one file of chat rows."""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from . import unpack

FOLDER = "chatterbot_corpus/data/english"
# The largest topic, tech support, is 97 KB.
TOPIC_LIMIT_BYTES = 4 * 2**20
# PyYAML has the C loader where libyaml was there when it was built; it reads the corpus in 0.02 s instead of 0.28.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def convert(wheel: Path, target: Path) -> None:
    """Write a `.jsonl` file of 2,025 rows, `{"messages": [user, assistant], "topic": ...}`, topics in order of name.

    A row is the opening of a conversation: its first statement and the first answer to it. What follows is, by topic,
    either further answers to the same question (emotion, computers) or a chat that goes on (conversations, sports);
    nothing in the files tells which, so it is left out. One entry of trivia is a bare string, and is left out too.
    Duplicates stay: 897 rows are distinct; tech support has 1,050 rows of which 10 are.

    Raises FetchError where the wheel can't be read.
    """
    topics = unpack.read_folder(wheel, FOLDER, ".yml", TOPIC_LIMIT_BYTES)
    with target.open("w", encoding="utf-8") as file:
        for name, content in topics.items():
            topic = name.removesuffix(".yml").replace("_", " ")
            for question, answer in _openings(content):
                file.write(json.dumps(_row(question, answer, topic), ensure_ascii=False) + "\n")


def _openings(content: bytes) -> Iterator[tuple[str, str]]:
    for conversation in yaml.load(content, Loader=LOADER)["conversations"]:
        if isinstance(conversation, list) and len(conversation) > 1:
            yield str(conversation[0]), str(conversation[1])


def _row(question: str, answer: str, topic: str) -> dict[str, object]:
    messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return {"messages": messages, "topic": topic}
