"""Missing-knowledge reports as lessons: a question, and the snippet that should have been found for it.

"Exists, but was not found" with a link to an article that is known is a positive at once; "does not exist" becomes one
when its article was published. Of the article's snippets it is the one that says most of what was asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core.annotations import MissingKnowledge
from core.knowledge.gaps import address
from core.values import Snippet
from core.words import content_stems, coverage
from training.datasets import Row, question_of_turns, snippet_columns
from training.examples import Example


def gap_rows(examples: Iterable[Example], snippets: Iterable[Snippet]) -> list[Row]:
    """One row of the kind "relevance" per report that names an article with snippets, its label 1.0.

    `snippets`: those of the knowledge base as it is now.
    """
    by_article: dict[str, list[Snippet]] = defaultdict(list)
    article_of: dict[str, str] = {}
    for snippet in snippets:
        by_article[snippet.article_id].append(snippet)
        if snippet.url:
            article_of[address(snippet.url)] = snippet.article_id
    return [
        _row(example, said, by_article[article])
        for example in examples
        for said in example.said
        if isinstance(said, MissingKnowledge)
        if (article := _named(said, article_of)) in by_article
    ]


def _named(said: MissingKnowledge, article_of: Mapping[str, str]) -> str:
    """The id of the article that should have been found; "" where none is named, known or published yet."""
    if said.kind == "missing" and said.status != "resolved":
        return ""
    return said.article_id or article_of.get(address(str(said.link or "")), "")


def _row(example: Example, said: MissingKnowledge, snippets: Sequence[Snippet]) -> Row:
    suggestion = example.suggestions.get(said.suggestion_id or "")
    asked = question_of_turns(suggestion.turns if suggestion else example.case.turns)
    wanted = content_stems(f"{asked['anchor']}\n{said.description}")
    best = max(snippets, key=lambda one: coverage(wanted, content_stems(f"{one.title} {one.section} {one.text}")))
    return {
        **asked,
        "query": suggestion.query if suggestion else asked["anchor"],
        **snippet_columns(best),
        "label": 1.0,
        "first_stage": None,
        "weight": said.weight,
        "case_id": example.case.id,
    }
