"""The reranker: a cross-encoder that learns to tell, of two snippets for one question, which one helped.

    aitl train --only reranker

One example row (training/datasets.py, kind "relevance"; other columns are not used):
    {"case_id": "case_1", "anchor": "Can I bring my dog?", "query": "Can I bring my dog?\\nHouse rules",
     "snippet_id": "snip_9", "text": "Pets. Dogs are welcome at …", "first_stage": 1.8, "label": 1.0, "weight": 0.5}

Departures from RankNet (Burges et al. 2005) with a cross-encoder (Nogueira and Cho 2019):
1. Pairs are formed inside one question only, and each weighs as much as the judge's weights of both verdicts.
2. Its logit does not replace the first stage's score but is added to it (core/retrieval/blend.py). The weight is fitted
   on questions that were held back (training/lessons/held_back.py), as the retriever of the same bundle finds their
   snippets now; it is 0 where that does not help, and then the first stage's order stays.
3. It starts from an encoder of sentences with a fresh head, or from a cross-encoder.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.adapters.cross_encoder import CrossEncoderReranker, load_cross_encoder
from core.adapters.sentence_transformers import folder_hash
from core.adapters.torch_cpu import computes_bfloat16, set_up_torch
from core.retrieval.blend import CANDIDATES, Blend
from training.errors import TooFewRows
from training.lessons.held_back import held_back
from training.lessons.readable import readable
from training.lessons.selection import selected
from training.negatives import Question, Row, judged_questions
from training.trainers.agreement import Agreement, rank_agreement
from training.trainers.artefact import Artefact, Job, Made, write_artefact
from training.trainers.blending import Fitted, JudgedList, fit_blend
from training.trainers.first_stage import FoundList, found_lists
from training.trainers.pairwise_loss import make_pairwise_loss
from training.trainers.side_by_side import side_by_side
from training.trainers.steps import encoder_arguments, make_ready, prepare_work, run_steps

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_LEAST = 10  # questions with a pair: with fewer nothing can be held back


@dataclass(frozen=True, slots=True)
class RerankerOptions:
    """`batch_size`: questions, each with all its judged snippets.

    `checked`: on how many questions, with as many snippets each as are read, bfloat16 is compared with 32 bits.
    """

    epochs: int = 2
    read_most: int = 8_000  # rows in all epochs; where there are more of them, each is read once
    batch_size: int = 4
    learning_rate: float = 5e-5
    head_learning_rate: float = 1e-3  # of what is drawn at random
    dropout: float = 0.0
    longest_pair: int = 256
    candidates: int = CANDIDATES
    checked: int = 4
    bfloat16: bool | None = None  # while training; None: where the processor computes it
    checkpoint_every: int = 200  # steps
    most_rows: int = 40_000  # the rest is left out by difficulty and weight (training/selection.py)


DEFAULT = RerankerOptions()


def train_reranker(rows: Sequence[Row], base: Path, job: Job, options: RerankerOptions = DEFAULT) -> Artefact:
    """Train from the encoder or cross-encoder in `base`; the artefact is a folder for CrossEncoderReranker.

    Raises TooFewRows where fewer than ten questions have both a helpful and an irrelevant snippet,
    TooManyDropped, and Stopped.
    """
    begun = time.monotonic()
    chosen = selected(rows, options.most_rows, job.seed)
    model = _loaded(base, job.seed, options)
    read = readable("reranker", chosen, ("query", "text"), model.tokenizer, options.longest_pair)
    found = judged_questions(read)
    lists = [one for one in found.questions if one.helpful and one.irrelevant]
    if len(lists) < _LEAST:
        raise TooFewRows(
            f"The reranker needs {_LEAST} questions with a helpful and an irrelevant snippet; there are {len(lists)}."
        )
    base_name, parameters = f"{base.name}@{folder_hash(base)[:8]}", asdict(options)
    prepare_work(job, base_name, parameters)
    apart = held_back(found.questions)
    loss = _trained(model, [one for one in lists if one.group not in apart], job, options)
    folder = job.work / "trained"
    model.save_pretrained(str(folder), create_model_card=False)
    held = [one for one in lists if one.group in apart]
    fitted, agreement = _weighed(folder, list(found_lists(held, job.first_stage)), options)

    def save(out: Path) -> None:
        model.save_pretrained(str(out), create_model_card=False)
        Blend(fitted.weight, options.candidates, agreement.holds, options.longest_pair).write(out)

    metrics = _metrics(loss, fitted, agreement)
    dropped = found.dropped + len(chosen) - len(read)
    made = Made("reranker", base_name, parameters, len(chosen), dropped, metrics, time.monotonic() - begun)
    return write_artefact(job, made, save)


def _loaded(base: Path, seed: int, options: RerankerOptions) -> CrossEncoder:
    set_up_torch()
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(seed)  # a fresh head is drawn
        return load_cross_encoder(base, options.longest_pair)


def _trained(model: CrossEncoder, lists: Sequence[Question], job: Job, options: RerankerOptions) -> float:
    """Trains the model in place; the mean loss."""
    from datasets import Dataset
    from sentence_transformers import CrossEncoderTrainer

    class Trainer(CrossEncoderTrainer):  # type: ignore[misc]
        def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
            """None: a model card quotes what customers wrote."""

    make_ready(model, options.dropout)
    with side_by_side(model) as read:
        trainer = Trainer(
            model=model,
            args=_arguments(job, options, sum(len(one.judged) for one in lists)),
            train_dataset=Dataset.from_list([_row(one) for one in lists]),
            loss=make_pairwise_loss(model, read),
        )
        return run_steps(trainer, job)


def _row(question: Question) -> dict[str, Any]:
    texts = [one.text for one in question.judged]
    return {"query": question.query, "snippets": texts, "labels": list(question.signed)}


def _weighed(folder: Path, lists: Sequence[FoundList], options: RerankerOptions) -> tuple[Fitted, Agreement]:
    """How much its logits count, read as they will be when it serves; and whether bfloat16 ranks as 32 bits do."""
    way = Blend(1.0, longest_pair=options.longest_pair)
    exact, fast = (_Reading(CrossEncoderReranker(folder, bfloat16=one, blend=way)) for one in (False, True))
    agreement = _agreement(exact, fast, lists, options)
    serving = fast if agreement.holds and computes_bfloat16() else exact
    judged = [JudgedList(one.scores, serving.logits(one.query, one.texts), one.weights) for one in lists]
    return fit_blend(judged), agreement


class _Reading:
    """Reads each pair once, whatever its logit is asked for."""

    def __init__(self, model: CrossEncoderReranker) -> None:
        self._model = model
        self._known: dict[tuple[str, str], float] = {}

    def logits(self, query: str, texts: Sequence[str]) -> list[float]:
        new = [text for text in dict.fromkeys(texts) if (query, text) not in self._known]
        if new:
            read = self._model.logits(query, new)
            self._known.update(((query, text), logit) for text, logit in zip(new, read, strict=True))
        return [self._known[query, text] for text in texts]


def _agreement(exact: _Reading, fast: _Reading, lists: Sequence[FoundList], options: RerankerOptions) -> Agreement:
    """On what is read of a question when it serves; where that is not known, other questions' texts stand for it."""
    texts = [text for one in lists for text in one.texts]
    compared = []
    for number, one in enumerate(lists[: options.checked]):
        some = list(dict.fromkeys([*one.texts, *texts[number:], *texts[:number]]))[: options.candidates]
        compared.append((exact.logits(one.query, some), fast.logits(one.query, some)))
    return rank_agreement(compared)


def _metrics(loss: float, fitted: Fitted, agreement: Agreement) -> dict[str, float]:
    return {
        "loss": loss,
        "weight": fitted.weight,
        "pairs right, first stage": fitted.accuracy_before,
        "pairs right, blended": fitted.accuracy_after,
        "questions held back": fitted.questions,
        "bfloat16 spearman": agreement.spearman,
        "bfloat16 top 8 overlap": agreement.overlap,
    }


def _arguments(job: Job, options: RerankerOptions, rows: int) -> Any:
    from sentence_transformers import CrossEncoderTrainingArguments

    return CrossEncoderTrainingArguments(
        **encoder_arguments(job, options, rows),
        learning_rate_mapping={"classifier|pooler": options.head_learning_rate},
    )
