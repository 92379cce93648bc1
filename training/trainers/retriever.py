"""The retriever: a sentence-transformers encoder that learns which snippets helped with which question.

    aitl train --only retriever

One example row (training/datasets.py, kind "relevance"; other columns are not used):
    {"case_id": "case_1", "anchor": "Can I bring my dog?", "snippet_id": "snip_9",
     "text": "Pets. Dogs are welcome at …", "label": 1.0, "weight": 0.5}

Departures from the in-batch training of Karpukhin et al. 2020 (DPR), section 3.2:
1. One encoder for questions and snippets, not two, and cosine with a fixed scale instead of the inner product.
2. Hard negatives are snippets that were on the screen and that an agent marked, not BM25's.
3. Another question's snippet is no negative where it helped with a like question (training/negatives.py).
4. A row counts by the judge's weight.
5. No dropout: after one round of `aitl bench flywheel` on DSTC11 precision@8 was .432 without any and .429 with .1, and
   every step is shorter.
6. Of 400 questions or more, a tenth is left out (training/lessons/held_back.py): on them the reranker is weighed
   against a retriever that has not seen them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.adapters.sentence_transformers import SentenceTransformerEmbedder, folder_hash, write_precision
from core.adapters.torch_cpu import set_up_torch
from core.values import SNIPPETS_RETRIEVED
from training.errors import TooFewRows
from training.lessons.held_back import held_back, may_be_spared
from training.lessons.readable import readable
from training.lessons.selection import selected
from training.negatives import Question, Questions, Row, judged_questions
from training.trainers.agreement import Agreement, rank_agreement
from training.trainers.artefact import Artefact, Job, Made, write_artefact
from training.trainers.merged_adapter import add_adapter, merge_adapter
from training.trainers.ranking_loss import NOTHING, make_ranking_loss, row_label
from training.trainers.side_by_side import side_by_side
from training.trainers.steps import encoder_arguments, make_ready, prepare_work, run_steps

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_FILLER = "-"
_LEAST = 2  # questions with a helpful snippet: with one there is nothing to tell it from


# Measured on DSTC11's seed split with simulated labels: 40 % of the conversations, 10 % of the labels wrong.
@dataclass(frozen=True, slots=True)
class RetrieverOptions:
    """`batch_size`: questions, each with all its judged snippets. `scale`: of the cosine, 1 / temperature.

    `lora_rank`: above 0 an adapter of that rank learns instead of all weights: for encoders too large for this
    machine's memory otherwise. It wants a learning rate of about 1e-3.
    """

    epochs: int = 2
    read_most: int = 8_000  # rows in all epochs; where there are more of them, each is read once
    batch_size: int = 8
    learning_rate: float = 5e-5
    scale: float = 20.0
    dropout: float = 0.0
    lora_rank: int = 0
    bfloat16: bool | None = None  # while training; None: where the processor computes it
    checked: int = 32  # questions on which bfloat16 is compared with 32 bits
    checkpoint_every: int = 200  # steps
    most_rows: int = 40_000  # the rest is left out by difficulty and weight (training/selection.py)


DEFAULT = RetrieverOptions()


def train_retriever(rows: Sequence[Row], base: Path, job: Job, options: RetrieverOptions = DEFAULT) -> Artefact:
    """Train from the encoder in `base`; the artefact is a folder that SentenceTransformerEmbedder opens.

    Raises TooFewRows where fewer than two questions have a helpful snippet, TooManyDropped, and Stopped.
    """
    begun = time.monotonic()
    chosen = selected(rows, options.most_rows, job.seed)
    model = _loaded(base)
    read = readable("retriever", chosen, ("anchor", "text"), model.tokenizer, _window(model))
    found = judged_questions(read)
    base_name, parameters = f"{base.name}@{folder_hash(base)[:8]}", asdict(options)
    if sum(bool(one.helpful) for one in found.questions) < _LEAST:
        raise TooFewRows(
            f"The retriever needs {_LEAST} questions with a helpful snippet, and {len(rows)} rows hold fewer."
        )
    prepare_work(job, base_name, parameters)
    loss = _trained(model, _learned(found), job, options)
    folder = job.work / "trained"
    model.save_pretrained(str(folder), create_model_card=False)
    agreement = _agreement(folder, found, options.checked)

    def save(out: Path) -> None:
        model.save_pretrained(str(out), create_model_card=False)
        write_precision(out, bfloat16=agreement.holds)

    dropped = found.dropped + len(chosen) - len(read)
    metrics = {"loss": loss, "bfloat16 spearman": agreement.spearman, "bfloat16 top 8 overlap": agreement.overlap}
    made = Made("retriever", base_name, parameters, len(chosen), dropped, metrics, time.monotonic() - begun)
    return write_artefact(job, made, save)


def _learned(found: Questions) -> Questions:
    """All but those on which a reranker is weighed against this retriever, where it can do without them."""
    apart = held_back(found.questions) if may_be_spared(found.questions) else frozenset()
    return replace(found, questions=tuple(one for one in found.questions if one.group not in apart))


def _agreement(folder: Path, found: Questions, count: int) -> Agreement:
    """Of bfloat16 with 32 bits, over the 75 nearest to each question of at most four times as many judged snippets."""
    questions = [one.anchor for one in found.questions][:count]
    texts = list(dict.fromkeys(one.text for some in found.questions for one in some.judged))
    exact, fast = (
        model.embed(questions) @ model.embed(texts[: 4 * SNIPPETS_RETRIEVED]).T
        for model in (SentenceTransformerEmbedder(folder, bfloat16=one) for one in (False, True))
    )
    best = np.argsort(-exact, axis=1)[:, :SNIPPETS_RETRIEVED]
    pairs = (np.take_along_axis(scores, best, axis=1) for scores in (exact, fast))
    return rank_agreement(zip(*pairs, strict=True))


def _loaded(base: Path) -> SentenceTransformer:
    set_up_torch()
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(base), local_files_only=True)


def _window(model: SentenceTransformer) -> int:
    return int(model.max_seq_length or model.tokenizer.model_max_length)


def _trained(model: SentenceTransformer, found: Questions, job: Job, options: RetrieverOptions) -> float:
    """Trains the model in place; the mean loss."""
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer

    class Trainer(SentenceTransformerTrainer):  # type: ignore[misc]
        def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
            """None: a model card quotes what customers wrote."""

    numbers = _numbers(found)
    helpful = {
        group: frozenset(numbers[one] for one in snippet_ids) for group, snippet_ids in found.helpful_in().items()
    }
    if options.lora_rank:
        add_adapter(model, options.lora_rank, job.seed)
    make_ready(model, options.dropout)
    with side_by_side(model) as read:
        trainer = Trainer(
            model=model,
            args=_arguments(job, options, sum(len(one.judged) for one in found.questions)),
            train_dataset=Dataset.from_list(training_rows(found, numbers)),
            loss=make_ranking_loss(model, options.scale, helpful, read),
        )
        loss = run_steps(trainer, job)
    if options.lora_rank:
        merge_adapter(model)
    return loss


def training_rows(found: Questions, numbers: dict[str, int]) -> list[dict[str, Any]]:
    """One row per question with a helpful snippet, with all that were judged for it; columns of a text in each row."""
    asked = [question for question in found.questions if question.helpful]
    most = max(len(one.helpful) + len(one.irrelevant) for one in asked)
    return [_row(question, numbers, most) for question in asked]


def _row(question: Question, numbers: dict[str, int], most: int) -> dict[str, Any]:
    judged = [(one, one.weight) for one in question.helpful] + [(one, -one.weight) for one in question.irrelevant]
    verdicts = [(numbers[one.snippet_id], weight) for one, weight in judged]
    # A column needs a text in each row; the loss does not see those that only fill it.
    texts = [one.text for one, _ in judged] + [_FILLER] * (most - len(judged))
    return {
        "anchor": question.anchor,
        **{f"snippet_{n}": text for n, text in enumerate(texts, 1)},
        "label": row_label(question.group, verdicts + [(NOTHING, 0.0)] * (most - len(judged))),
    }


def _numbers(found: Questions) -> dict[str, int]:
    """One number per snippet."""
    ids = (one.snippet_id for question in found.questions for one in question.judged)
    return {snippet_id: number for number, snippet_id in enumerate(dict.fromkeys(ids))}


def _arguments(job: Job, options: RetrieverOptions, rows: int) -> Any:
    from sentence_transformers import SentenceTransformerTrainingArguments

    return SentenceTransformerTrainingArguments(**encoder_arguments(job, options, rows))
