"""`aitl bench latency --quick`: everything is measured, and the figures can be true. Its times mean nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    folder = tmp_path_factory.mktemp("bench")
    program = [sys.executable, "-c", "from core.cli import main; main()", "bench", "latency", "--quick", "--json"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path), "HOME": str(folder)}
    done = subprocess.run(
        [*program, "--out", "results"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=580, check=False,
    )  # fmt: skip
    return done, folder


@pytest.fixture(scope="module")
def results(run: tuple[subprocess.CompletedProcess[str], Path]) -> dict[str, Any]:
    return dict(json.loads(run[0].stdout))


def test_the_results_are_one_object_on_stdout_and_in_a_file(run: Any, results: dict[str, Any]) -> None:
    done, folder = run

    assert json.loads((folder / "results" / "results.json").read_text("utf-8")) == results
    assert [path.name for path in folder.iterdir()] == ["results"]
    assert done.returncode == (0 if all(bound["kept"] for bound in results["bounds"]) else 1)
    for bound in results["bounds"]:
        assert bound["kept"] or f"Missed: {bound['name']}" in done.stderr


def test_a_case_takes_longer_than_its_models_and_longer_with_a_cross_encoder(results: dict[str, Any]) -> None:
    slow, fast = results["drafts"]["with a cross-encoder"], results["drafts"]["without"]

    assert results["snippets"] == 200
    assert slow["bare_s"]["p50"] > fast["bare_s"]["p50"] > 0
    assert fast["total_s"]["p50"] > fast["models_s"]["p50"] > 0
    assert slow["share_of_everything_else"] < 1
    assert fast["per_minute"] > 0 and slow["per_minute"] > 0
    assert 0 < fast["texts_encoded"] <= fast["texts_asked"]


def test_clicks_are_acknowledged_while_cases_are_in_flight(results: dict[str, Any]) -> None:
    times = results["acknowledgement"]

    assert times["bot_ms"]["n"] == times["bare_bolt_ms"]["n"] == times["insert_ms"]["n"] == 20
    assert 0 < times["bot_ms"]["p50"] < 2500
    assert 0 < times["insert_ms"]["p50"] < times["bare_bolt_ms"]["p99"] + 2500
    assert times["fewest_in_flight"] >= 1


def test_growth_compares_small_and_large(results: dict[str, Any]) -> None:
    measures = {one["name"]: one for one in results["growth"]}

    assert measures["a search for 75 snippets"]["sizes"] == [100, 1000]
    assert measures["a suggestion message rendered"]["sizes"] == [50, 500]
    assert all(one["ratio"] == one["ms"][-1]["p50"] / one["ms"][0]["p50"] > 0 for one in measures.values())


def test_bfloat16_ranks_as_32_bits_do(results: dict[str, Any]) -> None:
    assert 0.9 < results["encoder"]["spearman"] <= 1.0
    assert 0.8 < results["encoder"]["top_8_overlap"] <= 1.0


def test_the_program_starts_and_drafts(results: dict[str, Any]) -> None:
    start = results["start"]

    assert 0 < start["first_acknowledgement_s"]["p50"] < start["first_drafts_s"]["p50"]
    assert 100 < start["peak_memory_mib"] < 8000
