"""Sources and their targets: what is trained, what is written, which models fit, and a real run."""

from pathlib import Path

import pytest
import tiny_models
import torch
from bench import Bench, write_rows
from in_process import train_here
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from task_checks import assert_same_in_any_batches, evaluated
from tiny_tasks import say_nothing, task_of
from tiny_tokenizer import make_tokenizer
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    BertConfig,
    LlamaConfig,
    M2M100Config,
    M2M100ForConditionalGeneration,
    PreTrainedModel,
    T5ForConditionalGeneration,
)
from tunedeck.engine.data.faults import RowFault
from tunedeck.engine.tasks.seq2seq_lm import PairRow
from tunedeck.engine.tasks.task import Task
from tunedeck.store import samples
from tunedeck.store.errors import ConfigError, ModelError

COLUMNS = {"source": "document", "target": "summary"}
ROWS = [
    PairRow(1, "Ada Lovelace lived in London", "London"),
    PairRow(2, "Grace wrote to Ada", "Grace wrote"),
    PairRow(3, "Where is Paris ?", "Paris is in France ."),
]


def task_with(**knobs: object) -> Task:
    task = task_of("seq2seq-lm", **knobs)
    task.use(tiny_models.t5_tokenizer(), say_nothing)
    return task


def tiny_t5() -> T5ForConditionalGeneration:
    torch.manual_seed(1)
    return T5ForConditionalGeneration(tiny_models.t5_config())


def tiny_of(config_class: type[BartConfig] | type[M2M100Config]) -> BartConfig | M2M100Config:
    return config_class(
        vocab_size=len(tiny_models.t5_tokenizer()), d_model=32, encoder_layers=2, decoder_layers=2,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=64, decoder_ffn_dim=64,
        max_position_embeddings=64, pad_token_id=0, bos_token_id=2, eos_token_id=1, decoder_start_token_id=1,
        forced_eos_token_id=None, dropout=0.0,
    )  # fmt: skip


def tiny_bart() -> BartForConditionalGeneration:
    return BartForConditionalGeneration(tiny_of(BartConfig))


def tiny_m2m100() -> M2M100ForConditionalGeneration:
    return M2M100ForConditionalGeneration(tiny_of(M2M100Config))


# rows


def test_a_row_has_a_source_and_a_target() -> None:
    task = task_of("seq2seq-lm")
    assert task.row(1, {"document": "a b", "summary": "a", "id": 7}, COLUMNS) == PairRow(1, "a b", "a")
    for row, sentence in (
        ({"document": "a", "summary": " "}, "summary is empty"),
        ({"document": 7, "summary": "a"}, "document is a number, expected text"),
        ({"summary": "a"}, "document is null, expected text"),
    ):
        with pytest.raises(RowFault) as caught:
            task.row(1, row, COLUMNS)
        assert str(caught.value) == sentence


# tokens


def test_the_source_has_the_prefix_and_the_target_its_end() -> None:
    task = task_with(source_prefix="summarize:")
    [example] = task.encode(ROWS[0])
    assert task.tokenizer.decode(example.input_ids) == "summarize: Ada Lovelace lived in London</s>"
    assert task.tokenizer.decode(example.labels) == "London</s>"
    assert not example.truncated


def test_a_target_that_is_cut_does_not_train_its_end() -> None:
    task = task_with(max_length=8, max_target_length=4)
    [example] = task.encode(PairRow(1, "Ada " * 20, "Ada " * 20))
    assert task.tokenizer.decode(example.input_ids) == "Ada " * 6 + "Ada</s>"
    assert task.tokenizer.decode(example.labels) == "Ada Ada Ada Ada"
    assert example.truncated
    [fitting] = task.encode(PairRow(1, "Ada " * 7, "Ada " * 3))
    assert not fitting.truncated and task.tokenizer.decode(fitting.labels).endswith("</s>")
    with pytest.raises(ModelError, match="No row trains </s>"):
        task.preflight([example])
    task.preflight([example, fitting])


def test_a_long_target_counts_among_the_tokens_that_fill_the_memory() -> None:
    task = task_with()
    [example] = task.encode(PairRow(1, "Ada", "Ada " * 20))
    assert task.tokens(example) == len(example.input_ids) + len(example.labels) > 20


def test_a_tokenizer_that_ends_no_text_is_made_to_end_targets() -> None:
    task = task_of("seq2seq-lm")
    task.use(make_tokenizer(), say_nothing)
    [example] = task.encode(ROWS[0])
    assert task.tokenizer.decode(example.labels) == "London<|im_end|>"


# models


