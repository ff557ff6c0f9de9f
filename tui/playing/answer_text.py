"""How answers look: parts of text, those that matter marked; labels as bars, entities and found answers in place."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rich.cells import cell_len

from ..clean import clean, clean_line
from ..widgets.cells import fit_text
from ..word_difference import marked
from ..words import bar
from .exchange import Exchange

# Controls, of which `clean` leaves none in a text.
_BEGIN, _END = "\x01", "\x02"
_MARKS = (_BEGIN, _END)
_BAR_CELLS = 12
_MOST_LABELS = 40
_LABEL_CELLS = 20


class Part(NamedTuple):
    """A stretch of text, and whether it is marked."""

    text: str
    is_marked: bool = False


Parts = Sequence[Part]


def answers(exchange: Exchange, *, ascii_only: bool = False) -> dict[str, Parts]:
    """What each model's pane shows; once both have written all, the words that only one has are marked."""
    told = exchange.told
    if len(told) == 2 and all(one.is_whole and "tokens" in one.facts for one in told.values()):
        base, tuned = marked(clean(told["base"].text), clean(told["tuned"].text), removed=_MARKS, added=_MARKS)
        return {"base": _parts(base), "tuned": _parts(tuned)}
    return {which: of_answer(one.text, one.facts, ascii_only=ascii_only) for which, one in told.items()}


def of_answer(text: str, facts: Mapping[str, Any], *, ascii_only: bool = False) -> Parts:
    """One answer by itself, in the form that suits its task."""
    if "probabilities" in facts:
        return _bars(facts["probabilities"], ascii_only=ascii_only)
    if "entities" in facts:
        return _entities(str(facts["of"]), facts["entities"])
    if "null_score" in facts:
        return _found(facts)
    return [Part(clean(text))]


def _parts(text: str) -> Parts:
    found: list[Part] = []
    for stretch in text.split(_BEGIN):
        inside, has_end, behind = stretch.rpartition(_END)
        found += [Part(inside, is_marked=True)] if has_end else []
        found += [Part(behind)] if behind else []
    return found


def _bars(probabilities: Mapping[str, float], *, ascii_only: bool) -> Parts:
    """The likeliest first; its line is marked."""
    likely = sorted(probabilities.items(), key=lambda item: -item[1])
    width = min(max((cell_len(clean_line(name)) for name, _ in likely), default=0), _LABEL_CELLS)
    lines = [
        f"{fit_text(name, width)}  {bar(_finite(value), _BAR_CELLS, ascii_only=ascii_only)} {value:6.1%}\n"
        for name, value in likely[:_MOST_LABELS]
    ]
    more = len(likely) - _MOST_LABELS
    lines += [f"and {more:,} less likely ones"] if more > 0 else []
    return [Part(line, is_marked=place == 0) for place, line in enumerate(lines)]


def _finite(value: float) -> float:
    """What a model that has gone wrong says may be no number: its bar is empty."""
    return value if math.isfinite(value) else 0.0


def _entities(text: str, entities: Sequence[Mapping[str, Any]]) -> Parts:
    """`[Ada Lovelace PER] lived in [London LOC]`: in brackets too, as a style alone is lost in a copy."""
    if not entities:
        return [Part(clean(text)), Part("\n\n(no entities)")]
    found, at = [], 0
    for entity in entities:
        start, end = int(entity["start"]), int(entity["end"])
        found.append(Part(clean(text[at:start])))
        found.append(Part(f"[{clean(text[start:end])} {clean_line(str(entity['type']))}]", is_marked=True))
        at = end
    found.append(Part(clean(text[at:])))
    return [*found, Part("\n\n" + "\n".join(_entity_line(text, entity) for entity in entities))]


def _entity_line(text: str, entity: Mapping[str, Any]) -> str:
    name = clean_line(text[int(entity["start"]) : int(entity["end"])])
    return f"{clean_line(str(entity['type']))}: {name}  {float(entity['score']):.2f}"


def _found(facts: Mapping[str, Any]) -> Parts:
    """The answer, and its place in the context."""
    scores = f"score {facts['score']:.2f}, that there is none {facts['null_score']:.2f}"
    context, start, end = str(facts["of"]), facts.get("start"), facts.get("end")
    if start is None or end is None:
        return [Part("(no answer)", is_marked=True), Part(f"   {scores}\n\n{clean(context)}")]
    return [
        Part(clean_line(str(facts["answer"])), is_marked=True),
        Part(f"   {scores}\n\n{clean(context[:start])}"),
        Part(f"[{clean(context[start:end])}]", is_marked=True),
        Part(clean(context[end:])),
    ]
