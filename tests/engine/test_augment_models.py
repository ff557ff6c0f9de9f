"""Models that make rows and models that judge them, tiny but real, as runs and in batches of any size."""

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import tiny_models
import torch
from bench import Bench, write_rows
from in_process import train_here
from tiny_tokenizer import make_tokenizer
from transformers import BertForMaskedLM, BertForSequenceClassification
from tunedeck.engine.augment import generators
from tunedeck.engine.augment.editable import Editable, Passage
from tunedeck.engine.augment.filters.filter import Candidate
from tunedeck.engine.augment.filters.judge import Judge
from tunedeck.engine.augment.filters.perplexity import Perplexity
from tunedeck.engine.augment.generators.generator import Request, Variant
from tunedeck.engine.augment.loading import Loader
from tunedeck.engine.augment.plan import seed_of
from tunedeck.engine.augment.prompts import asks, new_text
from tunedeck.engine.augment.spans import Span
from tunedeck.engine.model.models import quiet
from tunedeck.engine.model.precision import Arithmetic
from tunedeck.engine.session import Session
from tunedeck.store import attempts, augment, launch, made
from tunedeck.store.errors import ConfigError, ModelError

TEXTS = (
    "Ada Lovelace lived in London and wrote to Grace Hopper",
    "Where is Paris",
    "The Hopper was in New York and Ada lived in France",
)
LABELS = ("good", "bad")


def request(number: int, text: str, kept: tuple[Span, ...] = (), variant: int = 0) -> Request:
    value = {"text": text, "label": LABELS[number % 2]}
    source = Editable(number, value, value["label"], (Passage(text, kept),), (("text",),))
    return Request(number, source, variant, seed_of(42, number, variant))


REQUESTS = [request(number, text) for number, text in enumerate(TEXTS, start=1)]


@pytest.fixture
def loader(own_bench: Bench) -> Loader:
    run = own_bench.queue()
    session = Session(own_bench.home, run.id, attempts.start(own_bench.db, run.id).id)
    return Loader(session, Arithmetic("cpu", False, "a test"))


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Bert with its head for masked words."""
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(0)
    with quiet():
        BertForMaskedLM(tiny_models.bert_config()).save_pretrained(folder)
    tiny_models.bert_tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Bert that judges by chance, but firmly."""
    folder = tmp_path_factory.mktemp("classifier")
    torch.manual_seed(0)
    config = tiny_models.bert_config(id2label=dict(enumerate(LABELS)), label2id={"good": 0, "bad": 1})
    with quiet():
        model = BertForSequenceClassification(config)
        model.classifier.weight.data *= 200
        model.save_pretrained(folder)
    tiny_models.bert_tokenizer().save_pretrained(folder)
    return folder


def made_alone_and_together(loader: Loader, requests: Sequence[Request], **knobs: object) -> list[Variant]:
    """The variants, once it is seen that each comes out the same in any batch."""
    generator = generators.of(augment.checked(knobs), loader)
    together = generator.variants(requests)
    assert [generator.variants([each])[0] for each in requests] == together
    return together


def texts_of(variants: Sequence[Variant]) -> list[str]:
    return [variant.value["text"] for variant in variants]  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]


def test_an_encoder_puts_other_words_in_place_of_some(loader: Loader, encoder: Path) -> None:
    knobs = {"generator": "mask", "generator_model": str(encoder), "edit_share": 0.3, "temperature": 1.0}
    found = texts_of(made_alone_and_together(loader, REQUESTS, **knobs))
    for before, after in zip(TEXTS, found, strict=True):
        pairs = list(zip(before.split(), after.split(), strict=True))
        changed = [(old, new) for old, new in pairs if old != new]
        assert len(changed) == max(1, round(0.3 * len(re.findall(r"[^\W\d_]{2,}", before))))
        assert all(new in tiny_models.WORDS or new.lower() in tiny_models.WORDS for _, new in changed)


def test_an_encoder_leaves_what_must_stay(loader: Loader, encoder: Path) -> None:
    asked = [request(1, "Ada Lovelace lived in London", (Span(0, 12), Span(22, 28)), variant) for variant in range(20)]
    knobs = {"generator": "mask", "generator_model": str(encoder), "edit_share": 1.0}
    found = texts_of(made_alone_and_together(loader, asked, **knobs))
    assert all(text.startswith("Ada Lovelace ") and text.endswith(" London") for text in found)
    words = [text.split()[2:4] for text in found]
    assert all(first != "lived" and second != "in" for first, second in words) and len(set(found)) > 5


