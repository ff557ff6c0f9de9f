"""What a model is told to write, and what of its answer is the new text."""

import re
from collections.abc import Sequence

from ...store.augment import AugmentKnobs
from .editable import Editable
from .generators.generator import Request

PARAPHRASE = (
    "Rewrite the following text in other words, with the same meaning. Answer with the new text alone.{keep}\n\n{text}"
)
LIKE_LABEL = (
    "Here are texts{label}:\n\n{examples}\n\nWrite one more such text, unlike these. Answer with the new text alone."
)
_FRAME = re.compile(r"^(?:sure|here(?: is|'s)|certainly|rewritten|new text|text)\b[^\n:]{0,80}:\s*", re.IGNORECASE)
_ITEM, _NEXT_ITEM = re.compile(r"^\d{1,2}[.)]\s+"), re.compile(r"\n\s*\d{1,2}[.)]\s")
_QUOTES = {'"': '"', "“": "”", "«": "»"}


def asks(knobs: AugmentKnobs, request: Request) -> list[tuple[int, str]]:
    """Which passages of the source are asked for, and the prompt of each."""
    source = request.source
    template = knobs.prompt or (PARAPHRASE if knobs.style == "paraphrase" else LIKE_LABEL)
    return [(number, _filled(template, source, number, request.examples)) for number in source.free]


def _filled(template: str, source: Editable, number: int, examples: Sequence[Editable]) -> str:
    passage = source.passages[number]
    kept = ", ".join(f'"{passage.text[span.start : span.end]}"' for span in passage.kept)
    shown = [row.texts[number] for row in (*examples, source) if number < len(row.texts)]
    parts = {
        "{keep}": f" Keep these words as they are: {kept}." if kept else "",
        "{label}": _label(template, source.label),
        "{examples}": "\n\n".join(f"{place}. {text}" for place, text in enumerate(shown, start=1)),
        "{text}": passage.text,
    }
    # In one go, since a text may hold what looks like another placeholder.
    return re.sub("|".join(map(re.escape, parts)), lambda found: parts[found[0]], template)


def _label(template: str, label: str) -> str:
    return (f' of the kind "{label}"' if label else "") if template == LIKE_LABEL else label


def new_text(answer: str, *, of_list: bool = False) -> str:
    """The text alone: without words around it, its number in a list, or quotation marks.

    With `of_list` it ends where a next item of a list begins: shown a list, small models go on with it.
    """
    text = _ITEM.sub("", _FRAME.sub("", answer.strip()))
    if of_list:
        text = _NEXT_ITEM.split(text)[0]
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1]
    return text.strip()
