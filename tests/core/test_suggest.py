"""The pipeline: what is drawn, what is stored, and what is searched for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from core.adapters.py3langid import LanguageDetector
from core.checker.lexical import LexicalChecker
from core.clock import utc_now
from core.drafting.generator import ExtractiveGenerator
from core.hashed_words import HashedWordsEmbedder
from core.ports import Embedder, Retrieved
from core.retrieval.rerank import KeepOrderReranker
from core.shared_embedder import SharedEmbedder
from core.solved_cases import SolvedCaseMemory
from core.solved_in_memory import SolvedCasesInMemory
from core.suggest import FirstDraftsRanker, Suggester, draw_drafts, with_english_keywords
from core.values import Case, RankedSnippet, Snippet, SolvedCase, Turn

ARTICLES = {
    "refund-timing": "Card refunds arrive within 5–7 business days. A refund goes back to the card that you used. "
    "Open Trips to follow your refund.",
    "pets": "A host may charge a pet fee of up to $100. The pet fee is charged once per stay.",
}


class Shelf:
    """A first stage over two snippets, the one that shares more words first; also the knowledge base."""

    version = "shelf"

    def __init__(self) -> None:
        self.snippets = [
            Snippet(f"id-{name}", name, 1, name.replace("-", " "), "", None, text) for name, text in ARTICLES.items()
        ]

    def search(self, turns: tuple[Turn, ...], k: int) -> Retrieved:
        asked = turns[-1].text
        ordered = sorted(self.snippets, key=lambda one: -sum(word in one.text for word in asked.split()))
        found = tuple(RankedSnippet(one, rank, 1 / rank) for rank, one in enumerate(ordered[:k], 1))
        return Retrieved(asked, found, "g1")

    def is_current(self, snippet_ids: tuple[str, ...]) -> bool:
        return all(one.removeprefix("id-") in ARTICLES for one in snippet_ids)


def suggester(*solved: SolvedCase, embedder: Embedder | None = None) -> Suggester:
    embedder, shelf = embedder or HashedWordsEmbedder(), Shelf()
    return Suggester(
        retriever=shelf,  # type: ignore[arg-type]
        reranker=KeepOrderReranker(),
        memory=SolvedCaseMemory(SolvedCasesInMemory(solved), shelf, embedder),  # type: ignore[arg-type]
        generator=ExtractiveGenerator(embedder, LexicalChecker(), LanguageDetector()),
        ranker=FirstDraftsRanker(),
        embedder=embedder,
        clock=utc_now,
    )


def case(text: str) -> Case:
    return Case("case-1", "T", "C", "1", "U", (Turn("customer", text),), "open", utc_now())


def test_a_suggestion_shows_two_drafts_and_stores_what_replays_it() -> None:
    made = suggester().suggest(case("When does my card refund arrive?"), revision=1, seed=5)
    again = suggester().suggest(case("When does my card refund arrive?"), revision=1, seed=5)

    assert [one.slot for one in made.candidates] == ["a", "b"]
    assert made.candidates == again.candidates
    assert made.parameters["seed"] == 5
    assert made.parameters["index_generation"] == "g1"
    assert set(made.timings_s) == {"retrieve", "rerank", "similar", "draft", "rank"}


def test_every_draft_is_recorded_with_its_chance_and_its_slot() -> None:
    made = suggester().suggest(case("When does my card refund arrive?"), revision=1, seed=5)

    drafts = made.parameters["drafts"]
    assert isinstance(drafts, list)
    assert sorted(draft["slot"] for draft in drafts if draft["slot"]) == ["a", "b"]
    assert drafts[0]["probability"] == 1.0


def test_candidates_carry_the_whole_bundle() -> None:
    made = suggester().suggest(case("How much is the pet fee?"), revision=1, seed=1)

    assert {one.bundle for one in made.candidates} == {made.bundle}
    assert made.bundle == "0"
    assert made.parameters["parts"] == {
        "retriever": "shelf",
        "reranker": "keep-order",
        "generator": "extractive-1",
        "ranker": "generator-order",
    }


def test_the_best_draft_is_always_shown_and_the_second_and_the_slots_are_fair() -> None:
    drawn = [draw_drafts([0.9, 0.1, 0.2], seed) for seed in range(2000)]

    assert all(0 in pair and len(set(pair)) == 2 for pair in drawn)
    counts = Counter(drawn)
    assert all(430 <= counts[pair] <= 570 for pair in ((0, 1), (0, 2), (1, 0), (2, 0)))


def test_one_draft_alone_is_shown_alone() -> None:
    assert draw_drafts([0.5], seed=3) == (0,)


def test_an_adopted_reply_comes_back_cited_anew_and_without_what_no_longer_stands() -> None:
    solved = SolvedCase(
        "case-0",
        "When does my card refund arrive?",
        "Hi Ana, card refunds arrive within 5–7 business days. I also gave you $50. "
        "A refund goes back to the card that you used, Ana. Open Trips to follow your refund.",
        ("id-refund-timing",),
    )

    made = suggester(solved).suggest(case("When does my card refund arrive?"), revision=1, seed=5)

    [old] = [one for one in made.candidates if one.style == "solved_case"]
    assert old.solved_case_id == "case-0"
    assert "5–7 business days [1]." in old.text
    assert "$50" not in old.text
    assert "Ana" not in old.text
    assert "Open Trips to follow your refund [1]." in old.text


def test_a_reply_whose_source_is_gone_is_not_remembered() -> None:
    solved = SolvedCase("case-0", "When does my card refund arrive?", "Card refunds arrive soon.", ("id-retired",))

    assert suggester(solved).suggest(case("When does my card refund arrive?"), revision=1, seed=5).similar == ()


def test_another_language_is_searched_by_english_words() -> None:
    turns = (Turn("customer", "¿Cuándo llega mi reembolso?"), Turn("agent", "Un momento."))

    searched = with_english_keywords(turns)

    assert "refund" in searched[0].text
    assert searched[1] == turns[1]


def test_a_language_that_a_lead_has_chosen_is_written_in_and_recorded() -> None:
    asked = replace(case("When does my card refund arrive?"), language="de")

    made = suggester().suggest(asked, revision=1, seed=5)

    assert all("aus unserem Hilfe-Center" in one.text for one in made.candidates)
    assert made.parameters["language"] == "de"
    assert "language" not in suggester().suggest(case("When does my card refund arrive?"), revision=1).parameters


class CountingEmbedder(HashedWordsEmbedder):
    """Counts the texts that it encodes."""

    encoded = 0

    def embed(self, texts):
        self.encoded += len(texts)
        return super().embed(texts)


def test_another_revision_of_the_same_words_encodes_nothing_anew() -> None:
    model = CountingEmbedder()
    solved = SolvedCase("case-0", "Is a pet fee charged per night?", "It is charged once per stay.", ("id-pets",))
    drafting = suggester(solved, embedder=SharedEmbedder(model))
    asked = case("When does my card refund arrive?")

    drafting.suggest(asked, revision=1)
    encoded = model.encoded
    drafting.suggest(asked, revision=2)

    assert encoded > 0
    assert model.encoded == encoded
