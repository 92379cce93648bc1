"""An ingest brings the knowledge base up to what stands in the files, all at once or not at all."""

from __future__ import annotations

import json

import pytest

from core.adapters.chroma import EmbeddedChroma
from core.errors import ConfigurationError, EmptyKnowledge, IndexBroken
from core.knowledge.ingest import IngestReport
from core.values import Turn


def test_the_first_ingest_adds_every_article_and_they_are_found(kb):
    report = kb.ingest()

    assert report == IngestReport(added=2, updated=0, unchanged=0, retired=0, failed=())
    assert kb.found("may i bring my dog?", 1) == ["pets"]
    assert kb.found("how long does a refund take", 1) == ["refunds"]


def test_ingesting_the_same_again_writes_nothing(kb):
    kb.ingest()
    live, asked = kb.live(), len(kb.embedder.embedded)

    report = kb.ingest()

    assert report == IngestReport(0, 0, 2, 0, ())
    assert kb.live() == live
    assert len(kb.embedder.embedded) == asked


def test_a_changed_article_gets_a_new_version_and_only_it_is_embedded(kb):
    kb.ingest()
    old = {one.id for one in kb.store.knowledge.current_snippets()}
    kb.embedder.embedded.clear()
    kb.write("refunds.md", "# Refund times\n\nA refund to a card takes six days.")

    report = kb.ingest()

    assert (report.added, report.updated, report.unchanged) == (0, 1, 1)
    assert kb.embedder.embedded == ["Refund times. A refund to a card takes six days."]
    assert kb.store.knowledge.article("refunds").version == 2
    gone = old - {one.id for one in kb.store.knowledge.current_snippets()}
    assert [one.text for one in kb.store.knowledge.snippets(list(gone)).values()] == [
        "A refund to a card takes five days."
    ]
    assert not kb.store.knowledge.is_current(list(gone))


def test_a_new_title_reaches_the_snippets_and_their_vectors(kb):
    kb.ingest()
    kb.embedder.embedded.clear()
    kb.write("pets.md", "# Animals\n\nDogs are welcome in every garden home.")

    kb.ingest()

    assert kb.embedder.embedded == ["Animals. Dogs are welcome in every garden home."]
    assert {one.title for one in kb.store.knowledge.current_snippets()} == {"Animals", "Refund times"}


def test_a_vanished_article_is_retired_and_still_explains_old_suggestions(kb):
    kb.ingest()
    [snippet] = [one for one in kb.store.knowledge.current_snippets() if one.article_id == "pets"]
    (kb.folder / "pets.md").unlink()

    report = kb.ingest()

    assert report.retired == 1
    assert kb.found("dog", 5) == ["refunds"]
    assert kb.store.knowledge.snippets([snippet.id]) == {snippet.id: snippet}
    assert kb.store.knowledge.article("pets").retired


def test_an_article_that_comes_back_is_live_again(kb):
    kb.ingest()
    (kb.folder / "pets.md").rename(kb.folder.parent / "pets.md")
    kb.ingest()
    (kb.folder.parent / "pets.md").rename(kb.folder / "pets.md")

    report = kb.ingest()

    assert (report.updated, report.unchanged) == (1, 1)
    assert kb.found("dog", 1) == ["pets"]


def test_only_what_lies_under_the_ingested_path_can_vanish(kb):
    kb.ingest()
    other = kb.write("../elsewhere/late.md", "# Late check-out\n\nLate check-out costs 20 dollars.")

    report = kb.ingest(other)

    assert (report.added, report.retired) == (1, 0)
    assert len(kb.store.knowledge.current_articles()) == 3


def test_rows_of_a_file_vanish_one_by_one(kb):
    rows = [{"id": f"r{n}", "title": f"Rule {n}", "text": f"Rule number {n} holds."} for n in range(3)]
    path = kb.write("../rows.jsonl", "\n".join(map(json.dumps, rows)))
    kb.ingest(path)
    path.write_text("\n".join(map(json.dumps, rows[:2])))

    report = kb.ingest(path)

    assert (report.unchanged, report.retired) == (2, 1)
    assert [article.id for article in kb.store.knowledge.current_articles()] == ["r0", "r1"]


def test_a_superseded_article_is_kept_but_not_searched(kb):
    kb.write("old.md", "---\nid: old\ntitle: Old refunds\nsuperseded_by: refunds\n---\nA refund took nine days.")

    report = kb.ingest()

    assert report.added == 3
    assert kb.store.knowledge.article("old").retired
    assert kb.found("refund nine days", 5) == ["refunds", "pets"]
    assert kb.ingest().unchanged == 3


def test_an_article_that_becomes_superseded_counts_as_retired(kb):
    kb.ingest()
    kb.write("pets.md", "---\ntitle: Pets\nsuperseded_by: refunds\n---\nDogs were welcome.")

    report = kb.ingest()

    assert (report.updated, report.retired) == (0, 1)


