"""Faults planted in one stage, or in two, of a pipeline that answers right without them.

Each breaks a real part: what it does wrong is done to real snippets, by the packaged model, for sample cases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.adapters.openai_chat import OpenAIModel
from core.adapters.py3langid import LanguageDetector
from core.checker.lexical import LexicalChecker
from core.drafting.prompted import PromptedGenerator
from core.ports import DraftRequest, Generator, Reranker, Retrieved, Retriever
from core.retrieval.rerank import KeepOrderReranker
from core.sentences import split_sentences
from core.suggest import Suggester
from core.values import Draft, RankedSnippet, Turn
from core.words import content_stems, coverage
from tests.chat_server import ChatHandler

_SNIPPET = re.compile(r"^\[(\d)\] .*\n  (.+)$", re.MULTILINE)
_NUMBER = re.compile(r"\b\d+\b(?!\])")


@dataclass(frozen=True)
class FirstMessageOnly:
    """A query builder that takes the customer's greeting for the question."""

    retriever: Retriever
    version = "first-message-only"

    def warm(self) -> None:
        self.retriever.warm()

    def search(self, turns: Sequence[Turn], k: int) -> Retrieved:
        return self.retriever.search(turns[:1], k)


@dataclass(frozen=True)
class BlindTo:
    """A first stage that does not see one article, whatever is asked."""

    retriever: Retriever
    articles: frozenset[str]
    version = "blind"

    def warm(self) -> None:
        self.retriever.warm()

    def search(self, turns: Sequence[Turn], k: int) -> Retrieved:
        found = self.retriever.search(turns, k + 20)
        seen = [one for one in found.snippets if one.snippet.article_id not in self.articles][:k]
        return replace(found, snippets=tuple(replace(one, rank=rank) for rank, one in enumerate(seen, 1)))


@dataclass(frozen=True)
class PutsLast:
    """A second stage that puts one article behind all others."""

    articles: frozenset[str]
    version = "puts-last"

    def rerank(self, query: str, snippets: Sequence[RankedSnippet], k: int) -> list[RankedSnippet]:
        ordered = sorted(snippets, key=lambda one: one.snippet.article_id in self.articles)
        return KeepOrderReranker().rerank(query, ordered, k)


@dataclass(frozen=True)
class Ignores:
    """A generator that writes as if one article were not on the screen; "*" is what comes first there."""

    generator: Generator
    articles: frozenset[str]
    version = "ignores"

    def warm(self) -> None:
        self.generator.warm()

    def draft(self, request: DraftRequest) -> list[Draft]:
        shown = [one for one in request.shown if one.snippet.article_id not in self.articles]
        return self.generator.draft(replace(request, shown=tuple(shown[1:] if "*" in self.articles else shown)))


@dataclass(frozen=True)
class Misquotes:
    """A generator that gets every number wrong by one."""

    generator: Generator
    checker: LexicalChecker
    version = "misquotes"

    def warm(self) -> None:
        self.generator.warm()

    def draft(self, request: DraftRequest) -> list[Draft]:
        return [self._wrong(one, request) for one in self.generator.draft(request)]

    def _wrong(self, draft: Draft, request: DraftRequest) -> Draft:
        text = _NUMBER.sub(lambda number: str(int(number.group()) + 1), draft.text)
        return replace(draft, text=text, report=self.checker.check(text, request.shown, request.turns))


def holds_back(handler: ChatHandler, body: dict[str, Any]) -> None:
    """A language model that answers, by quoting the likeliest snippet, only where it is told that it can."""
    prompt = body["messages"][-1]["content"]
    greeting = "Thank you for writing. " if "complete reply" in prompt else ""
    if "the snippets do answer this question" in prompt:
        asked = content_stems(prompt.rpartition("Customer: ")[2])
        n, text = max(_SNIPPET.findall(prompt), key=lambda one: coverage(asked, set(content_stems(one[1]))))
        handler.stream(f"{greeting}{split_sentences(text)[0]} [{n}]")
    else:
        handler.stream(f"{greeting}I am afraid that I do not know. Could you tell me more?")


def with_language_model(good: Suggester, url: str) -> Suggester:
    """Drafts by whatever answers there."""
    model = OpenAIModel("some-model", base_url=url)
    generator = PromptedGenerator(model, good.generator, LexicalChecker(), LanguageDetector())
    return replace(good, generator=generator)


def with_query_fault(good: Suggester) -> Suggester:
    return replace(good, retriever=FirstMessageOnly(good.retriever))


def with_blindness(good: Suggester, *articles: str) -> Suggester:
    return replace(good, retriever=BlindTo(good.retriever, frozenset(articles)))


def with_bad_order(good: Suggester, *articles: str) -> Suggester:
    reranker: Reranker = PutsLast(frozenset(articles))
    return replace(good, reranker=reranker)


def with_ignorance(good: Suggester, *articles: str) -> Suggester:
    return replace(good, generator=Ignores(good.generator, frozenset(articles)))


def with_misquotes(good: Suggester) -> Suggester:
    return replace(good, generator=Misquotes(good.generator, LexicalChecker()))
