"""Missing-knowledge reports as lessons for the retriever, from real reports in a real store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.annotations import MissingKnowledge
from core.judge.judge import Judge
from core.values import Snippet
from training.examples import read_examples
from training.lessons.gaps import gap_rows

SNIPPETS = (
    Snippet("s1", "pets", 1, "Pets", "", "https://help.example/pets", "Dogs are welcome in all homes."),
    Snippet("s2", "refunds", 1, "Refunds", "Time", "https://help.example/refunds/", "A refund takes five days."),
    Snippet("s3", "refunds", 1, "Refunds", "Where", "https://help.example/refunds/", "Where a refund goes: your card."),
)


def reported(world, store, watch, kind, link=None):
    watch.advance(60)
    world.feedback.report_gap(
        world.suggestion.id, "U_ANN", "Whether a refund goes to my card", kind, link, source="modal", key="k1"
    )
    Judge(store).round()
    return read_examples(store).examples


@pytest.mark.parametrize(
    ("link", "found"),
    [("https://help.example/Refunds#where", ["s3"]), ("https://help.example/unknown", []), (None, [])],
)
def test_what_exists_but_was_not_found_is_a_positive_where_its_link_is_known(world, store, watch, link, found):
    examples = reported(world, store, watch, "exists_not_found", link)

    rows = gap_rows(examples, SNIPPETS)

    assert [row["snippet_id"] for row in rows] == found
    assert [(row["anchor"], row["label"], row["first_stage"]) for row in rows] == [
        ("Where is my refund?", 1.0, None) for _ in found
    ]


def test_what_does_not_exist_becomes_a_positive_when_its_article_is_published(world, store, watch):
    (example,) = reported(world, store, watch, "missing")
    (gap,) = [one for one in example.said if isinstance(one, MissingKnowledge)]
    published = gap.model_copy(update={"status": "resolved", "article_id": "refunds"})

    assert gap_rows([example], SNIPPETS) == []
    assert [row["snippet_id"] for row in gap_rows([replace(example, said=(published,))], SNIPPETS)] == ["s3"]
    assert gap_rows([replace(example, said=(published,))], SNIPPETS[:1]) == []
