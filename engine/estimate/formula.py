"""What training takes, by formulas on a model's size alone: known without torch, and rougher than counting."""

from typing import NamedTuple

# Korthikanti et al. 2022, "Reducing Activation Recomputation in Large Transformer Models", eq. 1, give 34 bytes for
# each hidden value that a block works on in 16 bits, the softmax of the attention left out. Their layers share what
# transformers' keep apart: counted were 2.4 to 3.8 times as many (SmolLM2, MiniLM; LoRA and full).
BLOCK_BYTES = 3 * 34
# Scores and their gradient in 16 bits, and in fp32 the copy, its log-softmax and the gradient (engine/outputs/loss.py).
SCORE_BYTES = 2 * 2 + 3 * 4
# fp32 weight and gradient, and the two moments of AdamW.
FULL_BYTES = 4 + 4 + 8
# In bf16; and the share of weights that a rank of 16 adds to a small model (3.6% for SmolLM2-135M, less for larger).
FROZEN_BYTES, LORA_SHARE = 2, 0.036
# Rows, tokens of each, and the share of these that is trained, for which it is said whether a model fits.
USUAL_ROWS, USUAL_TOKENS, USUAL_TRAINED = 8, 512, 0.5


class Size(NamedTuple):
    """A model's size; 0 for what is not known. `vocabulary` is 0 where no token is scored."""

    parameters: int
    hidden: int
    layers: int
    vocabulary: int


def block_bytes(tokens: int, hidden: int, layers: int) -> int:
    """Activations of all blocks, in 16 bits, for that many tokens."""
    return BLOCK_BYTES * tokens * hidden * layers


def usual_bytes(size: Size) -> dict[str, int]:
    """What training by each method takes with 8 rows of 512 tokens at once, half of them trained."""
    tokens = USUAL_ROWS * USUAL_TOKENS
    scores = int(SCORE_BYTES * tokens * USUAL_TRAINED * size.vocabulary)
    activations = block_bytes(tokens, size.hidden, size.layers) + scores
    lora = FROZEN_BYTES + LORA_SHARE * FULL_BYTES
    return {"lora": int(lora * size.parameters) + activations, "full": FULL_BYTES * size.parameters + activations}
