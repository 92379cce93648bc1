"""How an approved article is published: what needs the turn itself is done before it is this one's turn."""

from __future__ import annotations

import threading

from core.bootstrap import make_champion
from core.hashed_words import HashedWordsEmbedder
from core.knowledge.turn import knowledge_turn
from core.publishing import make_gap_queue
from core.settings import Settings


def test_a_champion_that_is_being_loaded_may_take_its_turn_before_an_article_is_published(store, watch, tmp_path):
    settings = Settings.from_environment({"AITL_HOME": str(tmp_path)})
    embedder = HashedWordsEmbedder()

    def champion():
        loading = threading.Thread(target=take_a_turn, daemon=True)
        loading.start()
        loading.join(timeout=5)
        assert not loading.is_alive(), "it waits for a turn that whoever waits for it holds"
        return make_champion(settings, store, watch, embedder)

    def take_a_turn():
        with knowledge_turn(tmp_path):
            pass

    queue = make_gap_queue(settings, store, watch, embedder, champion)
    (tmp_path / "pets.md").write_text("---\nid: pets\n---\n# Pets\n\nTwo cats may come along.\n")
    queue.publish(tmp_path / "pets.md")
    queue.add_question("pets", "May I bring two cats?", "written", "U_OWNER")
    (tmp_path / "keys.md").write_text("# Keys\n\nThe keys are at the door.\n")

    assert queue.publish(tmp_path / "keys.md").added == 1
    assert store.exam.questions("pets")[0].passed
