"""The user's keys hold where they can; what can't be used is told in a sentence, and the rest of the file works."""

import json
from pathlib import Path

import every_state
import pytest
from cockpit import opened
from command import refused, say
from keyboard import shown
from tunedeck.store.paths import Home, config_folder
from tunedeck.tui import key_map
from tunedeck.tui.key_map import action_id, screen_id
from tunedeck.tui.screens.ask import Ask
from tunedeck.tui.screens.deck import DeckScreen
from tunedeck.tui.screens.every import all_screens
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.mask import MaskScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.widgets.keys import bindings_of

Kind = type[DeckScreen]


def write(text: str) -> Path:
    config_folder().mkdir(exist_ok=True)
    (config_folder() / "keys.toml").write_text(text)
    return config_folder() / "keys.toml"


def read(text: str) -> tuple[key_map.KeyMap, list[str]]:
    mine, faults = key_map.read(write(text))
    return mine, [*faults, *mine.faults(all_screens())]


def keys(mine: key_map.KeyMap, screen: Kind) -> dict[str, str]:
    return {action_id(binding): binding.key for binding in mine.bindings(screen)}


@pytest.mark.parametrize("screen", all_screens(), ids=screen_id)
def test_each_action_of_a_screen_has_an_id_of_its_own(screen: Kind) -> None:
    ids = [action_id(binding) for binding in bindings_of(screen)]
    assert sorted(set(ids)) == sorted(ids)
    assert all(ids)


def test_without_a_file_every_key_is_as_it_was(home: Home) -> None:
    mine, faults = key_map.read(config_folder() / "keys.toml")
    assert faults == mine.faults(all_screens()) == []
    assert all(mine.bindings(screen) == bindings_of(screen) for screen in all_screens())


def test_the_map_that_is_printed_changes_nothing(home: Home) -> None:
    mine, faults = read(say("keys", "--toml").stdout)
    assert faults == []
    for screen in all_screens():
        changed = [one for one in mine.bindings(screen) if one not in bindings_of(screen)]
        assert [(one.action, one.key) for one in changed if one.key not in _written_otherwise(screen, one.action)] == []


def _written_otherwise(screen: Kind, action: str) -> set[str]:
    """The keys of an action in any order."""
    declared = next(one.key for one in bindings_of(screen) if one.action == action)
    return {declared, ",".join(reversed(declared.split(",")))}


def test_a_key_that_another_action_has_goes_over_where_that_keeps_one(home: Home) -> None:
    mine, faults = read('[mask]\nbars = "N"\n')
    assert faults == []
    assert keys(mine, MaskScreen)["bars"] == "N"
    assert keys(mine, MaskScreen)["row-before"] == "left_square_bracket,h,left"


def test_two_actions_may_change_places(home: Home) -> None:
    mine, faults = read('[runs]\nstop = "d"\ndelete = ["s", "ctrl+x"]\n')
    assert faults == []
    assert (keys(mine, RunsScreen)["stop"], keys(mine, RunsScreen)["delete"]) == ("d", "s,ctrl+x")


def test_two_actions_of_every_screen_may_change_places(home: Home) -> None:
    mine, faults = read('[everywhere]\ntheme = "?"\nhelp = "t"\n')
    assert faults == []
    assert (keys(mine, RunScreen)["theme"], keys(mine, RunScreen)["help"]) == ("question_mark", "t")


@pytest.mark.parametrize("action", ["accept", "help"])
def test_no_wish_for_everywhere_takes_the_only_key_of_another(home: Home, action: str) -> None:
    mine, _ = read(f'[everywhere]\n{action} = "1"\n')
    assert {keys(mine, screen)["runs"] for screen in all_screens() if "home" not in screen.WITHOUT} == {"1"}


def test_everywhere_gives_way_to_a_screens_own_key(home: Home) -> None:
    mine, faults = read('[everywhere]\ntheme = "s"\nhelp = ["f1", "?"]\n[run]\nhelp = "f2"\n')
    assert keys(mine, NewRunScreen)["help"] == "f1,question_mark"
    assert keys(mine, RunScreen)["help"] == "f2"
    assert keys(mine, DeckScreen)["theme"] == "s"
    assert keys(mine, RunsScreen)["theme"] == "t"
    assert "keys.toml, [everywhere] theme: taken on the screen runs, where it stays t." in faults


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = ", "keys.toml can't be used: "),
        ('[rnus]\nstop = "x"', "keys.toml, [rnus]: no screen is called so. Did you mean runs?"),
        ('[runs]\nstopp = "x"', "keys.toml, [runs] stopp: there is no such action. Did you mean stop?"),
        ("[runs]\nstop = 7", "keys.toml, [runs] stop: expected a key or a list of keys."),
        ('[runs]\nstop = "foo"', "keys.toml, [runs] stop: no key is called 'foo'."),
        ('[runs]\nstop = ""', "no key is called ''."),
        ('[runs]\nstop = "\\u001b[31m"', "keys.toml, [runs] stop: no key is called "),
        ('[runs]\nstop = "ctrl+i"', "ctrl+i never arrives as such: terminals send it as tab; choose another key."),
        ('[runs]\nstop = "Ctrl+M"', "Ctrl+M never arrives as such: terminals send it as enter; choose another key."),
        ('[runs]\nstop = "ctrl+["', "terminals send it as esc"),
        ('[runs]\nstop = "ctrl+shift+x"', "terminals don't tell it apart"),
        ('[runs]\nstop = "shift+x"', "terminals don't tell it apart"),
        ('[runs]\nstop = "ctrl+1"', "terminals send the digit alone"),
        ('[runs]\nstop = "j"', "[runs] stop: j is for moving in lists and texts, and opening; choose another key."),
        ('[runs]\nstop = "enter"', "enter is for moving in lists and texts, and opening; choose another key."),
        ('[runs]\nstop = "d"', "[runs] stop: that leaves Delete without a key; give it another."),
        ('[runs]\nstop = "x"\ndelete = "x"', "[runs] delete: x is wanted for Stop too; choose one of them."),
        ('[runs]\nstop = "?"', "[runs] stop: that leaves Help without a key; give it another."),
        ('[everywhere]\naccept = "1"', "keys.toml, [everywhere] accept: there is no such action."),
        ('[everywhere]\nhelp = "1"', "[everywhere] help: that leaves Runs without a key; give it another."),
        ('nothing = "x"', "keys.toml, [everywhere] nothing: there is no such action."),
    ],
)
def test_what_cannot_be_used_is_told_and_the_rest_works(home: Home, text: str, told: str) -> None:
    mine, faults = read(text + ('\n[run]\nstop = "f9"\n' if text != "x = " else ""))
    assert len(faults) == 1
    assert told in faults[0]
    assert faults[0].isprintable()
    assert keys(mine, RunScreen)["stop"] == ("f9" if text != "x = " else "s")


