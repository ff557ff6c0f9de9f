"""What single texts and labels are found to be: garbled, personal, foreign, uneven, near."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench import write_rows
from tunedeck.engine.curation.encodings import is_garbled
from tunedeck.engine.curation.lengths import histogram
from tunedeck.engine.curation.nearness import NearTexts
from tunedeck.engine.curation.pii import kinds_in
from tunedeck.engine.curation.report import report
from tunedeck.engine.curation.wording import percent


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TUNEDECK_CACHE", str(tmp_path / "cache"))

    def findings(rows: list[dict[str, object]]) -> dict[str, dict[str, Any]]:
        write_rows(tmp_path / "rows.jsonl", rows)
        return {finding["kind"]: finding for finding in report(str(tmp_path / "rows.jsonl"))["findings"]}

    return findings


@pytest.mark.parametrize(
    "text", ["cafÃ© au lait", "I donâ€™t know", "byte \ufffd lost", "a\x00b", "bell \x07", "\x93so\x94"]
)
def test_what_was_read_in_a_wrong_encoding_is_garbled(text: str) -> None:
    assert is_garbled(text)


@pytest.mark.parametrize(
    "text", ["café", "naïve “quotes” – and so", "Ärger, Übung", "你好，世界", "Привет", "👍🏽", "a\tb\n"]
)
def test_what_is_written_well_is_not_garbled(text: str) -> None:
    assert not is_garbled(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to jane.doe+x@mail.example.co.uk.", "mail addresses"),
        ("call +49 30 901820 now", "phone numbers"),
        ("call (555) 123-4567", "phone numbers"),
        ("call 555-123-4567.", "phone numbers"),
        ("my card is 4111 1111 1111 1111", "card numbers"),
        ("IBAN DE89 3704 0044 0532 0130 00", "bank accounts"),
        ("to GB82WEST12345698765432.", "bank accounts"),
    ],
)
def test_personal_data_is_recognised(text: str, kind: str) -> None:
    assert kinds_in(text) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "on 2012-05-12 at 10:30",
        "4111 1111 1111 1112 fails its check digit",
        "between 100-200 and 1,234,567.89",
        "pi is 3.14159265358979",
        "@someone wrote: a@b",
        "DE00 3704 0044 0532 0130 00",
        "0000 0000 0000 0000",
        "version 5.23.0.1, part 123-45-6789-0",
    ],
)
def test_numbers_that_mean_something_else_are_let_be(text: str) -> None:
    assert kinds_in(text) == set()


def test_personal_data_is_counted_by_kind(found: Any) -> None:
    rows = [{"text": f"Mail me at a{number}@example.org, or call +1 555 123 4567."} for number in range(2)]
    finding = found([*rows, {"text": "Nobody is named here."}])["pii"]
    assert finding["rows"] == [0, 1] and finding["cure"] == ""
    assert "mail addresses in 2, phone numbers in 2" in finding["sentence"]


def test_rows_in_another_language_are_told_with_their_share(found: Any) -> None:
    english = [f"The telephone number {number} does not work, and I want my money back." for number in range(3)]
    german = "Das Telefon funktioniert nicht mehr, und ich möchte mein Geld zurück haben."
    finding = found([{"text": text} for text in [*english, german, "Oui."]])["languages"]
    assert (finding["rows"], finding["severity"]) == ([3], "info")
    assert "not in en, the language of most (en 75%, de 25%)" in finding["sentence"]


def test_one_language_is_no_finding(found: Any) -> None:
    assert "languages" not in found([{"text": "The telephone does not work, and I want my money back."}])


@pytest.mark.parametrize(("rare", "severity"), [(2, "warning"), (5, "info"), (15, None), (0, "error")])
def test_uneven_labels_are_told(found: Any, rare: int, severity: str | None) -> None:
    rows = [{"text": f"Text {number}", "label": "rare" if number < rare else "often"} for number in range(30)]
    finding = found(rows).get("label-balance")
    assert (finding and finding["severity"]) == severity
    assert finding is None or finding["rows"] == list(range(rare or 30))


def test_numbers_to_be_predicted_have_no_balance(found: Any) -> None:
    assert "label-balance" not in found([{"text": f"Text {n % 4}", "label": n / 7} for n in range(40)])


def test_sketches_find_what_shares_most_of_its_shingles() -> None:
    words = [f"word{number}" for number in range(60)]
    texts = [(" ".join(words),), (" ".join(words[1:]),), (" ".join(words[30:]),)]
    near = NearTexts()
    one, other, half = near.sketched(texts, lambda text: None, "test")
    near.add(7, one)
    assert list(near.like(other)) == [7] and list(near.like(half)) == []


def test_every_part_has_to_be_alike() -> None:
    near = NearTexts()
    long = "The same long context stands behind every question that is asked. " * 4
    texts = [("Who?", long), ("When was it?", long), ("who? ", long.upper())]
    who, when, again = near.sketched(texts, lambda text: None, "test")
    near.add(0, who)
    assert list(near.like(when)) == [] and list(near.like(again)) == [0]


def test_a_histogram_counts_every_row_in_round_bars() -> None:
    assert histogram(np.array([1, 10, 11, 20], np.int32))[:2] == [(2, 1), (4, 0)]
    lengths = np.array([*range(1, 200), 5000], np.int32)
    bars = histogram(lengths)
    assert sum(rows for _, rows in bars) == 200 and bars[-1] == (5000, 1) and bars[0] == (20, 20)
    assert histogram(np.array([], np.int32)) == []


def test_a_share_is_never_rounded_to_nothing_or_all() -> None:
    assert [percent(*pair) for pair in ((0, 9), (1, 1000), (1, 4), (999, 1000), (9, 9))] == [
        "0%", "<1%", "25%", ">99%", "100%",
    ]  # fmt: skip
