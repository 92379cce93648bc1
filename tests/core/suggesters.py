"""Small working pipelines over a few articles, without files and without a model to load."""

from __future__ import annotations

from collections.abc import Sequence

from core.adapters.py3langid import LanguageDetector
from core.checker.lexical import LexicalChecker
from core.clock import utc_now
from core.drafting.generator import ExtractiveGenerator
from core.hashed_words import HashedWordsEmbedder
from core.ports import DraftRequest, Generator, Ranker, Retrieved
from core.retrieval.rerank import KeepOrderReranker
from core.solved_cases import SolvedCaseMemory
from core.solved_in_memory import SolvedCasesInMemory
from core.suggest import FirstDraftsRanker, Suggester
from core.values import Case, Draft, RankedSnippet, Snippet, Turn

ARTICLES = {
    "refund times": "Card refunds arrive within 5–7 business days. A refund goes back to the card that you used.",
    "refund to a voucher": "A voucher refund is there at once. A voucher is valid for two years.",
    "refund of fees": "The service fee is refunded when the host cancels. The cleaning fee is always refunded.",
    "pets": "A host may charge a pet fee of up to $100. The pet fee is charged once per stay.",
    "keys": "The keys are in a box at the door. The code of the box comes by mail on the day before.",
    "parking": "Parking is free in the yard. The yard is closed at ten in the evening.",
    "check-in": "Check-in is from three in the afternoon. Tell the host when you arrive later than eight.",
    "check-out": "Check-out is until eleven. Leave the keys in the box and close the windows.",
    "pool": "The pool is open from May to September. Children swim with an adult.",
    "invoices": "An invoice is under Trips, behind Details. A company's name can be added for thirty days.",
}
SNIPPETS = {
    title: Snippet(f"id-{title}", title.replace(" ", "-"), 1, title, "", None, text) for title, text in ARTICLES.items()
}
GENERATOR = ExtractiveGenerator(HashedWordsEmbedder(), LexicalChecker(), LanguageDetector())


class FixedRetriever:
    """Finds these titles, in this order, whatever is asked."""

    def __init__(self, *titles: str) -> None:
        self.titles, self.version = titles, f"fixed:{titles[0] if titles else 'nothing'}"

    def warm(self) -> None:
        """There is nothing to load."""

    def search(self, turns: Sequence[Turn], k: int) -> Retrieved:
        found = [RankedSnippet(SNIPPETS[title], rank, 1 / rank) for rank, title in enumerate(self.titles[:k], 1)]
        return Retrieved(turns[-1].text, tuple(found), f"gen-{self.version}")


class LastDraftsRanker:
    """The opposite of the generator's own order."""

    version = "generator-order-reversed"

    def score(self, request: DraftRequest, drafts: Sequence[Draft]) -> list[float]:
        return [float(place) for place in range(len(drafts))]


class Broken:
    """A retriever whose model cannot answer any more."""

    version = "broken"

    def warm(self) -> None:
        """It says nothing until it is asked."""

    def search(self, turns: Sequence[Turn], k: int) -> Retrieved:
        raise RuntimeError("the weights are not numbers")


class _Knowledge:
    def is_current(self, snippet_ids: Sequence[str]) -> bool:
        return True


def pipeline(
    version: int,
    *titles: str,
    retriever: FixedRetriever | Broken | None = None,
    ranker: Ranker | None = None,
    generator: Generator = GENERATOR,
) -> Suggester:
    """A bundle that finds these titles, all of them without a name given."""
    embedder = HashedWordsEmbedder()
    return Suggester(
        retriever=retriever or FixedRetriever(*(titles or ARTICLES)),
        reranker=KeepOrderReranker(),
        memory=SolvedCaseMemory(SolvedCasesInMemory(), _Knowledge(), embedder),  # type: ignore[arg-type]
        generator=generator,
        ranker=ranker or FirstDraftsRanker(),
        embedder=embedder,
        clock=utc_now,
        version=version,
    )


def asked(text: str, case_id: str = "case-1") -> Case:
    """A case of one turn."""
    return Case(case_id, "T", "C", "1", "U", (Turn("customer", text),), "open", utc_now())