def test_words_that_an_encoder_does_not_read_are_a_fault(loader: Loader, encoder: Path) -> None:
    knobs = {"generator": "mask", "generator_model": str(encoder)}
    (variant,) = made_alone_and_together(loader, [request(1, "4 5 6")], **knobs)
    assert variant.fault == "no word of it may be changed, or they lie behind what the model reads"


def test_a_causal_model_writes_a_text_for_each_row(loader: Loader, tiny_model: Path) -> None:
    knobs = {"generator": "model", "generator_model": str(tiny_model), "max_new_tokens": 8, "temperature": 1.5}
    short = [request(number, "abcdef"[: 1 + number % 2], variant=number) for number in range(6)]
    found = made_alone_and_together(loader, short, **knobs, prompt="{text}")
    assert {variant.generator for variant in found} == {"model:prompt"}
    told = [variant for variant in found if not variant.fault]
    assert len({variant.value["text"] for variant in told}) > 3  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]
    assert all(variant.tokens > 0 for variant in told)


def test_a_prompt_that_is_too_long_is_a_fault_of_its_row(loader: Loader, tiny_model: Path) -> None:
    knobs = {"generator": "model", "generator_model": str(tiny_model), "max_new_tokens": 8, "prompt": "{text}"}
    found = made_alone_and_together(loader, [request(1, "long " * 300), request(2, "a")], **knobs)
    assert found[0].fault == "its prompt and max_new_tokens are longer than the model reads"
    assert found[1].fault != found[0].fault


def test_two_models_translate_there_and_back(loader: Loader, tmp_path: Path) -> None:
    folder = str(tiny_models.save_t5(tmp_path / "t5"))
    knobs = {"generator": "back-translation", "generator_model": folder, "back_model": folder, "max_new_tokens": 6}
    found = made_alone_and_together(loader, REQUESTS, **knobs, temperature=2.0, there_prefix="to French:")
    assert [variant.generator for variant in found] == ["back-translation"] * 3
    assert any(variant.value and variant.tokens for variant in found)


@pytest.mark.parametrize(
    ("generator", "model", "reason"),
    [
        ("mask", "causal", "can't be asked for masked words: llama models have no such head"),
        ("mask", "bare", r"can't be asked for masked words: its files lack cls\.\S+, which would be random"),
        ("model", "t5", "can't be asked for texts: t5 models have no such head"),
        ("back-translation", "causal", "can't be asked for translations: llama models have no such head"),
    ],
)
def test_a_model_without_the_head_is_refused(
    generator: str, model: str, reason: str, loader: Loader, tiny_model: Path, tmp_path: Path
) -> None:
    folders = {
        "causal": lambda: tiny_model,
        "bare": lambda: tiny_models.save_bert(tmp_path / "bert"),
        "t5": lambda: tiny_models.save_t5(tmp_path / "t5"),
    }
    name = str(folders[model]())
    with pytest.raises(ModelError, match=reason):
        generators.of(augment.checked({"generator": generator, "generator_model": name, "back_model": name}), loader)


def test_a_prompt_shows_label_examples_and_what_must_stay() -> None:
    asked = request(1, "Ada {label} lived", (Span(0, 3),))._replace(examples=[REQUESTS[1].source])
    ((number, prompt),) = asks(augment.checked({}), asked)
    assert number == 0 and prompt.endswith('Keep these words as they are: "Ada".\n\nAda {label} lived')
    ((_, prompt),) = asks(augment.checked({"style": "like-label"}), asked)
    assert prompt.startswith('Here are texts of the kind "bad":\n\n1. Where is Paris\n\n2. Ada {label} lived\n\n')
    ((_, prompt),) = asks(augment.checked({"prompt": "A {label} text: {text}"}), asked)
    assert prompt == "A bad text: Ada {label} lived"


@pytest.mark.parametrize(
    "answer",
    ["So it is.", ' "So it is." ', "Sure, here is the text:\nSo it is.", "3. So it is.", "Rewritten: So it is."],
)
def test_of_an_answer_the_text_alone_is_taken(answer: str) -> None:
    assert new_text(answer) == "So it is."


