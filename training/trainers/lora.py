"""Runs TRL's trainers over one LoRA adapter, course after course, each of them stoppable and resumable.

    job.work/
      run.json                what is being trained; anything else found here belongs to another run and is removed
      1-sft/checkpoint-50     where the course stands
      1-sft/adapter           the course is finished
      2-dpo/…

transformers, peft and TRL load at the first use.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from training.errors import TrainingFailed
from training.trainers.artefact import Job, Stopped
from training.trainers.base_model import NO_THINKING, Base, said

Recipe = Literal["sft", "dpo", "kto", "orpo"]
Row = dict[str, Any]
ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")
_LAST_SHARE = 5  # the last fifth of the logged steps stands for how the course ended
_OUT_OF_MEMORY = ("out of memory", "can't allocate memory")
# What a course tells of itself: name in TRL's log, name in the manifest.
_LOGGED: Mapping[Recipe, Mapping[str, str]] = {
    "sft": {"loss": "sft_loss"},
    "dpo": {"rewards/margins": "dpo_margin", "rewards/accuracies": "dpo_accuracy"},
    "kto": {"rewards/margins": "kto_margin"},
    "orpo": {"rewards/margins": "orpo_margin", "rewards/accuracies": "orpo_accuracy"},
}


@dataclass(frozen=True, slots=True)
class Course:
    """One trainer's work: `rows` as drawn, once through. `loss`: what only this trainer's configuration knows."""

    recipe: Recipe
    rows: Sequence[Row]
    rank: int
    alpha: int
    learning_rate: float
    batch_size: int
    micro_batch_size: int
    checkpoint_steps: int
    loss: Mapping[str, Any] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """How many optimizer steps it takes."""
        return math.ceil(math.ceil(len(self.rows) / self.micro_batch_size) / self.accumulated)

    @property
    def accumulated(self) -> int:
        """Micro-batches per step."""
        return self.batch_size // self.micro_batch_size


def run_courses(
    base: Base, courses: Sequence[Course], job: Job, parameters: Mapping[str, Any]
) -> tuple[Path, dict[str, float]]:
    """The adapter's folder after the last course, and how each ended. Raises Stopped and TrainingFailed."""
    _claim_work(job, {"data": job.data_hash, "base": base.version, "seed": job.seed, "parameters": parameters})
    total, done = sum(course.steps for course in courses), 0
    adapter: Path | None = None
    metrics: dict[str, float] = {}
    for number, course in enumerate(courses, 1):
        folder = job.work / f"{number}-{course.recipe}"
        if not (folder / "adapter").is_dir():
            _run(base, course, adapter, folder, job, partial(_tell, job, total, done))
        adapter = folder / "adapter"
        metrics.update(json.loads((adapter / "metrics.json").read_text("utf-8")))
        done += course.steps
    assert adapter is not None
    job.progress(total, total)
    return adapter, metrics


def _tell(job: Job, total: int, done_before: int, step: int) -> None:
    job.progress(done_before + step, total)


def copy_adapter(adapter: Path, folder: Path, base: Base) -> None:
    """What peft and vLLM load; nothing of the course. The same weights have the same files on every machine."""
    configuration, weights = ADAPTER_FILES
    config = json.loads((adapter / configuration).read_text("utf-8"))
    # peft writes them in an order that changes with every process.
    config["target_modules"] = sorted(config["target_modules"])
    config["base_model_name_or_path"] = base.version  # a path would mean nothing on another machine
    (folder / configuration).write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    shutil.copyfile(adapter / weights, folder / weights)


def _claim_work(job: Job, run: Mapping[str, Any]) -> None:
    """Keep the checkpoints of this very run; those of another must not be gone on with."""
    note = job.work / "run.json"
    told = json.dumps(run, sort_keys=True)
    with suppress(FileNotFoundError):
        if note.read_text("utf-8") == told:
            return
    shutil.rmtree(job.work, ignore_errors=True)
    job.work.mkdir(parents=True)
    note.write_text(told, encoding="utf-8")


def _run(
    base: Base, course: Course, start: Path | None, folder: Path, job: Job, progress: Callable[[int], None]
) -> None:
    """One course, from its newest checkpoint if there is one. Raises Stopped."""
    if job.should_stop():
        raise Stopped
    with _quiet_libraries(), _enough_memory(course):
        trainer = _trainer(base, course, start, folder, job.seed)
        if len(trainer.train_dataset) != len(course.rows):
            raise TrainingFailed(
                f"TRL dropped {len(course.rows) - len(trainer.train_dataset)} of {len(course.rows)} rows of the "
                f"{course.recipe} data by itself; raise max_tokens or shorten the prompts."
            )
        watcher = _watcher(job, progress)
        trainer.add_callback(watcher)
        before = _fingerprint(trainer.model)
        checkpoint = _newest_checkpoint(folder)
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
        if watcher.stopped and trainer.state.global_step < course.steps:
            raise Stopped
        if _fingerprint(trainer.model) == before:
            raise TrainingFailed(f"The {course.recipe} course left every weight as it was; raise its learning rate.")
        _save(trainer, course.recipe, folder)


def _trainer(base: Base, course: Course, start: Path | None, folder: Path, seed: int) -> Any:
    """TRL's trainer for that course: with a fresh adapter, or going on with the one in `start`."""
    from datasets import Dataset
    from peft import LoraConfig, PeftModel
    from transformers import PrinterCallback

    make_config, make_trainer = _classes(course.recipe)
    model = base.load()
    fresh: dict[str, Any] = {}
    if start is None:
        shape = {"r": course.rank, "lora_alpha": course.alpha, "lora_dropout": 0.0, "target_modules": "all-linear"}
        fresh = {"peft_config": LoraConfig(task_type="CAUSAL_LM", **shape)}
    else:
        model = PeftModel.from_pretrained(model, str(start), is_trainable=True)
    trainer = make_trainer(
        model=model,
        args=make_config(**_arguments(course, folder, seed, base.window)),
        train_dataset=Dataset.from_list([_as_trl_takes_it(row, course.recipe, base) for row in course.rows]),
        processing_class=base.tokenizer,
        **fresh,
    )
    trainer.remove_callback(PrinterCallback)  # it prints on stdout, which belongs to the command's answer
    return trainer


