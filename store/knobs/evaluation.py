"""Knobs of what is measured while a run trains."""

from .knob import Section, knob


class EvaluationKnobs(Section):
    """Held-out rows, answers, and what was kept of the base model."""

    eval_steps: int = knob(
        0,
        "Updates between two evaluations on the held-out rows; 0 takes 25 with early stopping, else as many as leave"
        " nine tenths of the time to the training.",
        unit="updates",
        minimum=0,
        maximum=1_000_000,
        costs="Each takes a pass over the held-out rows: halve it, and evaluating takes twice as long.",
    )
    per_device_eval_batch_size: int = knob(
        16,
        "Rows at once while evaluating; changes no result.",
        unit="rows",
        minimum=1,
        maximum=4096,
        costs="More is faster and takes more memory.",
    )
    metric_for_best_model: str = knob(
        "", "What makes a checkpoint the best, such as f1_macro; empty takes the evaluation's loss."
    )
    load_best_model_at_end: bool = knob(
        False,
        "Keep the weights of the best evaluation as the result, not the last ones.",
        costs="A checkpoint at each evaluation, and one more on the disk.",
    )
    prompts: list[str] = knob(
        [],
        "Inputs answered by base and tuned model; none takes three held-out ones.",
        costs="Each is answered at every evaluation, word by word.",
    )
    max_new_tokens: int = knob(
        48,
        "Longest answer to a prompt.",
        unit="tokens",
        minimum=1,
        maximum=4096,
        task="causal-lm seq2seq-lm",
        costs="The time for answers grows with it.",
    )
    predict_with_generate: bool = knob(
        True,
        "Write out the held-out targets at each evaluation, for ROUGE, BLEU and chrF.",
        task="seq2seq-lm",
        costs="Makes evaluating several times slower: words are made one by one.",
    )
    generation_num_beams: int = knob(
        1,
        "Beams of the search when a target is written out; 4 is usual, 1 is greedy.",
        minimum=1,
        maximum=64,
        task="seq2seq-lm",
        costs="Time and memory of writing out grow with it.",
    )
    max_answer_length: int = knob(
        30, "Longest answer that may be found.", unit="tokens", minimum=1, maximum=4096, task="question-answering"
    )
    retention_data: str = knob(
        "",
        "General texts to measure what is forgotten; empty takes the built-in ones, none measures nothing.",
        costs="none saves one measurement before and one after the run.",
    )
    retention_rows: int = knob(
        32,
        "How many general texts are measured, spread over those of retention_data.",
        unit="texts",
        minimum=4,
        maximum=10_000,
        costs="The time of both measurements grows with it.",
    )