def test_a_file_that_cannot_be_read_is_told(home: Home) -> None:
    (config_folder() / "keys.toml").mkdir(parents=True)
    assert "can't be read (Is a directory)" in key_map.read(config_folder() / "keys.toml")[1][0]


async def test_a_users_key_acts_and_stands_in_footer_help_and_palette(seeded: Home) -> None:
    write('[runs]\nmark = "F"\nfork = "ctrl+f"\n[everywhere]\nhelp = "f1"\n')
    async with opened(seeded, (160, 48)) as cockpit:
        await cockpit.until_shown("F Mark", "f1 Help", "ctrl+f Fork")
        await cockpit.press("f")
        assert shown(cockpit, RunsScreen)()
        await cockpit.press("F")
        assert cockpit.status.startswith("1 marked")
        await cockpit.press("ctrl+f")
        await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
        await cockpit.press("f1")
        await cockpit.until(shown(cockpit, HelpScreen), "help is open from any screen")
        await cockpit.press("q", "q")
        await cockpit.press("f1")
        await cockpit.until_shown("F               Mark the run")
        await cockpit.press("q", "colon", *"mark")
        await cockpit.until_shown("mark", " F ")


async def test_sentences_name_the_users_keys(home: Home) -> None:
    write('[new-run]\nanew = "f5"\nlaunch = "f7"\n[data]\nimport = "f8"\n[runs]\nnew-run = "f9"\n')
    async with opened(home) as cockpit:
        await cockpit.press("f9")
        await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
        await cockpit.press("k")
        await cockpit.until_shown("f7 launches.")
        await cockpit.press("j", "enter", "x", "enter", "q")
        assert cockpit.status == "The form is kept: f9 goes on with it."
        await cockpit.press("f9")
        await cockpit.until_shown("The form is as you left it; f5 begins anew.")
        await cockpit.press("3")
        await cockpit.until_shown("None yet: f8 makes")


async def test_keys_of_old_do_nothing_once_they_are_given_away(seeded: Home) -> None:
    write('[runs]\nstop = "d"\ndelete = "x"\n')
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["learns"].id)
        await cockpit.press("s")
        assert shown(cockpit, RunsScreen)()
        await cockpit.press("d")
        await cockpit.until(shown(cockpit, Ask), "d stops now")


@pytest.mark.parametrize("text", ['[runs]\nstop = "ctrl+i"\n', '[runs]\nstopp = "x"\n'])
async def test_a_bad_map_is_said_at_the_start(seeded: Home, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("tunedeck.tui.watch._IDLE_SECONDS", 0.1)
    write(text)
    async with opened(seeded) as cockpit:
        await cockpit.until(lambda: "keys.toml, [runs] stop" in cockpit.status, "it is said")
        await cockpit.until_shown("finished")


def test_the_verb_lists_all_keys_and_ends_with_1_on_faults(home: Home) -> None:
    told = say("keys")
    assert told.exit_code == 0
    assert ["everywhere", "help", "?", "All"] in [line.split()[:4] for line in told.stdout.splitlines()]
    write('[runs]\nstop = "ctrl+i"\nfork = "F"\n')
    told = say("keys", "runs", "--json")
    facts = json.loads(told.stdout)
    assert told.exit_code == 1
    assert {"screen": "runs", "action": "fork", "keys": ["F"], "words": "Fork"}.items() <= next(
        row for row in facts["keys"] if row["action"] == "fork"
    ).items()
    assert facts["faults"] == [told.stderr.strip()]
    assert {row["screen"] for row in facts["keys"]} == {"runs"}
    (config_folder() / "keys.toml").unlink()
    assert refused("keys", "nowhere").startswith("There is no screen 'nowhere'. The screens are everywhere, augment,")


def test_paths_says_where_everything_lies(home: Home) -> None:
    facts = json.loads(say("paths", "--json").stdout)
    assert facts["store"] == str(home.store)
    assert facts["keys"] == str(config_folder() / "keys.toml")
    assert facts["presets"] == str(config_folder() / "presets")
    assert f"TUNEDECK_HOME    {home.root}/runs" in say("paths").stdout
