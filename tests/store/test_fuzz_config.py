"""Whatever is typed or stands in a file, it is a configuration, a filter, a preset, or one sentence."""

import math
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from fuzzing import holds, lengths
from hypothesis import strategies as st
from tunedeck.store import preset, run_filter, space, toml, toml_text
from tunedeck.store.config import RunConfig, checked, knobs
from tunedeck.store.errors import UserError
from tunedeck.store.knobs.knob import Knob
from tunedeck.store.overview import Overview
from tunedeck.store.paths import config_folder
from tunedeck.store.records import Run

NEEDED = {"data": "rows.jsonl", "model": "a-model"}
NAMES = [knob.name for knob in knobs()]
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
# TOML has no null, and its integers are of 64 bits.
IN_TOML = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | WORDS | st.dates() | st.datetimes() | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
PIECES = [
    *"=[]{}\"'#.,\n\t\0", "\r\n", "'''", '"""', "[[", "]]", "[knobs]\n", "data = ", "r = 8\n", "true", "nan", "1e999",
    "1979-05-27T07:32:00Z", "25:61:00", "r = " + "9" * 4400, "r = " + "[" * 2000, "a." * 2000,
    "\\ud800", "\u202e", "kind = 'effort'\n",
]  # fmt: skip
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*PIECES, *NAMES[:12]]), max_size=10).map("".join),
    st.dictionaries(st.sampled_from([*NAMES, "knobs", "title", "kind"]) | WORDS, IN_TOML, max_size=5).map(
        tomli_w.dumps
    ),
)


def is_one_sentence(error: UserError) -> None:
    assert error.what and "Traceback" not in str(error) and "pydantic" not in str(error)


def good_values(knob: Knob) -> st.SearchStrategy[Any]:
    """Values that the knob takes, its ends among them."""
    info = RunConfig.model_fields[knob.name]
    ends = {name: getattr(rule, name) for rule in info.metadata for name in ("ge", "le", "gt") if hasattr(rule, name)}
    low, high = ends.get("ge", ends.get("gt", 0)), ends.get("le", 2**53)
    if knob.choices:
        return st.sampled_from(knob.choices)
    if knob.kind is bool:
        return st.booleans()
    if knob.kind is int:
        return st.integers(math.ceil(low) + ("gt" in ends), int(high))
    if knob.kind is float:
        return st.floats(low, high, exclude_min="gt" in ends, allow_nan=False)
    # The texts of knobs are stripped; those that name files stay as they are where there is no such file.
    texts = WORDS.map(str.strip).filter(bool)
    return st.lists(texts, max_size=3) if knob.kind is list else texts


CONFIGS = st.fixed_dictionaries(
    {knob.name: good_values(knob) for knob in knobs() if knob.required},
    optional={knob.name: good_values(knob) for knob in knobs() if not knob.required},
)


@lengths(150)
def test_a_configuration_is_the_same_after_a_way_through_toml(tmp_path: Path, examples: int) -> None:
    def check(values: dict[str, Any]) -> None:
        config = checked(values)
        assert checked(tomllib.loads(toml.dump(config))) == config
        assert checked(toml_text.read(toml_text.text_of(values))) == config
        (tmp_path / "run.toml").write_text(toml.dump(config), encoding="utf-8", newline="")
        assert checked(toml.read_values(tmp_path / "run.toml")) == config

    holds(check, examples, CONFIGS)


@lengths(300)
def test_any_text_is_a_configuration_or_a_sentence(tmp_path: Path, examples: int) -> None:
    path = tmp_path / "run.toml"

    def check(text: str) -> None:
        path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
        for act in (lambda: toml.load(path), lambda: checked(toml_text.read(text))):
            try:
                assert isinstance(act(), RunConfig)
            except UserError as error:
                is_one_sentence(error)

    holds(check, examples, TEXT)


@lengths(300)
def test_any_value_of_a_knob_is_taken_or_told(examples: int) -> None:
    def check(values: dict[str, Any]) -> None:
        try:
            checked(NEEDED | values)
        except UserError as error:
            is_one_sentence(error)

    holds(check, examples, st.dictionaries(st.sampled_from(NAMES) | WORDS, ANYTHING, max_size=3))


