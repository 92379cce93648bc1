"""manifest.yml is one that Slack takes: by its schema, and by the rules that the schema does not know.

tests/data/manifest.schema.1.0.0.json is Slack's own schema, published under the MIT licence in
github.com/slackapi/manifest-schema.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.sandbox.events import EVENT_SCOPES
from bot.sandbox.webapi.dispatch import METHODS

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8")))


def scopes_of(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["oauth_config"]["scopes"]["bot"])


def events_of(manifest: dict[str, Any]) -> list[str]:
    return list(manifest["settings"]["event_subscriptions"]["bot_events"])


def test_it_passes_slacks_schema(manifest: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "tests/data/manifest.schema.1.0.0.json").read_text("utf-8"))

    assert [error.message for error in Draft7Validator(schema).iter_errors(manifest)] == []


def test_every_event_exists_and_has_its_scope(manifest: dict[str, Any]) -> None:
    without = [
        event
        for event in events_of(manifest)
        if EVENT_SCOPES[event] and not scopes_of(manifest).intersection(EVENT_SCOPES[event])
    ]

    assert without == []
    assert len(set(events_of(manifest))) == len(events_of(manifest))


def test_every_scope_serves_an_event_a_method_or_a_command(manifest: dict[str, Any]) -> None:
    useful = {"commands"}
    useful.update(scope for scopes in EVENT_SCOPES.values() for scope in scopes)
    useful.update(scope for method in METHODS.values() for scope in method.scopes)

    assert scopes_of(manifest) - useful == set()


def test_it_asks_for_nothing_it_has_no_business_with(manifest: dict[str, Any]) -> None:
    # im:history is there for one thing: that a direct message of ours is not sent twice after a crash.
    forbidden = {"users:read.email", "chat:write.public", "chat:write.customize", "channels:join", "mpim:history"}

    assert scopes_of(manifest) & forbidden == set()


def test_the_contracts_shortcuts_and_command_are_there(manifest: dict[str, Any]) -> None:
    features = manifest["features"]

    assert {(item["callback_id"], item["type"]) for item in features["shortcuts"]} == {
        ("draft_replies", "message"),
        ("new_case", "global"),
    }
    assert [(item["command"], item["should_escape"]) for item in features["slash_commands"]] == [("/aitl", True)]
    assert "commands" in scopes_of(manifest)


def test_it_receives_by_socket_mode_alone(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]

    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert "request_url" not in settings["event_subscriptions"]
    assert settings["token_rotation_enabled"] is False
