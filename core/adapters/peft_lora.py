"""LoRA adapters on one model: loaded, used side by side in one batch, and dropped again, by peft.

Not safe for threads: whoever owns the model calls. Adapters are chosen row by row (`adapter_names`), never by
switching the active one.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from core.errors import AdapterUnusable

BASE_ROW = "__base__"  # peft's name for a row without adapter
# Stays loaded and changes nothing: peft cannot delete the last adapter of a model.
_RESTING = "resting"


class LoraAdapters:
    """A model, and which adapters it holds by name."""

    def __init__(self, model: Any) -> None:
        """`model`: a causal language model of transformers, without adapters."""
        self.model = model
        self._loaded: set[str] = set()

    def load(self, name: str, folder: Path) -> None:
        """Holds it from now on; nothing to do where it does already. Raises AdapterUnusable, and holds what it held."""
        from safetensors import SafetensorError

        if name in self._loaded:
            return
        try:
            self._load(name, folder)
        except (SafetensorError, OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
            self._drop(name)
            said = (str(error).splitlines() or [type(error).__name__])[0]
            raise AdapterUnusable(f"The adapter in {folder} cannot be used with this model ({said}).") from error
        self._loaded.add(name)

    def drop(self, name: str) -> None:
        """Holds it no longer; nothing to do where it does not."""
        if name in self._loaded:
            self._loaded.discard(name)
            self._drop(name)

    def rows(self, names: list[str | None]) -> dict[str, Any]:
        """What `generate` is told besides: which adapter each row of the batch uses, None for the model alone."""
        if not hasattr(self.model, "peft_config"):
            return {}
        return {"adapter_names": [BASE_ROW if name is None else name for name in names]}

    def _load(self, name: str, folder: Path) -> None:
        from peft import LoraConfig, PeftConfig, PeftModelForCausalLM

        config = PeftConfig.from_pretrained(str(folder))
        if not isinstance(config, LoraConfig):
            raise ValueError(f"it is {type(config).__name__}, expected a LoRA adapter")
        if not hasattr(self.model, "peft_config"):
            resting = LoraConfig(r=1, target_modules=config.target_modules, task_type="CAUSAL_LM")
            with warnings.catch_warnings():
                # peft still asks transformers by a name that is on its way out.
                warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
                self.model = PeftModelForCausalLM(self.model, resting, adapter_name=_RESTING).eval()
        loaded = self.model.load_adapter(str(folder), adapter_name=name, torch_device=str(self.model.device))
        if strangers := [*loaded.missing_keys, *loaded.unexpected_keys]:
            raise ValueError(f"{len(strangers)} of its weights belong to another model, such as {strangers[0]}")
        self.model.eval()

    def _drop(self, name: str) -> None:
        """After a failed load its name may stand in the model all the same."""
        if name in getattr(self.model, "peft_config", {}):
            self.model.delete_adapter(name)