@lengths(300)
def test_any_setting_typed_is_taken_or_told(examples: int) -> None:
    typed = st.text(max_size=20) | st.lists(st.sampled_from(PIECES), max_size=5).map("".join)

    def check(name: str, text: str) -> None:
        try:
            toml.changed(dict(NEEDED), [f"{name}={text}"])
        except UserError as error:
            is_one_sentence(error)

    holds(check, examples, st.sampled_from(NAMES) | WORDS, typed)


@lengths(200)
def test_any_preset_is_loaded_or_told(examples: int) -> None:
    path = config_folder() / "presets" / "mine.toml"
    path.parent.mkdir(parents=True)

    def check(content: str | bytes) -> None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        found, failed = preset.load()
        assert len(failed) == ("mine" not in {one.name for one in found})

    holds(check, examples, TEXT | st.binary(max_size=40))


# the filter of runs

FIELDS = run_filter.fields()
VALUES = st.sampled_from(["1.2", "nan", "inf", "1e999", "-0", "2d", "9" * 400 + "w", "chat", "", "=", "~", "true"])
PARTS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "!", "!!", "tag:"]),
    st.sampled_from(FIELDS) | WORDS,
    st.sampled_from(["", "=", "!=", "<", "<=", ">", ">=", "~", "~="]),
    VALUES | WORDS,
)


def view(**changes: object) -> Overview:
    nothing = dict.fromkeys(Run.__dataclass_fields__)
    config = checked(NEEDED).model_dump_json()
    facts = {"number": 1, "id": "id1", "name": "A run", "state": "running", "kind": "new", "config": config}
    run = Run(**nothing | facts | {"created_at": 0.0} | changes)
    return Overview(run, "", 3, 1.5, math.nan, math.inf, None, None, (), None, 0.0, False, None, ("good",))


VIEWS = [view(), view(state="failed", cause="out of memory", parent_run="gone", sweep_id="lost")]


@lengths(300)
def test_any_filter_of_runs_picks_or_is_told(examples: int) -> None:
    def check(parts: list[str]) -> None:
        try:
            conditions = run_filter.parse(" ".join(parts))
            found = run_filter.matching(VIEWS, conditions)
        except UserError as error:
            return is_one_sentence(error)
        assert set(found) <= set(VIEWS)
        # All conditions are to hold, whatever their order.
        assert found == run_filter.matching(VIEWS, reversed(conditions))

    holds(check, examples, st.lists(PARTS | st.text(max_size=12), max_size=4))


def part_the_runs(part: str) -> None:
    try:
        some, others = (run_filter.matching(VIEWS, run_filter.parse(sign + part)) for sign in ("", "!"))
    except UserError as error:
        return is_one_sentence(error)
    assert sorted(map(id, some + others)) == sorted(map(id, VIEWS))


@pytest.mark.parametrize("part", ["\r1.2", "\x85run", " !run", " !", " ! "])
def test_a_condition_behind_white_space_and_its_opposite_part_the_runs(part: str) -> None:
    part_the_runs(part)


@lengths(200)
def test_a_condition_and_its_opposite_part_the_runs(examples: int) -> None:
    holds(part_the_runs, examples, PARTS.filter(lambda part: len(part.split()) == 1 and not part.startswith("!")))


@lengths(200)
def test_any_space_of_a_sweep_is_read_or_told(examples: int) -> None:
    ends = st.sampled_from(["1e-5", "0", "nan", "8", "-1", "64", "inf", "", "9" * 400])
    ranges = st.builds("{}{}{}".format, ends, st.sampled_from(["..", ",", ":", " .. ", "..log "]), ends)
    settings = st.builds("{}={}".format, st.sampled_from(NAMES) | WORDS, ranges | st.text(max_size=12))

    def check(asked: list[str]) -> None:
        try:
            space.read(checked(NEEDED), asked)
        except UserError as error:
            is_one_sentence(error)

    holds(check, examples, st.lists(settings, max_size=3))
