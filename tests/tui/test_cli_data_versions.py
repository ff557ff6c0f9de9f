"""`tunedeck data` makes, lists, compares and hands out versions, and says what it did and what comes next."""

import json
from pathlib import Path

import pytest
from command import refused, say
from tunedeck.store import database, datasets
from tunedeck.store.paths import Home

CSV = """text,label,day
the first of all texts,good,2024-01-01
the second text of them,bad,2024-01-02
the first  OF ALL texts,good,2024-02-03
another one that is short,bad,2024-03-04
and at last the very last,good,2024-03-05
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "My reviews.csv"
    path.write_text(CSV)
    return path


def done(*arguments: str) -> list[str]:
    """The lines that a command printed, which did what it was asked to."""
    told = say("data", *arguments)
    assert told.exit_code == 0, told.output
    return told.stdout.splitlines()


def test_a_data_set_from_import_to_export(home: Home, source: Path, tmp_path: Path) -> None:
    """One way through, as each question to the engine takes its second."""
    assert done("import", str(source)) == [
        "my-reviews@v1 has 5 rows. 5 rows read from My reviews.csv.",
        "What is wrong with it: tunedeck data report data:my-reviews@v1",
    ]
    assert done("cure", "my-reviews", "--kind", "exact-duplicates", "--kind", "empty") == [
        "my-reviews@v2 has 4 rows. 1 row dropped: 1 exact duplicate.",
        "What differs: tunedeck data diff my-reviews@v1 my-reviews@v2",
    ]
    edited = json.loads(done("edit", "my-reviews@v2", "--line", "5", "--row", '{"text": "mended"}', "--json")[0])
    assert (edited["reference"], edited["operation"]["sentence"]) == ("data:my-reviews@v3", "1 row edited: line 5")
    assert done("drop", "my-reviews", "--rows", "2-4", "--name", "less")[0] == "less@v1 has 2 rows. 2 rows dropped."
    assert done("diff", "my-reviews@v1", "my-reviews@v3") == [
        "From my-reviews@v1 to my-reviews@v3, by line: 1 removed, 0 added, 1 changed, 3 the same.",
        "~ line 5:",
        '    text: "another one that is short" -> "mended"',
        '    label: "bad" -> null',
        '    day: "2024-03-04" -> null',
        '- line 4: {"text": "the first  OF ALL texts", "label": "good", "day": "2024-02-03"}',
    ]
    assert done("export", "my-reviews@v3", str(tmp_path / "out.jsonl")) == [
        f"{tmp_path}/out.jsonl has 4 rows of my-reviews@v3.",
    ]
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 4


def test_a_split_names_both_versions_for_the_run(home: Home, source: Path) -> None:
    told = "Split by day, the latest apart: 4 rows to train on, 1 for evaluation."
    assert done("split", str(source), "--by-time", "day", "--fraction", "0.2", "--name", "reviews") == [
        f"reviews-eval@v1 has 1 row. {told}",
        f"reviews@v2 has 4 rows. {told}",
        'Train with data = "data:reviews@v2" and eval_data = "data:reviews-eval@v1".',
    ]
    titles, *rows = done("versions", "reviews")
    assert titles.split() == ["version", "rows", "bad", "for", "from", "made", "how"]
    assert [row.split()[:5] for row in rows] == [
        ["reviews@v2", "4", "0", "train", "reviews@v1"],
        ["reviews@v1", "5", "0", "-", str(source).split()[0]],
    ]
    assert [json.loads(line)["reference"] for line in done("versions", "--json")] == [
        "data:reviews@v2", "data:reviews-eval@v1", "data:reviews@v1",
    ]  # fmt: skip


def test_what_can_not_be_done_is_one_sentence_and_makes_nothing(home: Home, source: Path) -> None:
    told = say("data", "split", str(source), "--by-time", "label")
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.splitlines()[-1].startswith("tunedeck: my-reviews@v1 lines 2, 3, 4, 5, 6: label is not an ISO")
    assert refused("data", "drop", "nothing", "--rows", "2").startswith("There is no data set nothing.")
    assert refused("data", "versions", "nothing").startswith("There is no data set nothing.")
    assert [dataset.label for dataset in datasets.of_all(database.connect(home))] == ["my-reviews@v1"]


@pytest.mark.parametrize("lines", ["", "x", "3-", "3-2", "1,,2", "-3"])
def test_lines_are_written_like_3_and_17_to_20(home: Home, lines: str) -> None:
    told = say("data", "drop", "reviews", f"--rows={lines}")
    assert told.exit_code == 2 and "is no line or range of lines; write them like 3,17-20." in told.stderr


def test_rows_are_split_one_way_at_a_time(home: Home) -> None:
    told = say("data", "split", "reviews", "--by-group", "a", "--stratified")
    assert told.exit_code == 2 and "one way at a time" in told.stderr


def test_a_version_goes_to_the_trash_and_comes_back(home: Home, source: Path) -> None:
    assert done("versions") == ["There are no data sets yet; tunedeck data import FILE makes one."]
    done("import", str(source), "--name", "reviews")
    assert done("delete", "reviews") == ["reviews@v1 is in the trash. tunedeck data restore reviews@v1 takes it out."]
    assert refused("data", "delete", "reviews").startswith("There is no data set reviews.")
    assert done("restore", "reviews@v1") == ["reviews@v1 is back."]
    assert done("versions", "reviews@v1")[1].startswith("reviews@v1  5")


def test_a_hostile_name_and_hostile_rows_are_shown_as_text(home: Home, tmp_path: Path) -> None:
    source = tmp_path / "a\x1b[31m.jsonl"
    source.write_text('{"text": "\\u001b]0;owned\\u0007 [red]x[/red]"}\n{"text": "b"}\n')
    assert "\x1b" not in "".join(done("import", str(source), "--name", "odd"))
    done("drop", "odd", "--rows", "1")
    told = "".join([*done("diff", "odd@v1", "odd@v2"), *done("versions")])
    assert "[red]x[/red]" in told and not {"\x1b", "\x07"} & {*told}
