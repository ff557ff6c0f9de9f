"""A chat tokenizer of 300 tokens, made in a few milliseconds."""

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast
from tunedeck.engine.faults.tiny import CHATML, SPECIAL, for_chat

SENTENCES = (
    "What is the capital of France? The capital of France is Paris.",
    "Who wrote the play Hamlet? Shakespeare wrote it, about 1600.",
    "system\n\n user\n\n assistant\n\n You are kind. Good morning, how are you? I am well, thank you!",
)


def make_tokenizer(chat_template: str | None = CHATML) -> PreTrainedTokenizerFast:
    """Byte-level BPE with 300 tokens, trained on three sentences; as in SmolLM2, pad is the turn's end too."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    return for_chat(tokenizer, chat_template)
