"""The loop of a `transformers` trainer under a job: it tells how far it is, can be stopped, and goes on from there.

Used by every trainer whose library builds on `transformers.Trainer`: sentence-transformers' and TRL's.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core.adapters.torch_cpu import computes_bfloat16
from training.trainers.artefact import Job, Stopped

if TYPE_CHECKING:
    from transformers import Trainer

_MADE_FROM = "job.json"
_STATE = "trainer_state.json"  # the library writes it last: a checkpoint that has it is whole


def prepare_work(job: Job, base: str, parameters: Mapping[str, Any]) -> None:
    """Make the folder for checkpoints; those of another run (other rows, base, seed, parameters) are removed."""
    made_from = {"data_hash": job.data_hash, "base": base, "seed": job.seed, "parameters": dict(parameters)}
    note = job.work / _MADE_FROM
    with suppress(FileNotFoundError, json.JSONDecodeError):
        if json.loads(note.read_text(encoding="utf-8")) == json.loads(json.dumps(made_from)):
            return
    shutil.rmtree(job.work, ignore_errors=True)
    job.work.mkdir(parents=True)
    note.write_text(json.dumps(made_from), encoding="utf-8")


def run_steps(trainer: Trainer, job: Job) -> float:
    """Train, from the last whole checkpoint in `job.work` where there is one; the mean of the losses that were logged.

    `prepare_work` comes first, and the trainer's `output_dir` is `job.work`. Raises Stopped, a checkpoint written, when
    the job says so.
    """
    from transformers import PrinterCallback

    follower = _follower(job)
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(follower)
    trainer.train(resume_from_checkpoint=last_checkpoint(job.work))
    if follower.stopped:
        raise Stopped
    losses: list[float] = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    return sum(losses) / len(losses)


def where(bfloat16: bool | None) -> dict[str, bool]:
    """A trainer's arguments: a GPU where there is one, else the processor; None: bfloat16 where that is computed."""
    import torch

    on_gpu = torch.cuda.is_available()
    can = torch.cuda.is_bf16_supported() if on_gpu else computes_bfloat16()
    return {"use_cpu": not on_gpu, "bf16": can if bfloat16 is None else bfloat16}


def make_ready(model: Any, dropout: float) -> None:
    """Before an encoder is trained: how much is dropped in every layer, and on a processor the quicker attention.

    torch's fused attention is the quicker one forwards; its way back takes so long that a step over 16 texts of 30 to
    120 tokens took 1.7 to 2.0 times as long with it. What is saved does not say with which it was trained.
    """
    import torch
    from transformers import PreTrainedModel

    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = dropout
        if isinstance(module, PreTrainedModel) and not torch.cuda.is_available():
            module.set_attn_implementation("eager")


class EncoderOptions(Protocol):
    """What the options of both encoders' trainers have in common."""

    @property
    def epochs(self) -> int: ...
    @property
    def read_most(self) -> int: ...
    @property
    def batch_size(self) -> int: ...
    @property
    def learning_rate(self) -> float: ...
    @property
    def bfloat16(self) -> bool | None: ...
    @property
    def checkpoint_every(self) -> int: ...


def passes(rows: int, options: EncoderOptions) -> float:
    """How often each row is read: `epochs` times, or less where that were more than `read_most` in all; once at least.

    What many say once teaches more than what few say twice, and a cycle grows more slowly than what was said.
    """
    return max(1.0, min(float(options.epochs), options.read_most / max(1, rows)))


def encoder_arguments(job: Job, options: EncoderOptions, rows: int) -> dict[str, Any]:
    """The arguments that sentence-transformers' trainers share: seeded, checkpointed into `job.work`, silent.

    `rows`: how many verdicts there are to learn from.
    """
    return {
        "output_dir": str(job.work),
        "num_train_epochs": passes(rows, options),
        "per_device_train_batch_size": options.batch_size,
        "learning_rate": options.learning_rate,
        "warmup_steps": 0.1,
        **where(options.bfloat16),
        "seed": job.seed,
        "data_seed": job.seed,
        "save_strategy": "steps",
        "save_steps": options.checkpoint_every,
        "save_total_limit": 1,
        "logging_strategy": "steps",
        "logging_steps": 1,
        "report_to": "none",
        "disable_tqdm": True,
        "dataloader_pin_memory": False,
    }


def last_checkpoint(work: Path) -> str | None:
    """The newest checkpoint that was written to its end."""
    found = [path for path in work.glob("checkpoint-*") if _is_whole(path)]
    return str(max(found, key=lambda path: int(path.name.rpartition("-")[2]))) if found else None


def _is_whole(checkpoint: Path) -> bool:
    with suppress(FileNotFoundError, json.JSONDecodeError):
        return bool(json.loads((checkpoint / _STATE).read_text(encoding="utf-8")))
    return False


def _follower(job: Job) -> Any:
    from transformers import TrainerCallback

    class Follower(TrainerCallback):  # type: ignore[misc]
        """Tells the job how far it is, and asks it after each step whether to stop."""

        stopped = False

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            job.progress(state.global_step, state.max_steps)

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            job.progress(state.global_step, state.max_steps)
            if state.global_step < state.max_steps and job.should_stop():
                self.stopped = control.should_save = control.should_training_stop = True

    return Follower()