def test_an_answer_that_goes_on_with_the_list_is_cut() -> None:
    assert new_text("So it is.\n\n2. And so on.", of_list=True) == "So it is."
    assert new_text("So it is:\n1. one\n2. two") == "So it is:\n1. one\n2. two"


def candidates(*pairs: tuple[str, str]) -> list[Candidate]:
    return [
        Candidate(number, request(number, made).source, request(number, source).source)
        for number, (made, source) in enumerate(pairs)
    ]


def test_perplexity_is_that_of_the_model_whatever_the_batch(loader: Loader, tiny_model: Path) -> None:
    loaded = loader.load(str(tiny_model), "AutoModelForCausalLM", "asked")
    judge = Perplexity(loaded, 0.9, 1.1)
    texts = ["What is the capital?", "It is Rome", "x"]
    found = judge.perplexities(texts)
    for text, value in zip(texts, found, strict=True):
        ids = torch.tensor([make_tokenizer()(text, add_special_tokens=False)["input_ids"]])
        if ids.shape[1] > 1:
            with torch.no_grad():
                loss = loaded.model(input_ids=ids, labels=ids).loss
            assert value == pytest.approx(math.exp(float(loss)), rel=1e-4)
        else:
            assert math.isnan(value)


def test_perplexity_far_from_the_sources_is_told(loader: Loader, tiny_model: Path) -> None:
    judge = Perplexity(loader.load(str(tiny_model), "AutoModelForCausalLM", "asked"), 0.999999, 1.000001)
    same, other = judge.objections(candidates(("It is Rome", "It is Rome"), ("It was Oslo", "It is Rome")))
    assert same is None
    assert other is not None and re.fullmatch(r"its perplexity is [\d.,]+, that of its source [\d.,]+", other.note)


def test_a_judge_objects_to_other_labels_and_to_doubt(loader: Loader, classifier: Path) -> None:
    sure, doubting = (Judge.of(str(classifier), least, loader) for least in (0.0, 1.0))
    asked = candidates(*((text, text) for text in TEXTS for _ in LABELS))
    for first, second in zip(sure.objections(asked)[::2], sure.objections(asked)[1::2], strict=True):
        assert (first is None) != (second is None)
        told = first or second
        assert told and told.verdict == "label-changed" and re.fullmatch(
            r"the judge finds (good \(\S+\), not bad|bad \(\S+\), not good)", told.note
        )  # fmt: skip
    notes = [found.note for found in doubting.objections(asked) if found]
    assert len(notes) == 6 and sum("is sure of" in note for note in notes) == 3


def test_a_judge_must_know_the_labels(loader: Loader, classifier: Path) -> None:
    with pytest.raises(ConfigError, match="it doesn't know the label 'neutral'"):
        Judge.of(str(classifier), 0.5, loader).check(["good", "neutral"])
    with pytest.raises(ConfigError, match="doesn't know the label '\\(none\\)'"):
        Judge.of(str(classifier), 0.5, loader).check([""])


def test_a_tuned_run_judges_what_another_run_makes(own_bench: Bench, tmp_path: Path) -> None:
    bench = own_bench
    rows: list[dict[str, Any]] = [
        {"text": f"{place} is {number} the {place}", "label": label}
        for number in range(16)
        for place, label in (("Paris", "good"), ("London", "bad"))
    ]
    write_rows(bench.data, rows)
    encoder = str(tiny_models.save_bert(tmp_path / "bert"))
    config = bench.config(
        task="sequence-classification", model=encoder, max_steps=30, learning_rate=1e-2, eval_steps=30, save_steps=30
    )
    tuned = train_here(bench, launch.queue(bench.db, bench.home, config))
    assert tuned.state == "completed", bench.told(tuned)
    knobs = augment.checked({"judge": f"run:{tuned.id}", "judge_min": 0.6, "per_row": 2, "edits": "swap"})
    run = train_here(bench, launch.queue_augmentation(bench.db, bench.home, config, knobs))
    assert run.state == "completed", bench.told(run)
    verdicts = json.loads(run.summary or "")["verdicts"]
    assert verdicts["kept"] > 0, verdicts
    assert all(row.note for row in made.read(bench.home.run(run.id)) if row.verdict != "kept")
