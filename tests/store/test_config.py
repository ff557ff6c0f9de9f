"""The knobs: what they take, what is said of what they don't, and how they travel through TOML."""

from pathlib import Path

import pytest
from tunedeck.store import config, toml
from tunedeck.store.config import RunConfig, checked, knobs, problems
from tunedeck.store.errors import ConfigError

GOOD = {"data": "demo:chat", "model": "demo:smollm2"}
HOSTILE = 'a"b\\c\n\x1b]52;c;aGk=\x07\u202e"""\t\x7f é'


def bad_value(knob: config.Knob) -> object:
    """A value that no knob of that kind takes."""
    return {int: "many", float: "much", bool: "perhaps", list: 5}.get(knob.kind, 5)


@pytest.mark.parametrize("knob", knobs(), ids=lambda knob: knob.name)
def test_every_knob_has_a_sentence_and_says_what_it_expects(knob: config.Knob) -> None:
    assert knob.help.endswith(".") and knob.section in config.SECTIONS and knob.kind in (str, int, float, bool, list)
    sentence = problems({**GOOD, knob.name: bad_value(knob)})[knob.name]
    assert sentence.startswith(f"{knob.name} is {bad_value(knob)}: expected ")
    assert all(choice in sentence for choice in knob.choices) and sentence.endswith(knob.range)


@pytest.mark.parametrize("knob", [knob for knob in knobs() if knob.range], ids=lambda knob: knob.name)
def test_every_number_has_bounds_that_hold(knob: config.Knob) -> None:
    for beyond in (-1, 2**40, float("nan"), float("inf")):
        assert list(problems({**GOOD, knob.name: beyond})) == [knob.name]
    assert problems({**GOOD, knob.name: True})[knob.name] == f"{knob.name} is true: expected a number"


def test_defaults_are_within_their_own_bounds() -> None:
    assert problems({**{knob.name: knob.default for knob in knobs() if not knob.required}, **GOOD}) == {}


def test_an_unknown_knob_is_refused_with_the_closest_one() -> None:
    with pytest.raises(ConfigError) as caught:
        checked({**GOOD, "learning_rat": 1}, where=lambda field: f"{field} file")
    assert str(caught.value) == "learning_rat file: learning_rat is not a knob. Did you mean learning_rate?"
    assert caught.value.field == "learning_rat"
    with pytest.raises(ConfigError, match=r"zzz is not a knob[.] `tunedeck knobs` lists them all[.]"):
        checked({**GOOD, "zzz": 1})


def test_several_faults_are_counted_and_named() -> None:
    found = problems({"data": "", "r": 0, "prompts": [" "]})
    assert found == {"model": "model is missing", "r": "r is 0: expected a whole number, 1 to 1024"}
    with pytest.raises(ConfigError, match=r"seed is -1: .* \(1 more: r\)\."):
        checked({**GOOD, "r": 0, "seed": -1})


def test_what_is_empty_is_named() -> None:
    assert problems({**GOOD, "data": "  "}) == {"data": "data is empty: name one"}
    assert problems({**GOOD, "prompts": ["Hi", " "]}) == {"prompts": "prompts holds an empty prompt"}
    assert problems({**GOOD, "r": ""}) == {"r": "r is empty: expected a whole number, 1 to 1024"}


def test_numbers_as_typed_text_are_read() -> None:
    assert checked({**GOOD, "r": "8", "learning_rate": "1e-4", "drop_duplicates": "false"}) == checked(
        {**GOOD, "r": 8, "learning_rate": 1e-4, "drop_duplicates": False}
    )


def test_a_knob_of_another_method_does_not_apply() -> None:
    rank = next(knob for knob in knobs() if knob.name == "r")
    assert rank.applies({"method": "lora"}) and not rank.applies({"method": "full"})


def test_knobs_of_other_tasks_and_methods_have_no_effect() -> None:
    asked = checked({**GOOD, "method": "full", "r": 3, "r_drop_alpha": 2.0, "packing": True, "freeze_layers": 2})
    got = config.applied(asked)
    assert (got.r, got.r_drop_alpha, got.packing, got.freeze_layers) == (16, 0.0, True, 2)


def test_a_configuration_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        checked(GOOD).r = 3  # pyright: ignore[reportAttributeAccessIssue]


def test_toml_gives_back_what_it_was_given(tmp_path: Path) -> None:
    whole = checked({**GOOD, "name": f"x{HOSTILE}x", "prompts": [f"x{HOSTILE}x", "two"], "r": 8, "learning_rate": 1e-5})
    (tmp_path / "run.toml").write_text(toml.dump(whole), encoding="utf-8")
    assert toml.load(tmp_path / "run.toml") == whole
    assert "lora_alpha" not in toml.dump(whole)


def test_paths_in_a_file_are_relative_to_it_and_those_in_settings_to_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("configs", "here"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "rows.jsonl").touch()
    (tmp_path / "configs" / "run.toml").write_text('data = "rows.jsonl"\nmodel = "owner/name"\n')
    monkeypatch.chdir(tmp_path / "here")
    loaded = toml.load(Path("../configs/run.toml"))
    assert (loaded.data, loaded.model) == (str(tmp_path / "configs" / "rows.jsonl"), "owner/name")
    assert toml.load(Path("../configs/run.toml"), ["data=rows.jsonl"]).data == str(tmp_path / "here" / "rows.jsonl")


@pytest.mark.parametrize("name", ["x" * 5000, "~nobody-has-this-name/x", "a\\u0000b"])
def test_what_can_be_no_path_stays_as_it_is(name: str, tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text(f'data = "{name}"\nmodel = "m"\n')
    assert toml.load(tmp_path / "run.toml").data.startswith(name[:1])


def test_settings_lie_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text('data = "demo:chat"\nmodel = "m"\nr = 8\n')
    loaded = toml.load(tmp_path / "run.toml", ["r=4", "r = 2", 'prompts=["a", "b"]', "name=a=b"])
    assert (loaded.r, loaded.prompts, loaded.name) == (2, ["a", "b"], "a=b")


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("r", "--set 'r' has no key and value. Write it as --set learning_rate=1e-4."),
        ("=3", "--set '=3' has no key and value."),
        ("prompts=[", "prompts is '[': not a TOML list"),
        ("prompts=hello", "prompts is hello: expected a list of texts"),
        ("nope=1", "--set: nope is not a knob"),
        ("r=1.5", "--set: r is 1.5: expected a whole number, 1 to 1024"),
    ],
)
def test_a_bad_setting_is_one_sentence(setting: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text('data = "demo:chat"\nmodel = "m"\n')
    with pytest.raises(ConfigError) as caught:
        toml.load(tmp_path / "run.toml", [setting])
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"data = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"a = " + b"[" * 5000, "is not TOML"),
        (b"a = " + b"9" * 5000, "is not TOML"),
        (b"#" * 1_000_001, "is larger than 1 MB"),
        (None, "No such file"),
    ],
)
def test_a_file_that_is_no_configuration_is_one_sentence(content: bytes | None, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=reason) as caught:
        toml.load(path)
    assert str(path) in str(caught.value) and caught.value.next_step


def test_the_help_of_a_knob_is_one_line() -> None:
    assert all("\n" not in (field.description or "") for field in RunConfig.model_fields.values())
