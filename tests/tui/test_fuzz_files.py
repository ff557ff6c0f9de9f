"""Whatever stands in the user's own files, and whatever is typed as a filter of rows, the app has a sentence for it."""

from pathlib import Path
from typing import Any

import numpy as np
import tomli_w
from fuzzing import holds, lengths
from hypothesis import strategies as st
from tunedeck.engine.data import rows_file as written
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.store.errors import UserError
from tunedeck.store.paths import config_folder
from tunedeck.tui import key_map, settings, themes
from tunedeck.tui.clean import clean_line
from tunedeck.tui.key_map import action_id, screen_id
from tunedeck.tui.rows import row_filter
from tunedeck.tui.rows.row_filter import RowFilter, Rows, Term
from tunedeck.tui.rows.rows_file import RowsFile
from tunedeck.tui.screens.every import all_screens
from tunedeck.tui.widgets.keys import bindings_of

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
IN_TOML = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | WORDS | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
PIECES = [
    *"=[]{}\"'#.,\n\t\0\u202e", "'''", '"""', "[[", "a = " + "9" * 4400, "a = " + "[" * 2000, "a." * 2000, "1979-13-01",
    "\x1b[2J",
]  # fmt: skip
TEXT = st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
BYTES = st.binary(max_size=40) | TEXT.map(lambda text: text.encode("utf-8", "surrogatepass"))


def as_toml(tables: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[bytes]:
    return tables.map(lambda table: tomli_w.dumps(table).encode())


COLORS = st.sampled_from(["#5fafff", "red", "rgb(1,2,3)", "hsl(0,0%,0%)", "ansi_red", "#12345", "auto 50%", "$a", ""])
THEMES = st.fixed_dictionaries(
    {"name": st.just("mine") | WORDS, "dark": st.booleans() | IN_TOML},
    optional={
        "colors": st.dictionaries(st.sampled_from(themes.COLORS) | WORDS, COLORS | IN_TOML, max_size=4) | IN_TOML,
        "chart": st.dictionaries(st.sampled_from(["train", "eval", "series"]) | WORDS, COLORS | IN_TOML, max_size=3),
        "variables": st.dictionaries(WORDS, COLORS | st.just("bold not dim") | IN_TOML, max_size=3),
    },
)


@lengths(200)
def test_any_theme_is_loaded_or_told(tmp_path: Path, examples: int) -> None:
    ours = set(themes.load_themes(tmp_path)[0])

    def check(content: bytes) -> None:
        (tmp_path / "mine.toml").write_bytes(content)
        loaded, failed = themes.load_themes(tmp_path)
        assert len(failed) <= 1 and all(
            "was left out" in sentence and clean_line(sentence) == sentence for sentence in failed
        )
        assert ours <= set(loaded) and all(theme.textual() for name, theme in loaded.items() if name not in ours)

    holds(check, examples, BYTES | as_toml(THEMES))


SCREENS = all_screens()
ACTIONS = sorted({action_id(binding) for screen in SCREENS for binding in bindings_of(screen)})
KEYS = st.sampled_from(
    ["x", "X", "?", "ctrl+x", "f5", "space", "esc", "ctrl+c", "tab", "ctrl+shift+1", "shift+a", "é", "+", ""]
)
WISHES = st.dictionaries(
    st.sampled_from([*map(screen_id, SCREENS), "everywhere", *ACTIONS]) | WORDS,
    st.dictionaries(st.sampled_from(ACTIONS) | WORDS, KEYS | st.lists(KEYS, max_size=3) | IN_TOML, max_size=4)
    | IN_TOML,
    max_size=3,
)


@lengths(60)
def test_any_keys_leave_every_action_one(examples: int) -> None:
    config_folder().mkdir()
    file = config_folder() / "keys.toml"
    before = {screen: {action_id(one) for one in key_map.KeyMap().bindings(screen)} for screen in SCREENS}

    def check(content: bytes) -> None:
        file.write_bytes(content)
        mine, faults = key_map.read(file)
        faults += mine.faults(SCREENS)
        assert all(clean_line(sentence) == sentence for sentence in faults)
        for screen in SCREENS:
            laid = mine.bindings(screen)
            keys = [key for binding in laid for key in binding.key.split(",")]
            assert {action_id(binding) for binding in laid} == before[screen] and len(set(keys)) == len(keys)

    holds(check, examples, BYTES | as_toml(WISHES))


@lengths(200)
def test_any_settings_are_read_or_told_and_can_be_written_over(examples: int) -> None:
    config_folder().mkdir()
    file = config_folder() / "settings.toml"
    tables = st.dictionaries(st.sampled_from(["theme", "tour_shown"]) | WORDS, IN_TOML, max_size=3)

    def check(content: bytes, theme: str) -> None:
        file.write_bytes(content)
        settings.read()
        settings.chosen_theme({"deck-dark"})
        assert settings.remember("The theme", theme=theme, tour_shown=True) == ""
        assert settings.read() == (settings.Settings(theme, True), "")

    names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10)
    holds(check, examples, BYTES | as_toml(tables), names)


# the filter of rows

RECORDS = [
    RowRecord(1, '{"text": "A Refund, please", "label": "neg"}'),
    RowRecord(4, "", "not valid JSON (column 1)"),
    RowRecord(9, '{"text": "said \\"no\\" twice", "label": "pos"}', "", 1, "edits:swap"),
]
VALUES = st.text(st.characters(exclude_characters='"'), max_size=8)
TERMS = st.builds(Term, st.just("word"), st.just("="), VALUES, st.booleans()) | st.builds(
    Term, st.just("kind"), st.just("="), st.sampled_from(row_filter.KINDS), st.booleans()
) | st.builds(
    Term, st.sampled_from(["line", "length", "tokens"]), st.sampled_from(["=", "!=", "<", ">", "<=", ">="]),
    st.integers(0, 10**18 - 1).map(str), st.booleans(),
) | st.builds(Term, st.just("label"), st.sampled_from(["=", "!="]), VALUES, st.booleans())  # fmt: skip
TYPED = st.lists(
    st.sampled_from(
        ["!", '"', " ", "is:", "is:bad", "line", "tokens", "label", "<", ">=", "!=", "=", "9" * 19, "(", "\\"]
    ),
    max_size=8,
).map("".join)


def said(term: Term) -> str:
    """The term as somebody would type it."""
    words = {"word": f'"{term.value}"', "kind": f"is:{term.value}"}
    sign = "!" if term.negated else ""
    return sign + words.get(term.field, f'{term.field}{term.operator}"{term.value}"')


@lengths(300)
def test_a_filter_of_rows_is_read_as_it_was_meant(examples: int) -> None:
    def check(terms: list[Term]) -> None:
        assert row_filter.parse("  ".join(map(said, terms))) == RowFilter(tuple(terms))

    holds(check, examples, st.lists(TERMS, max_size=4))


@lengths(150)
def test_any_filter_of_rows_picks_or_is_told(tmp_path: Path, examples: int) -> None:
    written.write(tmp_path / "rows.parquet", RECORDS)
    rows = Rows(RowsFile(tmp_path / "rows.parquet"), np.array([False, True, False]))

    def check(text: str) -> None:
        try:
            places = row_filter.find(row_filter.parse(text), rows)
        except UserError as error:
            assert error.what
            return
        assert places.tolist() == sorted(set(places.tolist())) and set(places.tolist()) <= {0, 1, 2}

    holds(check, examples, st.text(max_size=20) | TYPED)