def _classes(recipe: Recipe) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Configuration and trainer."""
    if recipe == "sft":
        from trl import SFTConfig, SFTTrainer

        return SFTConfig, SFTTrainer
    if recipe == "dpo":
        from trl import DPOConfig, DPOTrainer

        return DPOConfig, DPOTrainer
    if recipe == "kto":
        from trl import KTOConfig, KTOTrainer

        return KTOConfig, KTOTrainer
    try:  # experimental: TRL may move or remove it in any release
        from trl.experimental.orpo import ORPOConfig, ORPOTrainer
    except ImportError as error:
        raise TrainingFailed(
            f"This release of TRL has no ORPO any more ({error}); use the recipe ('sft', 'dpo')."
        ) from error
    return ORPOConfig, ORPOTrainer


def _arguments(course: Course, folder: Path, seed: int, window: int) -> dict[str, Any]:
    from transformers.utils import is_torch_bf16_gpu_available, is_torch_cuda_available

    on_card = is_torch_cuda_available()
    return {
        "output_dir": str(folder),
        "seed": seed,
        "data_seed": seed,
        "num_train_epochs": 1,  # the rows were drawn for all epochs
        "per_device_train_batch_size": course.micro_batch_size,
        "gradient_accumulation_steps": course.accumulated,
        "learning_rate": course.learning_rate,
        "lr_scheduler_type": "cosine",
        "warmup_steps": course.steps // 10,  # as a share it is rounded up, and a lone step would have a rate of 0
        "max_length": window,
        "logging_steps": 1,
        "save_strategy": "steps",
        "save_steps": course.checkpoint_steps,
        "save_total_limit": 2,
        "use_cpu": not on_card,
        "bf16": on_card and is_torch_bf16_gpu_available(),
        "activation_checkpointing": on_card,  # memory is what a card lacks; a processor lacks time
        "dataloader_pin_memory": on_card,
        "report_to": [],
        "disable_tqdm": True,
        **course.loss,
    }


def _as_trl_takes_it(row: Row, recipe: Recipe, base: Base) -> Row:
    """The conversational form: TRL then applies the chat template, and the reply alone is learned."""
    names = {"sft": ("completion",), "kto": ("completion",)}.get(recipe, ("chosen", "rejected"))
    label = {"label": row["label"]} if recipe == "kto" else {}
    replies = {name: [said(row[name])] for name in names}
    return {"prompt": base.asked(row["prompt"]), **replies, **label, "chat_template_kwargs": NO_THINKING}


def _watcher(job: Job, progress: Callable[[int], None]) -> Any:
    """Tells how far the course is, and has it stop with a checkpoint where the job says so."""
    from transformers import TrainerCallback

    class Watcher(TrainerCallback):  # type: ignore[misc]  # transformers has no types here
        stopped = False

        def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            progress(state.global_step)
            if job.should_stop():
                self.stopped = control.should_save = control.should_training_stop = True

    return Watcher()


def _newest_checkpoint(folder: Path) -> Path | None:
    """The newest that is whole: its trainer_state.json is written last."""
    whole = [one.parent for one in folder.glob("checkpoint-*/trainer_state.json") if _is_json(one)]
    for broken in set(folder.glob("checkpoint-*")) - set(whole):
        shutil.rmtree(broken)
    return max(whole, key=lambda one: int(one.name.rpartition("-")[2]), default=None)


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError:
        return False
    return True


def _save(trainer: Any, recipe: Recipe, folder: Path) -> None:
    """The adapter alone, without the frozen copy that DPO compares with; there whole or not at all."""
    unfinished = folder / "adapter.partial"
    shutil.rmtree(unfinished, ignore_errors=True)
    trainer.model.save_pretrained(str(unfinished), selected_adapters=["default"])
    metrics = _metrics(trainer.state.log_history, recipe)
    (unfinished / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    unfinished.rename(folder / "adapter")
    for checkpoint in folder.glob("checkpoint-*"):
        shutil.rmtree(checkpoint)


def _metrics(history: Sequence[Mapping[str, float]], recipe: Recipe) -> dict[str, float]:
    """The mean over the last fifth of the steps of what TRL logged for each."""
    told: dict[str, float] = {}
    for logged, name in _LOGGED[recipe].items():
        values = [float(step[logged]) for step in history if logged in step]
        last = values[-max(1, len(values) // _LAST_SHARE) :]
        if last:
            told[name] = sum(last) / len(last)
    return told


def _fingerprint(model: Any) -> str:
    """Over all weights that are learned."""
    total = hashlib.sha256()
    for name, weights in model.named_parameters():
        if weights.requires_grad:
            total.update(name.encode() + weights.detach().cpu().float().numpy().tobytes())
    return total.hexdigest()


@contextmanager
def _enough_memory(course: Course) -> Iterator[None]:
    """Turns torch's way of saying that there is not into a sentence."""
    try:
        yield
    except RuntimeError as error:
        if not any(said in str(error) for said in _OUT_OF_MEMORY):
            raise
        raise TrainingFailed(
            f"There is not enough memory for the {course.recipe} course with {course.micro_batch_size} rows at once; "
            "take a smaller model, or lower micro_batch_size or max_tokens."
        ) from error


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """peft and TRL use names that transformers is about to retire: nothing that anybody here could act on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield
