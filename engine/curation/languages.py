"""Which language rows are in, where there is enough of them to tell."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from ..report import Report
from .finding import Finding
from .reading import Entry, Material
from .texts import parts_of
from .wording import percent, rows_say

# Below these a name or a number is easily taken for another language.
LEAST_LETTERS = 40
# All of 591 drug reviews were told to be English with this confidence by so many characters.
LEAST_CONFIDENCE = 0.9
LOOKED_AT_CHARACTERS = 120
SHOWN_LANGUAGES = 4
PROGRESS_ROWS = 5_000
# Web addresses look like some language or other; and so do words in brackets that mark up a text.
NO_WORDS = re.compile(r"https?://\S+|<[^<>]{1,80}>|[\d\W_]+")


def mixed_languages(material: Material, say: Report) -> Iterator[Finding]:
    """Rows in another language than most, by the code of ISO 639-1."""
    by_row: dict[int, str] = {}
    for number, entry in enumerate(material.entries):
        if number % PROGRESS_ROWS == 0:
            say(f"languages: {number / len(material.entries):.0%}")
        if language := _language(entry):
            by_row[entry.index] = language
    counts = Counter(by_row.values())
    main = counts.most_common(1)[0][0] if counts else ""
    rows = [index for index, language in by_row.items() if language != main]
    if rows:
        shares = ", ".join(f"{name} {percent(n, len(by_row))}" for name, n in counts.most_common(SHOWN_LANGUAGES))
        told = (
            f"{rows_say(len(rows), 'is', 'are')} not in {main}, the language of most ({shares}). Look whether that is"
            " meant."
        )
        yield Finding("languages", "info", told, rows)


def _language(entry: Entry) -> str:
    """The language of the row's first part, or nothing where it can't be told."""
    words = NO_WORDS.sub(" ", parts_of(entry.row)[0][: 2 * LOOKED_AT_CHARACTERS])[:LOOKED_AT_CHARACTERS]
    if len(words) < LEAST_LETTERS:
        return ""
    language, confidence = _identifier().classify(words)
    return language if confidence >= LEAST_CONFIDENCE else ""


@cache
def _identifier() -> LanguageIdentifier:
    # Read from its package, which takes half a second.
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
