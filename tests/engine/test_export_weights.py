"""What is exported loads with plain transformers and peft, says what adapter and base said, or is refused."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from bench import Bench
from export_runs import adapter_run, checkpoint, completed, export, full_run, logits, lora, queued
from peft import LoraConfig, PeftConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from tiny_tokenizer import make_tokenizer
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BertConfig,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertModel,
    LlamaConfig,
    LlamaForCausalLM,
    LlamaForSequenceClassification,
    PreTrainedModel,
    T5Config,
    T5ForConditionalGeneration,
)
from tunedeck.engine.model.heads import describe, options
from tunedeck.store.errors import ConfigError, ModelError
from tunedeck.store.records import Run

WEIGHTS = "adapter_model.safetensors"


@pytest.fixture(scope="module")
def run(bench: Bench) -> Run:
    return adapter_run(bench)


def tuned(bench: Bench, run: Run) -> torch.Tensor:
    """The logits of a run's adapter over its base, by plain peft."""
    base = AutoModelForCausalLM.from_pretrained(bench.model, dtype=torch.float32)
    return logits(PeftModel.from_pretrained(base, str(bench.home.run(run.id).adapter)))


def card_code(folder: Path) -> str:
    found = re.search(r"```python\n(.*?)\n```", (folder / "README.md").read_text(), re.DOTALL)
    assert found is not None
    return found[1]


