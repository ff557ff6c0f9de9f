"""AugmentKnobs, the single declaration of every knob of an augmentation: its run's options, form and command line."""

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from pydantic import ValidationError

from .errors import ConfigError
from .knobs.knob import Knob, Section, knob
from .made import KIND

__all__ = ["KIND", "MODELS", "AugmentKnobs", "checked", "knobs"]

# Of the environment these alone reach a run: see environment() of the app's engine_process.
_KEY_VARIABLE = re.compile(r"TUNEDECK_[A-Z0-9_]+")

# The knobs that may name a run's weights: run:ID.
MODELS = ("generator_model", "back_model", "judge", "perplexity_model")
_NEEDED = {
    "mask": ("generator_model",),
    "model": ("generator_model",),
    "back-translation": ("generator_model", "back_model"),
    "endpoint": ("url", "generator_model"),
    "command": ("command",),
}


class AugmentKnobs(Section):
    """Everything that decides which synthetic rows a run makes, and which of them it keeps."""

    generator: Literal["edits", "mask", "model", "back-translation", "endpoint", "command"] = knob(
        "edits",
        "What makes the rows: small edits, words put in by an encoder, a model of yours, two translating models, a"
        " server that speaks OpenAI's protocol, or a command that reads and writes JSON lines.",
    )
    only: str = knob("", "Which rows to make them from, such as label=neutral or label=neutral,mixed; empty is all.")
    per_row: int = knob(2, "Synthetic rows for each source row.", unit="rows", minimum=1, maximum=1000)
    balance: float = knob(
        0.0,
        "Instead of per_row, bring every label up to this share of the largest one's rows; 1 makes them equal.",
        minimum=0.0,
        maximum=1.0,
    )
    max_rows: int = knob(0, "Make so many rows at most; 0 is no limit.", unit="rows", minimum=0, maximum=100_000_000)
    seed: int = knob(42, "The same seed makes the same rows.", minimum=0, maximum=2**31 - 1)

    edits: str = knob("swap delete typo", "Which edits are made: swap, delete, typo, case.", generator="edits")
    edit_share: float = knob(
        0.1,
        "Share of a text's words that are changed; at least one is.",
        above=0.0,
        maximum=1.0,
        generator="edits mask",
    )
    generator_model: str = knob(
        "",
        "The model that makes them: demo:smollm2, a folder, a hub id, run:ID, or its name at the endpoint.",
        generator="mask model back-translation endpoint",
    )
    back_model: str = knob(
        "", "The model that translates back what generator_model has translated.", generator="back-translation"
    )
    there_prefix: str = knob("", "Put before a text to be translated; T5 expects one.", generator="back-translation")
    back_prefix: str = knob("", "Put before a text to be translated back.", generator="back-translation")
    style: Literal["paraphrase", "like-label"] = knob(
        "paraphrase",
        "Say the same in other words, or write a new text like others of the same label.",
        generator="model endpoint",
    )
    prompt: str = knob(
        "",
        "What the model is told instead of its style's own prompt; {text}, {label} and {examples} stand in.",
        generator="model endpoint",
    )
    shots: int = knob(
        4, "Rows of the same label that are shown as examples.", minimum=1, maximum=32, generator="model endpoint"
    )
    temperature: float = knob(
        0.8,
        "How far from the likeliest words; 0 takes these.",
        minimum=0.0,
        maximum=5.0,
        generator="mask model back-translation endpoint",
    )
    top_p: float = knob(
        0.95,
        "Only the likeliest words that have this probability together.",
        above=0.0,
        maximum=1.0,
        generator="mask model back-translation endpoint",
    )
    max_new_tokens: int = knob(
        256,
        "Longest text that is written; it is cut off there.",
        unit="tokens",
        minimum=1,
        maximum=8192,
        generator="model back-translation endpoint",
    )
    rows_at_once: int = knob(
        8,
        "How many rows are made together; memory grows with it.",
        unit="rows",
        minimum=1,
        maximum=1024,
        generator="mask model back-translation endpoint",
    )
    url: str = knob("", "Where the server listens, such as http://localhost:8000/v1.", generator="endpoint")
    key_variable: str = knob(
        "TUNEDECK_API_KEY",
        "Environment variable that holds the key, never the key itself; others than TUNEDECK_... reach no run.",
        generator="endpoint",
    )
    input_price: float = knob(
        0.0,
        "US dollars for a million tokens that are read.",
        unit="US dollars",
        minimum=0.0,
        maximum=1e6,
        generator="endpoint",
    )
    output_price: float = knob(
        0.0,
        "US dollars for a million tokens that are written.",
        unit="US dollars",
        minimum=0.0,
        maximum=1e6,
        generator="endpoint",
    )
    command: str = knob(
        "", "Reads requests as JSON lines, and writes a line with the row for each.", generator="command"
    )
    timeout_seconds: float = knob(
        120.0,
        "Longest wait for an answer, or for a command's hundred.",
        unit="seconds",
        above=0.0,
        maximum=86400.0,
        generator="endpoint command",
    )

    length_min: float = knob(0.5, "Keep rows whose length is this share of their source's or more.", minimum=0.0)
    length_max: float = knob(2.0, "Keep rows whose length is this share of their source's or less.", above=0.0)
    source_similarity: float = knob(
        0.95,
        "Above this similarity to its source a row is too near to be of use; 1 keeps all.",
        minimum=0.0,
        maximum=1.0,
    )
    evaluation_similarity: float = knob(
        0.7,
        "From this similarity to an evaluation row on a row is left out; equal ones always are.",
        above=0.0,
        maximum=1.0,
    )
    judge: str = knob("", "A classifier (run:ID) that must find the source's label in the new row; empty asks nobody.")
    judge_min: float = knob(0.5, "How sure of that label the judge must be.", minimum=0.0, maximum=1.0)
    perplexity_model: str = knob("", "A causal model that says how odd a text is; empty asks none.")
    perplexity_min: float = knob(0.2, "Keep rows of this share of their source's perplexity or more.", minimum=0.0)
    perplexity_max: float = knob(4.0, "Keep rows of this share of their source's perplexity or less.", above=0.0)