def test_a_bad_file_is_skipped_and_keeps_what_was_known_of_it(kb):
    kb.ingest()
    kb.write("pets.md", b"\xff\xfe broken")
    kb.write("new.md", "# Keys\n\nKeys are in the box.")

    report = kb.ingest()

    assert (report.added, report.retired) == (1, 0)
    assert [failure.path for failure in report.failed] == [str(kb.folder / "pets.md")]
    assert "not UTF-8" in report.failed[0].reason
    assert kb.found("dog", 1) == ["pets"]


def test_two_sources_with_one_id_are_named(kb):
    kb.write("one.md", "---\nid: keys\n---\nKeys are in the box.")
    kb.write("two.md", "---\nid: keys\n---\nKeys are at the desk.")

    report = kb.ingest()

    assert [failure.path for failure in report.failed] == [str(kb.folder / "two.md")]
    assert f"already belongs to {kb.folder / 'one.md'}" in report.failed[0].reason


def test_an_id_of_a_file_elsewhere_is_not_taken_over(kb):
    kb.ingest()
    other = kb.write("../elsewhere/pets.md", "# Pets\n\nNo pets.")

    report = kb.ingest(other)

    assert [failure.path for failure in report.failed] == [str(other.resolve())]
    assert kb.store.knowledge.article("pets").version == 1


def test_an_article_of_nothing_but_boilerplate_is_skipped(kb):
    kb.write("empty.md", "# Empty\n\nWas this article helpful? Yes / No")

    report = kb.ingest()

    assert report.added == 2
    assert report.failed[0].reason == "it holds no text to answer from"


def test_a_path_that_is_not_there_is_a_usage_error(kb):
    with pytest.raises(ConfigurationError, match="no file or folder"):
        kb.ingest(kb.folder / "nowhere")


def test_a_file_of_an_unknown_type_fails_only_when_it_is_named(kb):
    odd = kb.write("slides.pptx", "x")
    kb.write(".git/notes.md", "# Hidden\n\nNothing.")

    assert kb.ingest().failed == ()
    assert "files of type .pptx cannot be read" in kb.ingest(odd).failed[0].reason


def test_what_a_killed_ingest_left_behind_is_removed_and_was_never_live(kb):
    kb.ingest()
    live = kb.live()
    EmbeddedChroma(kb.index_folder).create("gen_killed")
    assert kb.found("dog", 1) == ["pets"]

    kb.ingest()

    assert kb.generations() == [live.location]


def test_the_generation_before_is_kept_for_readers_and_older_ones_go(kb):
    locations = []
    for number in range(3):
        kb.write("counter.md", f"# Counter\n\nNumber {number} is on.")
        kb.ingest()
        locations.append(kb.live().location)

    assert kb.generations() == sorted(locations[1:])
    assert [one.location for one in kb.store.knowledge.old_generations()] == [locations[1]]


def test_a_reader_that_was_open_before_finds_the_new_article(kb):
    kb.ingest()
    reader = kb.retriever()
    assert reader.search([Turn("customer", "where are the keys")], 1).snippets[0].snippet.article_id != "keys"
    kb.write("keys.md", "# Keys\n\nThe keys are in the box.")

    kb.ingest()

    found = reader.search([Turn("customer", "where are the keys")], 1)
    assert found.snippets[0].snippet.article_id == "keys"
    assert found.generation == kb.live().id


def test_a_lost_index_is_mended_by_the_next_ingest(kb):
    kb.ingest()
    EmbeddedChroma(kb.index_folder).delete(kb.live().location)
    with pytest.raises(IndexBroken, match="aitl ingest"):
        kb.found("dog")

    report = kb.ingest()

    assert report.unchanged == 2
    assert kb.found("dog", 1) == ["pets"]


def test_another_embedder_rebuilds_the_index_and_an_old_reader_says_so(kb):
    kb.ingest()
    old_reader = kb.retriever()
    kb.embedder = type(kb.embedder)("hashed-words@2")

    kb.ingest()

    assert kb.store.knowledge.pointers() == [kb.live()]
    assert kb.found("dog", 1) == ["pets"]
    with pytest.raises(IndexBroken, match="AITL_EMBEDDER"):
        old_reader.search([Turn("customer", "dog")], 1)


def test_before_the_first_ingest_and_after_everything_vanished_there_is_nothing_to_search(kb):
    with pytest.raises(EmptyKnowledge, match="aitl ingest PATH"):
        kb.found("dog")
    kb.ingest()
    for path in kb.folder.iterdir():
        path.unlink()

    assert kb.ingest().retired == 2
    with pytest.raises(EmptyKnowledge):
        kb.found("dog")
