"""From the settings to drafts by a language model: through the whole pipeline, with the model up, down and adapted."""

from __future__ import annotations

import gc
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.blocks.suggestion import build_suggestion
from core.bootstrap import open_services
from core.bundles import Shared, assemble, make_shared
from core.clock import utc_now
from core.drafting.fallback import DOWN
from core.errors import AdapterUnusable
from core.hashed_words import HashedWordsEmbedder
from core.ingest_command import ingest_paths
from core.registry.bundle import BASE, Bundle, PartRef
from core.settings import Settings
from core.store import Store, make_engine
from core.values import Suggestion, Turn
from tests.chat_server import ChatHandler, ChatServer, says

ARTICLE = (
    "# Refunds\n\n## When your refund arrives\n\n"
    "Card refunds arrive within 5 business days after the refund was approved. "
    "You get an e-mail when the refund was approved.\n"
)
DIRECT = "Card refunds arrive within 5 business days after the refund was approved. [1]"
COMPLETE = "You get an e-mail when the refund was approved. [1] Please look for it in your mailbox first."


def in_both_styles(handler: ChatHandler, body: dict[str, Any]) -> None:
    says(COMPLETE if "complete reply" in body["messages"][-1]["content"] else DIRECT)(handler, body)


@pytest.fixture
def shared(tmp_path: Path, sqlite_template: Path, chat_server: ChatServer) -> Iterator[Shared]:
    """One article, a language model behind a server, and the folder of a trained generator."""
    chat_server.answers = [in_both_styles]
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    (tmp_path / "refunds.md").write_text(ARTICLE, "utf-8")
    environ = {
        "AITL_HOME": str(tmp_path),
        "AITL_GENERATOR": "openai:some-model",
        "AITL_OPENAI_BASE_URL": chat_server.url,
    }
    settings = Settings.from_environment(environ)
    engine = make_engine(settings.database_url)
    store = Store(engine, utc_now, models=tmp_path / "models")
    embedder = HashedWordsEmbedder()
    ingest_paths([tmp_path / "refunds.md"], settings, store, embedder)
    yield make_shared(settings, store, embedder)
    engine.dispose()


def suggested(shared: Shared, bundle: Bundle | None = None) -> Suggestion:
    """What the bundle suggests, as the store gives it back."""
    turn = Turn("customer", "When does my card refund arrive?", "1.0", utc_now())
    case, _ = shared.store.cases.open("T1", "C1", "1.0", "U1", turn)
    bundle = bundle or shared.store.registry.bundle(BASE)
    suggester = assemble(shared.settings, shared.store, utc_now, bundle, shared)
    suggester.warm()
    return shared.store.suggestions.get(shared.store.suggestions.add(suggester.suggest(case, 1, seed=3)).id)


def test_the_candidates_are_what_the_model_wrote_and_say_which_model(shared: Shared) -> None:
    suggestion = suggested(shared)

    assert {candidate.text for candidate in suggestion.candidates} == {DIRECT, COMPLETE}
    assert {candidate.style for candidate in suggestion.candidates} == {"written_direct", "written_complete"}
    assert suggestion.parameters["parts"]["generator"] == "prompt-1+some-model"  # type: ignore[index]
    assert suggestion.notice is None


def test_while_the_model_is_down_there_are_drafts_and_one_sentence_above_them(
    shared: Shared, chat_server: ChatServer
) -> None:
    chat_server.shutdown()
    chat_server.server_close()

    suggestion = suggested(shared)

    assert len(suggestion.candidates) == 2
    assert not any(candidate.style.startswith("written_") for candidate in suggestion.candidates)
    assert suggestion.notice == DOWN
    assert json.dumps(build_suggestion(suggestion)).count(DOWN) == 1


def trained(shared: Shared, version: int) -> Bundle:
    """A bundle whose generator is an adapter."""
    ref = PartRef(f"bundle-00000{version}/generator", str(version) * 64)
    folder = shared.store.registry.folder(ref)
    folder.mkdir(parents=True)
    (folder / "adapter_model.safetensors").write_bytes(bytes([version]))
    return Bundle(version, BASE, utc_now(), parts={"generator": ref})


def test_a_bundle_with_a_trained_generator_asks_for_its_adapter(shared: Shared, chat_server: ChatServer) -> None:
    suggestion = suggested(shared, trained(shared, 3))

    (loaded,) = chat_server.loaded
    assert {request["model"] for request in chat_server.requests} == {loaded["lora_name"]}
    assert {candidate.bundle for candidate in suggestion.candidates} == {"3"}
    assert suggestion.parameters["parts"]["generator"].endswith(loaded["lora_name"])  # type: ignore[index]


def test_a_bundle_whose_adapter_cannot_be_used_does_not_come_up(shared: Shared, chat_server: ChatServer) -> None:
    chat_server.load_status = 500

    with pytest.raises(AdapterUnusable, match="bundle-000004"):
        suggested(shared, trained(shared, 4))


def test_without_a_language_model_a_trained_generator_means_nothing(shared: Shared, chat_server: ChatServer) -> None:
    composed = make_shared(replace(shared.settings, generator="extractive"), shared.store, shared.embedder)

    suggestion = suggested(composed, trained(shared, 5))

    assert suggestion.notice is None
    assert chat_server.requests == []


@pytest.mark.slow
def test_two_bundles_share_one_model_in_memory_and_leave_no_adapter_behind(shared: Shared, tiny_llama: Path) -> None:
    from tests.tiny_models import save_adapter

    local = replace(shared.settings, generator=f"transformers:{tiny_llama}")
    both = make_shared(local, shared.store, shared.embedder)
    bundles = [Bundle(n, BASE, utc_now(), parts={"generator": PartRef(f"b{n}/generator", str(n) * 64)}) for n in (1, 2)]
    for bundle in bundles:
        save_adapter(tiny_llama, shared.store.registry.folder(bundle.parts["generator"]), seed=bundle.version)

    sides = [assemble(local, shared.store, utc_now, bundle, both).generator for bundle in bundles]
    for side in sides:
        side.warm()

    adapters = both.generators.language_model._owner._loaded[0]  # type: ignore[union-attr]
    assert len(adapters._loaded) == 2
    del side, sides
    gc.collect()
    both.generators.make().warm()
    assert adapters._loaded == set()


def test_agents_notes_are_read_by_the_model_as_it_came_and_by_nobody_without_one(shared: Shared) -> None:
    with open_services(shared.settings) as services:
        assert services.notes is not None
        assert services.notes.version == "note_against_texts@some-model"
    with open_services(replace(shared.settings, generator="extractive")) as services:
        assert services.notes is None
