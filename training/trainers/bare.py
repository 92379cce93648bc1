"""The libraries' own training calls on the same rows, with nothing of ours around them: what ours is measured against.

No checkpoints, no stop, no weights of the judge, no blend, no check of bfloat16, no manifest.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.adapters.cross_encoder import load_cross_encoder
from core.adapters.torch_cpu import set_up_torch
from training.negatives import Question, Row, judged_questions
from training.trainers.reranker import DEFAULT as RERANKER
from training.trainers.reranker import RerankerOptions
from training.trainers.retriever import DEFAULT as RETRIEVER
from training.trainers.retriever import RetrieverOptions
from training.trainers.steps import where

_FILLER = "-"


def train_bi_encoder(rows: Sequence[Row], base: Path, out: Path, options: RetrieverOptions = RETRIEVER) -> None:
    """sentence-transformers' trainer with its in-batch loss, saved to `out`."""
    set_up_torch()
    from datasets import Dataset
    from sentence_transformers import (
        SentenceTransformer,
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    asked = [one for one in judged_questions(rows).questions if one.helpful]
    most = max(len(_judged(one)) for one in asked)
    columns = [
        {"anchor": one.anchor, **{f"text_{n}": text for n, text in enumerate(_filled(_judged(one), most))}}
        for one in asked
    ]
    model = SentenceTransformer(str(base), local_files_only=True)
    SentenceTransformerTrainer(
        model=model,
        args=SentenceTransformerTrainingArguments(**_arguments(out, options)),
        train_dataset=Dataset.from_list(columns),
        loss=MultipleNegativesRankingLoss(model, scale=options.scale),
    ).train()
    model.save_pretrained(str(out), create_model_card=False)


def train_cross_encoder(rows: Sequence[Row], base: Path, out: Path, options: RerankerOptions = RERANKER) -> None:
    """sentence-transformers' trainer with RankNet on one list per question, saved to `out`."""
    set_up_torch()
    from datasets import Dataset
    from sentence_transformers import CrossEncoderTrainer, CrossEncoderTrainingArguments
    from sentence_transformers.cross_encoder.losses import RankNetLoss

    lists = [one for one in judged_questions(rows).questions if one.helpful and one.irrelevant]
    columns = [
        {
            "query": one.query,
            "docs": _judged(one),
            "labels": [1.0] * len(one.helpful) + [0.0] * len(one.irrelevant),
        }
        for one in lists
    ]
    model = load_cross_encoder(base, options.longest_pair)
    CrossEncoderTrainer(
        model=model,
        args=CrossEncoderTrainingArguments(**_arguments(out, options)),
        train_dataset=Dataset.from_list(columns),
        loss=RankNetLoss(model),
    ).train()
    model.save_pretrained(str(out), create_model_card=False)


def _judged(question: Question) -> list[str]:
    return [one.text for one in question.judged]


def _filled(texts: Sequence[str], most: int) -> list[str]:
    return [*texts, *[_FILLER] * (most - len(texts))]


def _arguments(out: Path, options: RetrieverOptions | RerankerOptions) -> dict[str, Any]:
    return {
        "output_dir": str(out.with_name(out.name + ".log")),
        "num_train_epochs": options.epochs,
        "per_device_train_batch_size": options.batch_size,
        "learning_rate": options.learning_rate,
        "warmup_steps": 0.1,
        **where(options.bfloat16),
        "save_strategy": "no",
        "logging_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
        "dataloader_pin_memory": False,
    }
