"""The ways to make a reranker fast, measured on a folder of a few passages."""

from __future__ import annotations

import json

from click.testing import CliRunner

from core.adapters.cross_encoder import CrossEncoderReranker
from core.retrieval.blend import Blend
from training.bench.rerank_agreement import EXACT, main

PASSAGES = [
    {"id": f"p{n}", "title": "BELFRY", "text": text}
    for n, text in enumerate(("Parking is free.", "Breakfast is cold.", "The rooms are small.", "Dogs may stay."))
]
QUERIES = [{"id": "q1", "turns": ["U: Is there parking?"], "gold": ["p0"], "group": "g", "split": "dev", "reply": ""}]


def test_every_way_stands_beside_the_exact_one(tmp_path):
    reranker = CrossEncoderReranker.untrained(tmp_path / "model")
    Blend(1.0, candidates=1).write(reranker.folder)
    for name, rows in (("passages", PASSAGES), ("queries", QUERIES)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))

    answer = CliRunner().invoke(main, [str(reranker.folder), "--data", str(tmp_path), "--json"])

    ways = json.loads(answer.output)
    assert list(ways) == [
        EXACT, "bfloat16", "192 tokens", "128 tokens", "1 of 75", "1 of 75, bfloat16", "1 of 75, 128 tokens, bfloat16",
    ]  # fmt: skip
    assert ways[EXACT][1:] == [1.0, 1.0]
    assert ways["128 tokens"][1:] == [1.0, 1.0]
    assert all(ms > 0 for ms, _, _ in ways.values())
