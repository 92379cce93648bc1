"""What the whole knowledge base says of a reply: found beside the screen, in a real index, and absent without one."""

from __future__ import annotations

import pytest

from core.bootstrap import open_store
from core.hashed_words import HashedWordsEmbedder
from core.ingest_command import ingest_paths
from core.knowledge_base import make_retriever
from core.ports import DraftRequest
from core.response_ranker.features import FEATURES
from core.response_ranker.lookup import LOOKED_UP, KnowledgeLookup
from core.response_ranker.ranker import describe
from core.settings import Settings
from core.values import SNIPPETS_SHOWN, CheckReport, Draft, Turn

EMBEDDER = HashedWordsEmbedder()
TURNS = (Turn("customer", "Do they speak Polish?"),)
ARTICLES = {
    "seaside": "# Seaside Inn\n\n## Which languages are spoken?\n\nGerman and Italian are spoken.\n",
    "garden": "# Garden House\n\n## Which languages are spoken?\n\nPolish and Czech are spoken at the desk.\n",
}


@pytest.fixture
def retriever(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    settings = Settings.from_environment({"AITL_HOME": str(tmp_path / "home")})
    with open_store(settings) as store:
        for name, text in ARTICLES.items():
            (folder / f"{name}.md").write_text(text)
        ingest_paths([folder], settings, store, EMBEDDER)
        yield make_retriever(settings, store.knowledge, EMBEDDER)


@pytest.fixture
def nothing_ingested(tmp_path):
    settings = Settings.from_environment({"AITL_HOME": str(tmp_path / "home")})
    with open_store(settings) as store:
        yield make_retriever(settings, store.knowledge, EMBEDDER)


def described(text, lookup, shown=()):
    draft = Draft(text, "", "knowledge", CheckReport((), citations_valid=False, answers_question=False))
    rows = describe(DraftRequest(TURNS, "Polish?", tuple(shown), (), 0), [draft], EMBEDDER, lookup)
    return {name: value for name, value in zip(FEATURES, rows[0], strict=True) if name in LOOKED_UP}


def test_a_reply_that_stands_in_an_article_beside_the_screen_is_known(retriever):
    lookup = KnowledgeLookup(retriever)
    seaside = [one for one in retriever.search(TURNS, SNIPPETS_SHOWN).snippets if one.snippet.title == "Seaside Inn"]

    right = described("Polish and Czech are spoken at the desk of the Garden House.", lookup, seaside)
    made_up = described("Our chef enjoys sailing.", lookup, seaside)

    assert right["known"] > made_up["known"]
    assert (right["known_named"], right["known_said"], right["known_shown"]) == (1.0, 1.0, 0.0)


def test_a_reply_that_stands_on_the_screen_is_known_to_be_shown(retriever):
    found = retriever.search(TURNS, SNIPPETS_SHOWN).snippets

    assert described("German and Italian are spoken.", KnowledgeLookup(retriever), found)["known_shown"] == 1.0


def test_without_a_lookup_or_without_knowledge_these_features_are_0(nothing_ingested):
    nothing = dict.fromkeys(LOOKED_UP, 0.0)

    assert described("Polish is spoken.", None) == nothing
    assert described("Polish is spoken.", KnowledgeLookup(nothing_ingested)) == nothing
