"""Two-layer models of each family, made from their configs in milliseconds."""

import copy
from pathlib import Path

import torch
from peft import PeftModel, TaskType
from transformers import (
    AutoModelForCausalLM,
    AutoModelForQuestionAnswering,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    BartConfig,
    BertConfig,
    DistilBertConfig,
    FalconConfig,
    GPT2Config,
    LlamaConfig,
    ModernBertConfig,
    PreTrainedConfig,
    PreTrainedModel,
    RobertaConfig,
    T5Config,
)
from tunedeck.engine.methods import adapter
from tunedeck.store.config import RunConfig, checked

TOKENS = {"vocab_size": 40, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
BERT_LIKE = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
CONFIGS: dict[str, PreTrainedConfig] = {
    "bert": BertConfig(**TOKENS, **BERT_LIKE),
    "distilbert": DistilBertConfig(**TOKENS, dim=16, n_layers=2, n_heads=2, hidden_dim=32),
    "roberta": RobertaConfig(**TOKENS, **BERT_LIKE),
    "modernbert": ModernBertConfig(**TOKENS, **BERT_LIKE, cls_token_id=1, sep_token_id=2),
    "gpt2": GPT2Config(**TOKENS, n_embd=16, n_layer=2, n_head=2),
    "llama": LlamaConfig(**TOKENS, **BERT_LIKE, num_key_value_heads=1),
    "falcon": FalconConfig(**TOKENS, hidden_size=16, num_hidden_layers=2, num_attention_heads=2),
    "t5": T5Config(**TOKENS, d_model=16, d_kv=8, num_layers=2, num_heads=2, d_ff=32, decoder_start_token_id=0),
    "bart": BartConfig(
        **TOKENS,
        d_model=16,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        decoder_start_token_id=0,
        forced_eos_token_id=None,
    ),
}
AUTO_CLASSES = {
    "SEQ_CLS": AutoModelForSequenceClassification,
    "TOKEN_CLS": AutoModelForTokenClassification,
    "QUESTION_ANS": AutoModelForQuestionAnswering,
    "CAUSAL_LM": AutoModelForCausalLM,
    "SEQ_2_SEQ_LM": AutoModelForSeq2SeqLM,
}
# Encoder-decoder classifiers look for the end of text in each row.
IDS = torch.cat([torch.arange(3, 17).reshape(2, 7), torch.full((2, 1), 2)], dim=1)


def make(family: str, task: str = "SEQ_CLS", seed: int = 0) -> PreTrainedModel:
    """A fresh model of the family for the task, under peft's name, in evaluation mode."""
    torch.manual_seed(seed)
    return AUTO_CLASSES[task].from_config(copy.deepcopy(CONFIGS[family])).eval()


def language_model(family: str) -> PreTrainedModel:
    """The family's model that writes text."""
    return make(family, "SEQ_2_SEQ_LM" if family in ("t5", "bart") else "CAUSAL_LM")


@torch.no_grad()
def logits(model: torch.nn.Module) -> torch.Tensor:
    """What the model says of two rows of eight tokens, without dropout."""
    more = {"decoder_input_ids": IDS} if "ConditionalGeneration" in repr(model) else {}
    return model.eval()(input_ids=IDS, **more)[0]


def knobs(**values: object) -> RunConfig:
    """A configuration that names no real data or model, with a small adapter."""
    return checked({"data": "rows.jsonl", "model": "a-model", "r": 4, "lora_alpha": 8} | values)


def adapted(family: str, task: str = "SEQ_CLS", checkpoint: Path | None = None, **values: object) -> PeftModel:
    """A model of the family with an adapter by these knobs."""
    model = adapter.with_method(make(family, task), knobs(**values), TaskType(task), checkpoint=checkpoint)
    assert isinstance(model, PeftModel)
    return model


def stir(model: torch.nn.Module, updates: int = 3, seed: int = 5) -> None:
    """Move the trained weights by noise, as an optimizer would by gradients."""
    torch.manual_seed(seed)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=0.01)
    for _ in range(updates):
        for weight in weights:
            weight.grad = torch.randn_like(weight)
        optimizer.step()