def run_card(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run the card's code in the folder, as its reader would; the names it made."""
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(card_code(folder), names)
    return names


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_an_adapter_loads_with_plain_peft_by_the_code_of_its_card(
    bench: Bench, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = export(bench, run, tmp_path / "out")
    assert facts["kind"] == "adapter" and facts["step"] == 8
    names = run_card(tmp_path / "out", monkeypatch)
    assert "tunedeck" not in card_code(tmp_path / "out")
    assert PeftConfig.from_pretrained(".").base_model_name_or_path == str(bench.model)
    assert logits(names["model"]).equal(tuned(bench, run))
    assert names["tokenizer"].chat_template == make_tokenizer().chat_template
    assert capsys.readouterr().out.startswith("<|im_start|>user\nHello<|im_end|>")


def test_merged_weights_load_with_plain_transformers_and_say_the_same(
    bench: Bench, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = export(bench, run, tmp_path / "out", kind="merged")
    names = run_card(tmp_path / "out", monkeypatch)
    assert type(names["model"]) is LlamaForCausalLM and not (tmp_path / "out" / WEIGHTS).exists()
    torch.testing.assert_close(logits(names["model"]), tuned(bench, run), atol=1e-5, rtol=0)
    assert facts["logit_difference_merging"] < 1e-5 and facts["logit_difference_storing"] < 1e-5
    assert names["tokenizer"].chat_template == make_tokenizer().chat_template
    assert names["model"].generation_config.eos_token_id == make_tokenizer().eos_token_id


@pytest.mark.parametrize(
    "options", [{"use_rslora": True}, {"use_dora": True}, {"init_lora_weights": "gaussian"}], ids=str
)
def test_other_kinds_of_lora_merge_too(bench: Bench, tmp_path: Path, options: dict[str, Any]) -> None:
    made = adapter_run(bench, options)
    assert export(bench, made, tmp_path / "out", kind="merged")["logit_difference_merging"] < 1e-5
    again = AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    torch.testing.assert_close(logits(again), tuned(bench, made), atol=1e-5, rtol=0)


def test_merged_weights_are_stored_as_the_base_was_or_as_asked(
    bench: Bench, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bf16"
    AutoModelForCausalLM.from_pretrained(bench.model, dtype=torch.bfloat16).save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    monkeypatch.setattr(bench, "model", folder)
    made = adapter_run(bench)
    facts = export(bench, made, tmp_path / "out", kind="merged")
    assert facts["dtype"] == "bfloat16" and 1e-4 < facts["logit_difference_storing"] < 0.1
    assert facts["logit_difference_merging"] < 1e-5
    facts = export(bench, made, tmp_path / "exact", kind="merged", dtype="float32")
    assert facts["dtype"] == "float32" and facts["logit_difference_storing"] < 1e-5
    with pytest.raises(ConfigError, match="--dtype is for merged weights"):
        export(bench, made, tmp_path / "no", kind="adapter", dtype="float32")


@pytest.mark.filterwarnings(
    "ignore:Model (has|with) `tie_word_embeddings=True`:UserWarning",
    "ignore:Setting `save_embedding_layers`:UserWarning",
)
def test_a_merged_model_that_says_something_else_is_refused_and_removed(bench: Bench, tmp_path: Path) -> None:
    # The head is tied to the embeddings: merging into one changes the other, which the adapter did not.
    made = adapter_run(bench, {"target_modules": ["lm_head"]})
    with pytest.raises(ModelError, match=r"logits differ from those of adapter and base by \d.*1e-04 is allowed"):
        export(bench, made, tmp_path / "out", kind="merged")
    assert leftovers(tmp_path) == []


def test_an_adapter_of_another_base_is_refused(bench: Bench, tmp_path: Path) -> None:
    made = queued(bench)
    config = LlamaConfig(
        vocab_size=300, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2
    )
    LlamaForCausalLM(config).save_pretrained(tmp_path / "other")
    lora(tmp_path / "other", bench.home.run(made.id).adapter)
    with pytest.raises(ModelError, match="does not go with its base"):
        export(bench, completed(bench, made), tmp_path / "out", kind="merged")
    assert leftovers(tmp_path) == ["other"]


def change_weights(bench: Bench, run: Run, **changes: torch.Tensor | None) -> None:
    """Give the first weights of an adapter other values; None takes them out of the file."""
    path = bench.home.run(run.id).adapter / WEIGHTS
    saved = load_file(path)
    for name, value in zip(sorted(saved), changes.values(), strict=False):
        saved.pop(name) if value is None else saved.update({name: value.expand_as(saved[name]).contiguous()})
    save_file(saved, path)


@pytest.mark.parametrize(
    ("value", "kind", "sentence"),
    [
        (None, "merged", "1 weights of the adapter in .* do not go with its base"),
        (torch.tensor(torch.nan), "merged", "lora_A.weight holds numbers that are not finite"),
        (torch.tensor(torch.nan), "adapter", "lora_A.weight holds numbers that are not finite"),
    ],
)
def test_a_spoiled_adapter_is_refused(
    bench: Bench, tmp_path: Path, value: torch.Tensor | None, kind: str, sentence: str
) -> None:
    made = adapter_run(bench)
    change_weights(bench, made, first=value)
    with pytest.raises(ModelError, match=sentence):
        export(bench, made, tmp_path / "out", kind=kind)
    assert leftovers(tmp_path) == []


def test_weights_too_large_for_the_dtype_are_refused(bench: Bench, tmp_path: Path) -> None:
    made = full_run(bench)
    path = bench.home.run(made.id).adapter / "model.safetensors"
    saved = load_file(path)
    saved["model.layers.0.mlp.down_proj.weight"][0, 0] = 1e5
    save_file(saved, path, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"down_proj.weight holds numbers that are too large for float16"):
        export(bench, made, tmp_path / "out", dtype="float16")
    assert leftovers(tmp_path) == []


def test_a_run_of_all_weights_is_copied_and_loads(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = full_run(bench)
    facts = export(bench, made, tmp_path / "out")
    assert facts["kind"] == "merged" and facts["logit_difference_storing"] == 0.0
    assert not {"training_args.bin", "optimizer.pt"} & set(facts["files"])
    meant = AutoModelForCausalLM.from_pretrained(bench.home.run(made.id).adapter)
    assert logits(run_card(tmp_path / "out", monkeypatch)["model"]).equal(logits(meant))
    with pytest.raises(ConfigError, match="trained all weights: it has no adapter"):
        export(bench, made, tmp_path / "no", kind="adapter")


def test_a_checkpoint_without_tokenizer_takes_the_bases(bench: Bench, tmp_path: Path) -> None:
    made = queued(bench)
    checkpoint(bench, made, 4, lambda folder: lora(bench.model, folder), 3.5)
    facts = export(bench, made, tmp_path / "out", kind="merged")
    assert facts["step"] == 4 and "newest checkpoint" in facts["notes"][0]
    assert AutoTokenizer.from_pretrained(tmp_path / "out").chat_template == make_tokenizer().chat_template


def classifier(bench: Bench, folder: Path) -> torch.Tensor:
    """Save an adapter with a head of three labels, and the labels; the logits."""
    torch.manual_seed(3)
    base = LlamaForSequenceClassification.from_pretrained(bench.model, dtype=torch.float32, num_labels=3)
    model = get_peft_model(base, LoraConfig(r=4, target_modules=["q_proj"], task_type="SEQ_CLS"))
    model.save_pretrained(str(folder))
    for name, value in options(("bad", "so", "good")).items():
        setattr(base.config, name, value)
    describe(model, folder)
    return logits(model)


@pytest.mark.parametrize("kind", ["adapter", "merged"])
def test_the_head_of_a_classifier_comes_along_with_its_labels(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    made = queued(bench, task="sequence-classification")
    meant = classifier(bench, bench.home.run(made.id).adapter)
    export(bench, completed(bench, made), tmp_path / "out", kind=kind)
    model = run_card(tmp_path / "out", monkeypatch)["model"]
    assert type(model.base_model.model if kind == "adapter" else model) is LlamaForSequenceClassification
    assert model.config.id2label == {0: "bad", 1: "so", 2: "good"}
    torch.testing.assert_close(logits(model), meant, atol=1e-5, rtol=0)
    with pytest.raises(ConfigError, match="Ollama writes text"):
        export(bench, made, tmp_path / "no", kind="ollama")


BERT = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
T5 = {"d_model": 32, "d_ff": 32, "d_kv": 16, "num_layers": 2, "num_heads": 2, "decoder_start_token_id": 0}


def save_base(folder: Path, model: PreTrainedModel) -> Path:
    model.save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    return folder


@pytest.mark.parametrize(
    ("task", "peft_type", "base", "tuned"),
    [
        (
            "sequence-classification",
            "SEQ_CLS",
            BertModel(BertConfig(vocab_size=300, **BERT)),
            BertForSequenceClassification,
        ),
        ("question-answering", "QUESTION_ANS", BertModel(BertConfig(vocab_size=300, **BERT)), BertForQuestionAnswering),
        (
            "seq2seq-lm",
            "SEQ_2_SEQ_LM",
            T5ForConditionalGeneration(T5Config(vocab_size=300, **T5)),
            T5ForConditionalGeneration,
        ),
    ],
    ids=["classification", "answering", "rewriting"],
)
def test_other_families_are_merged_with_their_heads(
    bench: Bench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    task: str,
    peft_type: str,
    base: PreTrainedModel,
    tuned: type[PreTrainedModel],
) -> None:
    monkeypatch.setattr(bench, "model", save_base(tmp_path / "base", base))
    made = queued(bench, task=task)
    folder = bench.home.run(made.id).adapter
    options = LoraConfig(r=2, target_modules=["query"] if task != "seq2seq-lm" else ["q"], task_type=peft_type)
    get_peft_model(tuned.from_pretrained(bench.model), options).save_pretrained(str(folder))
    facts = export(bench, completed(bench, made), tmp_path / "out", kind="merged")
    assert facts["logit_difference_merging"] < 1e-5 and facts["logit_difference_storing"] < 1e-5
    assert type(run_card(tmp_path / "out", monkeypatch)["model"]) is tuned


def test_a_head_that_no_file_has_is_refused(bench: Bench, tmp_path: Path) -> None:
    made = queued(bench, task="sequence-classification")
    lora(bench.model, bench.home.run(made.id).adapter)
    with pytest.raises(ModelError, match=r"lacks 1 weights of the model \(score.weight, say\)"):
        export(bench, completed(bench, made), tmp_path / "out", kind="merged")


def child(bench: Bench, parent: Run, **changes: object) -> Run:
    """A run that started from another one, with an adapter of its own."""
    made = queued(bench, model=f"run:{parent.id}@result", **changes)
    bench.db.execute("UPDATE run SET kind = 'transfer', parent_run = ? WHERE id = ?", (parent.id, made.id))
    lora(bench.model, bench.home.run(made.id).adapter, target_modules=["o_proj"])
    return completed(bench, made)


def base_path(folder: Path) -> str:
    return json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"]


def test_an_adapter_laid_on_a_merged_one_has_that_as_its_base(bench: Bench, run: Run, tmp_path: Path) -> None:
    made = child(bench, run, start_adapter="merge")
    merged = bench.home.run(made.id).base
    export(bench, run, tmp_path / "parent", kind="merged")
    AutoModelForCausalLM.from_pretrained(tmp_path / "parent").save_pretrained(merged)
    facts = export(bench, made, tmp_path / "adapter", kind="adapter")
    assert base_path(tmp_path / "adapter") == str(merged) and "merged for its run alone" in facts["notes"][0]
    export(bench, made, tmp_path / "both", kind="merged")
    base = AutoModelForCausalLM.from_pretrained(merged)
    meant = logits(PeftModel.from_pretrained(base, str(bench.home.run(made.id).adapter)))
    both = logits(AutoModelForCausalLM.from_pretrained(tmp_path / "both"))
    torch.testing.assert_close(both, meant, atol=1e-5, rtol=0)


def test_an_adapter_that_was_continued_has_the_first_runs_base(bench: Bench, run: Run, tmp_path: Path) -> None:
    export(bench, child(bench, run, start_adapter="continue"), tmp_path / "out", kind="adapter")
    assert base_path(tmp_path / "out") == str(bench.model)


def test_an_adapter_on_a_run_of_all_weights_names_that_runs_folder(bench: Bench, tmp_path: Path) -> None:
    parent = full_run(bench)
    export(bench, child(bench, parent), tmp_path / "out", kind="adapter")
    assert base_path(tmp_path / "out") == str(bench.home.run(parent.id).adapter)


def test_a_base_model_that_ends_otherwise_learns_where_a_turn_ends(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "base"
    model = AutoModelForCausalLM.from_pretrained(bench.model)
    model.generation_config.eos_token_id = 0
    model.save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    monkeypatch.setattr(bench, "model", folder)
    export(bench, adapter_run(bench), tmp_path / "out", kind="merged")
    again = AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    assert again.generation_config.eos_token_id == [0, make_tokenizer().eos_token_id]