def knobs() -> tuple[Knob, ...]:
    """Every knob in order; those of some generators alone apply only beside one of them."""
    return tuple(Knob.of(name, info, "Augmentation") for name, info in AugmentKnobs.model_fields.items())


def checked(values: Mapping[str, object]) -> AugmentKnobs:
    """The knobs that the values make.

    Raises:
        ConfigError: naming the first bad one; or the generator lacks what it works with.
    """
    try:
        made = AugmentKnobs.model_validate(dict(values))
    except ValidationError as error:
        raise _refusal(error) from None
    for name in _NEEDED.get(made.generator, ()):
        if not getattr(made, name):
            raise ConfigError(f"{name} is empty: the generator {made.generator} needs one.", _help(name), field=name)
    for low, high in (("length_min", "length_max"), ("perplexity_min", "perplexity_max")):
        if getattr(made, low) > getattr(made, high):
            raise ConfigError(f"{low} is above {high}, so that no row could be kept.", _help(low), field=low)
    if made.generator == "endpoint":
        _check_server(made)
    return made


def _check_server(knobs: AugmentKnobs) -> None:
    """Knobs are stored and shown, so none may hold a secret; what is refused is not repeated."""
    if not _KEY_VARIABLE.fullmatch(knobs.key_variable):
        raise ConfigError(
            "key_variable is no name of a variable that begins with TUNEDECK_.",
            _help("key_variable"),
            field="key_variable",
        )
    try:
        parts = urlsplit(knobs.url)
        is_place = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise ConfigError("url is no address.", _help("url"), field="url") from None
    if not is_place or parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigError("url is not http:// or https:// with a host and a path alone.", _help("url"), field="url")


def _refusal(error: ValidationError) -> ConfigError:
    first = error.errors()[0]
    name = str(first["loc"][0])
    if name not in AugmentKnobs.model_fields:
        return ConfigError(f"{name} is not a knob.", "tunedeck data augment --help lists them.", field=name)
    found = Knob.of(name, AugmentKnobs.model_fields[name], "Augmentation")
    value = str(first["input"])[:80] or "empty"
    return ConfigError(f"{name} is {value}: expected {found.expected}.", found.help, field=name)


def _help(name: str) -> str:
    return AugmentKnobs.model_fields[name].description or ""
