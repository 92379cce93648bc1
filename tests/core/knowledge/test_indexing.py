"""Each embedder that serves has a live index of its own, over the same snippets."""

from __future__ import annotations

import pytest

from core.errors import IndexBroken
from core.knowledge.indexing import ensure_generation, remove_unused_generations
from core.values import Turn


@pytest.fixture
def trained(kb):
    """Another embedder than the knowledge base's own."""
    return type(kb.embedder)("trained@1")


def found(kb, embedder, question):
    return kb.retriever(embedder).search([Turn("customer", question)], 1).snippets[0].snippet.article_id


def versions(kb):
    return [one.retriever_version for one in kb.store.knowledge.pointers()]


def test_an_ingest_builds_the_index_of_every_embedder_and_each_is_found_in_its_own(kb, trained):
    kb.ingest_for([kb.embedder, trained])

    assert versions(kb) == ["hashed-words@1", "trained@1"]
    assert found(kb, trained, "dog") == found(kb, kb.embedder, "dog") == "pets"
    assert len({one.location for one in kb.store.knowledge.pointers()}) == 2


def test_what_has_not_changed_is_embedded_once_by_each(kb, trained):
    kb.ingest_for([kb.embedder, trained])
    before = len(kb.embedder.embedded), len(trained.embedded)
    kb.write("keys.md", "# Keys\n\nThe keys are in the box.")

    kb.ingest_for([kb.embedder, trained])

    assert (len(kb.embedder.embedded) - before[0], len(trained.embedded) - before[1]) == (1, 1)
    assert found(kb, trained, "keys") == "keys"


def test_an_embedder_that_comes_later_gets_its_index_and_the_others_keep_theirs(kb, trained):
    kb.ingest()
    live = kb.live()
    with pytest.raises(IndexBroken, match="no index made by the embedder trained@1, only by hashed-words@1"):
        found(kb, trained, "dog")

    ensure_generation(kb.store.knowledge, kb.indexes, trained)

    assert found(kb, trained, "dog") == "pets"
    assert kb.live() == live
    assert kb.store.knowledge.old_generations() == []


def test_an_index_that_is_there_is_not_built_again_and_a_lost_one_is(kb, trained):
    kb.ingest_for([kb.embedder, trained])
    kb.indexes.delete(kb.store.knowledge.pointer("trained@1").location)
    asked = len(kb.embedder.embedded)

    for embedder in (kb.embedder, trained):
        ensure_generation(kb.store.knowledge, kb.indexes, embedder)

    assert len(kb.embedder.embedded) == asked
    assert found(kb, trained, "dog") == "pets"


def test_before_the_first_ingest_there_is_no_index_to_build(kb, trained):
    ensure_generation(kb.store.knowledge, kb.indexes, trained)

    assert kb.store.knowledge.pointers() == []
    assert not kb.index_folder.exists()


def test_an_ingest_drops_the_index_of_an_embedder_that_serves_no_more_but_not_at_once(kb, trained):
    kb.ingest_for([kb.embedder, trained])
    reader = kb.retriever(trained)
    reader.warm()
    gone = kb.store.knowledge.pointer("trained@1")
    kb.write("keys.md", "# Keys\n\nThe keys are in the box.")

    kb.ingest()
    at_once = kb.generations()
    kb.write("keys.md", "# Keys\n\nThe keys are on the hook.")
    kb.ingest()

    assert versions(kb) == ["hashed-words@1"]
    assert gone.location in at_once
    assert gone.location not in kb.generations()


def test_indexes_that_nobody_uses_go_in_two_steps(kb, trained):
    kb.ingest_for([kb.embedder, trained])
    gone = kb.store.knowledge.pointer("trained@1")

    first = remove_unused_generations(kb.store.knowledge, kb.indexes, ["hashed-words@1"])
    between = kb.generations()
    again = remove_unused_generations(kb.store.knowledge, kb.indexes, ["hashed-words@1"])

    assert (first, again) == (1, 0)
    assert gone.location in between
    assert kb.generations() == [kb.live().location]


def test_the_generation_before_stays_for_readers_of_each_embedder_that_serves(kb, trained):
    kb.ingest_for([kb.embedder, trained])
    before = {one.location for one in kb.store.knowledge.pointers()}
    kb.write("keys.md", "# Keys\n\nThe keys are in the box.")
    kb.ingest_for([kb.embedder, trained])

    remove_unused_generations(kb.store.knowledge, kb.indexes, ["hashed-words@1", "trained@1"])

    assert before < set(kb.generations())
