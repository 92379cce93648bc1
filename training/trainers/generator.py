"""Trains the language model that drafts: a LoRA adapter from what agents sent, preferred and refused.

    aitl train --only generator        (with AITL_GENERATOR=transformers:MODEL)

One example row, of the kind "preference" (training/datasets.py has the others):

    {"prompt": "Customer: When does my refund arrive?", "chosen": "Card refunds take five days.", "rejected": "Soon!",
     "chosen_draft": {"text": "Card refunds take five days [2].", "style": "direct", "source": "knowledge"},
     "rejected_draft": {...}, "margin": 0.67, "weight": 1.0, "case_id": "case_7", "screen": {"turns": [...], ...}}

SFT first, on what was sent; then DPO (Rafailov et al., arXiv:2305.18290, eq. 7) on preferences and on edits over the
drafts they began with. On request KTO (arXiv:2402.01306) on adoption, or ORPO (arXiv:2403.07691) in place of DPO.
Departures from these papers:

1. Each phase goes on with the adapter of the one before: DPO's reference is the model after SFT, as its authors do it,
   but as a frozen copy of the adapter instead of a second model.
2. Strength and the judge's weight decide how often a row is drawn (training/weighted_draws.py): a significant
   preference (3) is drawn three times as often as a slight one (1). The paper knows no strengths.
3. The loss is that of robust DPO (arXiv:2403.00409) with the label noise measured from what two agents judged.
4. The likelihood of the preferred reply is held up by an SFT term of weight `replay`, so that a new batch does not
   erase what was adopted before: DPO alone may lower the likelihood of both replies.
5. In KTO refusals weigh at most `refusal_share` of all: a refusal moves little (after SoLS, arXiv:2509.01720).
6. The learning rates are those of LoRA, a hundred times TRL's own: with those an adapter learns nothing.

A row that does not fit into the window even with the shortest prompt is dropped, never cut: a cut reply teaches to
stop in mid-sentence.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.errors import ModelUnavailable
from core.ports import DraftRequest
from core.prompting import LONGEST_PROMPT, PROMPT_VERSION, Message, Style, prompt_messages
from core.settings import Settings
from training.errors import TooFewRows, TooManyDropped, TrainingFailed
from training.lessons.generator_lessons import Ask, Lessons, Row, lessons_of
from training.lessons.label_noise import MOST_NOISE, label_noise
from training.lessons.readable import MOST_LOST
from training.lessons.selection import selected
from training.lessons.weighted_draws import weighted_draws
from training.trainers.artefact import Artefact, Job, Made, write_artefact
from training.trainers.base_model import Base
from training.trainers.lora import Course, Recipe, copy_adapter, run_courses

_TRIES = 3
_ROOM_LEFT = 0.9  # characters per token vary


@dataclass(frozen=True, slots=True)
class GeneratorOptions:
    """How to train. Learning rates are peak values; `batch_size` counts rows per step whatever `micro_batch_size` is.

    `max_tokens`: prompt and reply together, less where the model's window is shorter. `label_noise`: the share of
    preferences that point the wrong way, in [0, .4]; None measures it. `longest_prompt` in characters. Of more rows
    than `most_rows` those are taken that teach most (training/selection.py). `prompt` is no choice: it tells apart
    what was trained for an older one.
    """

    recipe: tuple[Recipe, ...] = ("sft", "dpo")
    sft_epochs: int = 2
    preference_epochs: int = 1
    sft_learning_rate: float = 2e-4
    preference_learning_rate: float = 5e-5
    rank: int = 16  # a value that vLLM serves: 8, 16, 32, 64 ...
    alpha: int = 32
    beta: float = 0.1
    replay: float = 0.2
    label_noise: float | None = None
    refusal_share: float = 0.25
    batch_size: int = 16
    micro_batch_size: int = 4
    max_tokens: int = 6144
    longest_prompt: int = LONGEST_PROMPT
    checkpoint_steps: int = 50
    most_rows: int = 10_000
    prompt: str = PROMPT_VERSION


DEFAULT = GeneratorOptions()


def generator_base(settings: Settings) -> Path:
    """The folder of the model that drafts, whose adapter is trained.

    Raises TrainingFailed, with the reason, where there is no such model: drafts are put together without one, or its
    weights are on a server only. Raises ModelUnavailable where it cannot be loaded.
    """
    kind, name = settings.language_model
    if not name:
        raise TrainingFailed(
            f"AITL_GENERATOR is {settings.generator!r}: no language model writes the drafts, so there is none to train."
        )
    if kind == "transformers":
        return Base(name).folder
    try:
        return Base(name, download=False).folder
    except ModelUnavailable as error:
        raise TrainingFailed(
            f"The weights of {settings.generator!r} are not on this machine, so no adapter can be trained for it; "
            "serve the model from a folder that this machine can read, under that path."
        ) from error


def train_generator(rows: Sequence[Row], base: str | Path, job: Job, options: GeneratorOptions = DEFAULT) -> Artefact:
    """A LoRA adapter of that base model, as an artefact; `base` is a folder or a name that is on this machine.

    Rows: completion, preference and unpaired ones, mixed. Raises TooFewRows where none of them teaches what the recipe
    needs, TooManyDropped where over 5 % do not fit into the window, TrainingFailed where the adapter did not change,
    ModelUnavailable for a base that cannot be loaded, and Stopped where the job says so: the same call then goes on.
    """
    started = time.perf_counter()
    model = Base(base)
    window = min(options.max_tokens, model.window)
    ask = _asking(model, window, options.longest_prompt)
    lessons = lessons_of(selected(rows, options.most_rows, job.seed), ask)
    kept, dropped = _fitting(lessons, model, window)
    noise = _noise(kept, options)
    courses = [course for recipe in options.recipe if (course := _course(recipe, kept, noise, job.seed, options))]
    if not courses:
        raise TooFewRows(
            f"The generator has nothing to learn by {' and '.join(options.recipe)} from {len(rows)} rows"
            + "".join(f"; {count} left out: {reason}" for reason, count in sorted(lessons.excluded.items()))
            + "."
        )
    parameters = {**asdict(options), "recipe": list(options.recipe), "label_noise": round(noise, 4)}
    adapter, metrics = run_courses(model, courses, job, parameters)
    made = Made(
        part="generator",
        base=model.version,
        parameters=parameters,
        rows=_count(kept),
        dropped=dropped,
        metrics={**metrics, "rows_given": len(rows)},
        seconds=time.perf_counter() - started,
    )
    return write_artefact(job, made, lambda folder: copy_adapter(adapter, folder, model))


def _asking(model: Base, window: int, longest: int) -> Ask:
    """Prompts that are shortened until they fit into the window beside the replies, as they are when drafting."""

    def ask(request: DraftRequest, style: Style, replies: Sequence[str]) -> list[Message]:
        room = longest
        for _ in range(_TRIES):
            prompt = prompt_messages(request.turns, request.shown, request.similar, style, room, request.language)
            tokens = model.tokens(prompt, replies)
            if tokens <= window:
                break
            room = int(sum(len(message["content"]) for message in prompt) * window / tokens * _ROOM_LEFT)
        return prompt

    return ask


def _fitting(lessons: Lessons, model: Base, window: int) -> tuple[Lessons, int]:
    """The lessons that fit into the window whole, and how many do not."""

    def fits(lesson: Row) -> bool:
        replies = [lesson[name] for name in ("completion", "chosen", "rejected") if name in lesson]
        return all(reply.strip() for reply in replies) and model.tokens(lesson["prompt"], replies) <= window

    kept = Lessons(
        completions=[one for one in lessons.completions if fits(one)],
        pairs=[one for one in lessons.pairs if fits(one)],
        verdicts=[one for one in lessons.verdicts if fits(one)],
    )
    total = _count(lessons)
    dropped = total - _count(kept)
    if dropped > MOST_LOST * total:
        raise TooManyDropped("generator", dropped, total, f"prompt and reply exceed {window} tokens")
    return kept, dropped


def _count(lessons: Lessons) -> int:
    return len(lessons.completions) + len(lessons.pairs) + len(lessons.verdicts)


def _noise(lessons: Lessons, options: GeneratorOptions) -> float:
    given = label_noise(lessons.pairs) if options.label_noise is None else options.label_noise
    return min(MOST_NOISE, max(0.0, given))


def _course(recipe: Recipe, lessons: Lessons, noise: float, seed: int, options: GeneratorOptions) -> Course | None:
    """What one trainer is told; None where there is nothing to learn by it."""
    rate = options.sft_learning_rate if recipe == "sft" else options.preference_learning_rate
    if recipe == "sft":
        drawn = _drawn(lessons.completions, [one["weight"] for one in lessons.completions], options.sft_epochs, seed)
        return _made(recipe, drawn, rate, options) if drawn else None
    if recipe == "kto":
        drawn = _drawn(lessons.verdicts, [one["weight"] for one in lessons.verdicts], options.preference_epochs, seed)
        weight = _refusal_weight(drawn, options.refusal_share)
        return _made(recipe, drawn, rate, options, beta=options.beta, undesirable_weight=weight) if weight else None
    weights = [one["weight"] * one["margin"] for one in lessons.pairs]
    drawn = _drawn(lessons.pairs, weights, options.preference_epochs, seed)
    if not drawn:
        return None
    if recipe == "orpo":
        return _made(recipe, drawn, rate, options, beta=options.beta)
    return _made(recipe, drawn, rate, options, beta=options.beta, **_dpo_loss(noise, options.replay))


def _drawn(rows: Sequence[Row], weights: Sequence[float], epochs: int, seed: int) -> list[Row]:
    return [rows[place] for place in weighted_draws(weights, epochs * len(rows), seed)]


def _refusal_weight(verdicts: Sequence[Row], share: float) -> float:
    """The weight of one refusal, so that all together have at most that share of the total; 0 where nothing is good."""
    good = sum(one["label"] for one in verdicts)
    bad = len(verdicts) - good
    return min(1.0, share / (1 - share) * good / bad) if bad else float(bool(good))


def _dpo_loss(noise: float, replay: float) -> dict[str, Any]:
    types, weights = ["robust" if noise else "sigmoid"], [1.0]
    if replay:
        types, weights = [*types, "sft"], [1.0, replay]
    return {"loss_type": types, "loss_weights": weights, "label_smoothing": noise}


def _made(recipe: Recipe, rows: list[Row], rate: float, options: GeneratorOptions, **loss: Any) -> Course:
    if options.batch_size % options.micro_batch_size:
        raise TrainingFailed(
            f"A batch of {options.batch_size} rows cannot be cut into parts of {options.micro_batch_size}; "
            "make batch_size a multiple of micro_batch_size."
        )
    return Course(
        recipe=recipe,
        rows=rows,
        rank=options.rank,
        alpha=options.alpha,
        learning_rate=rate,
        batch_size=options.batch_size,
        micro_batch_size=options.micro_batch_size,
        checkpoint_steps=options.checkpoint_steps,
        loss=loss,
    )