@pytest.mark.parametrize(("config", "reason"), [
    (BertConfig(), "bert models have an encoder and no decoder"),
    (LlamaConfig(), "llama models have a decoder and no encoder"),
])  # fmt: skip
def test_half_a_model_is_refused_with_two_that_fit(config: BertConfig | LlamaConfig, reason: str) -> None:
    with pytest.raises(ModelError) as caught:
        task_of("seq2seq-lm").check_model(config)
    assert caught.value.what == f"a-model does not fit the task seq2seq-lm: {reason}."
    assert caught.value.next_step == "Two that would: google-t5/t5-small and facebook/bart-base."
    task_of("seq2seq-lm").check_model(tiny_models.t5_config())


@pytest.mark.parametrize("knob", ["max_length", "max_target_length"])
def test_a_length_beyond_the_models_places_is_refused(knob: str) -> None:
    with pytest.raises(ConfigError) as caught:
        task_of("seq2seq-lm", **{knob: 1025}).check_model(BartConfig())
    assert (caught.value.what, caught.value.field) == (f"{knob} is 1,025: the model reads 1,024 tokens at most.", knob)


@pytest.mark.parametrize("make", [tiny_t5, tiny_bart, tiny_m2m100])
def test_the_loss_is_the_models_own(make: type[PreTrainedModel]) -> None:
    torch.manual_seed(1)
    task, model = task_with(), make().eval()
    batch = task.collate(task.encode_all(ROWS).examples)
    kept = batch["labels"].clone()
    losses = task.losses(task.score(model, batch))
    own = model(**batch).loss
    assert (losses.losses.sum() / losses.weights.sum()).item() == pytest.approx(own.item(), abs=1e-5)
    assert torch.equal(batch["labels"], kept)


@pytest.mark.parametrize("make", [tiny_t5, tiny_bart])
def test_an_update_is_the_same_however_its_rows_are_batched(make: type[PreTrainedModel]) -> None:
    torch.manual_seed(1)
    assert_same_in_any_batches(task_with(), make(), task_with().encode_all(ROWS).examples)


# evaluation


@pytest.mark.parametrize("beams", [1, 3])
def test_the_metrics_are_those_of_the_libraries(bench: Bench, beams: int) -> None:
    task, model = task_with(max_target_length=6, generation_num_beams=beams), tiny_t5()
    score = evaluated(bench, task, model, task.encode_all(ROWS).examples)
    told = [prediction["predicted"] for prediction in score.predictions]
    targets = [row.target for row in ROWS]
    assert [prediction["target"] for prediction in score.predictions] == targets and any(told)
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL", "rougeLsum"])
    rows = [scorer.score(target, text) for target, text in zip(targets, told, strict=True)]
    for name in ("rouge1", "rouge2", "rougeL", "rougeLsum"):
        assert score.metrics[name] == pytest.approx(sum(row[name].fmeasure for row in rows) / 3)
    assert score.metrics["bleu"] == pytest.approx(BLEU(force=True).corpus_score(told, [targets]).score)
    assert score.metrics["chrf"] == pytest.approx(CHRF().corpus_score(told, [targets]).score)
    inputs = task.tokenizer(ROWS[0].source, return_tensors="pt")
    alone = model.generate(**inputs, max_new_tokens=6, num_beams=beams, do_sample=False)
    assert told[0] == task.tokenizer.decode(alone[0], skip_special_tokens=True)


def test_without_writing_there_is_only_the_accuracy_of_tokens(bench: Bench) -> None:
    task, model = task_with(predict_with_generate=False), tiny_t5().eval()
    examples = task.encode_all(ROWS).examples
    score = evaluated(bench, task, model, examples)
    right = items = 0
    for example in examples:
        labels = torch.tensor([example.labels])
        logits = model(input_ids=torch.tensor([example.input_ids]), labels=labels).logits
        right += int((logits.argmax(-1) == labels).sum())
        items += labels.numel()
    assert score.metrics == {"token_accuracy": pytest.approx(right / items)}


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_run_learns_to_rewrite(bench: Bench, tmp_path: Path, method: str) -> None:
    rows = [
        {"source": f"{name} {verb} in {place} and {other} in {place} .", "target": f"{place} {place}"}
        for name, other in (("Ada", "Grace"), ("Grace", "Ada"))
        for verb in ("lived", "was", "is")
        for place in ("London", "Paris", "York", "France")
    ]
    run = bench.queue(
        task="seq2seq-lm", method=method, model=str(tiny_models.save_t5(tmp_path / "t5")),
        data=str(write_rows(tmp_path / "rows.jsonl", rows)), max_steps=100, eval_steps=50, learning_rate=1e-2,
        max_target_length=8, max_new_tokens=8, prompts=["Ada lived in Paris and Grace in Paris ."],
    )  # fmt: skip
    ended = train_here(bench, run)
    assert ended.state == "completed", bench.told(run)
    losses = bench.steps_and_losses(run, "eval_loss")[1]
    assert losses[-1] < losses[0] / 2
    assert bench.steps_and_losses(run, "eval_rougeL")[1][-1] > 0.6
    assert samples.of_run(bench.db, run.id)[-1].answer == "Paris Paris"
