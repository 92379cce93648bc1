"""Two stages as one score: how the first stage ranks a snippet, and what a model that reads it with the question says.

    score = z(first stage) + weight · logit

z is the first stage's score in standard deviations from the mean of all it found, so that the weight means the same
whatever scale a retriever scores on. With weight 0 the first stage's order stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelUnavailable
from core.values import RankedSnippet

_FILE = "blend.json"
CANDIDATES = 16  # of the 75: the first eight hardly change with more of them, and each costs as much as the first


@dataclass(frozen=True, slots=True)
class Blend:
    """How a reranker is used. `candidates`: how many of the first are read, at least 1. `weight`: of a logit, >= 0.

    `bfloat16`: whether its order was found to stay as it is in 32 bits. `longest_pair`: tokens that are read.
    """

    weight: float
    candidates: int = CANDIDATES
    bfloat16: bool = False
    longest_pair: int = 256

    def write(self, folder: Path) -> None:
        """Beside the model's files."""
        (folder / _FILE).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Blend | None:
        """What stands beside the model; None where nothing does. Raises ModelUnavailable where it is broken."""
        try:
            values: Mapping[str, Any] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
            return cls(**values)
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise ModelUnavailable(f"The blend in {folder / _FILE} could not be read: {error}.") from error


def standardized(scores: Sequence[float]) -> NDArray[np.float64]:
    """In standard deviations from their mean; all 0 where they are equal. Shape (len(scores),)."""
    values = np.asarray(scores, dtype=np.float64)
    spread = float(values.std()) if len(values) else 0.0
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)


def blended(snippets: Sequence[RankedSnippet], logits: Sequence[float], weight: float) -> list[tuple[int, float]]:
    """(place in `snippets`, score), best first. Those without a logit stay behind the others, in their order."""
    first = standardized([one.score for one in snippets])
    read = [(place, float(first[place]) + weight * logit) for place, logit in enumerate(logits)]
    read.sort(key=lambda one: (-one[1], one[0]))
    floor = min((score for _, score in read), default=0.0)
    behind = [(place, min(floor, float(first[place]))) for place in range(len(logits), len(snippets))]
    return [*read, *behind]
