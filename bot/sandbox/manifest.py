"""What the app under test declares about itself: its manifest, read from YAML or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.sandbox.errors import SandboxError


@dataclass(frozen=True)
class Command:
    """One slash command: `/name`, and what the composer shows about it."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class Shortcut:
    """One shortcut; type is "message" (in a message's menu) or "global" (in the composer's)."""

    name: str
    type: str
    callback_id: str
    description: str


@dataclass(frozen=True)
class Manifest:
    """The parts of an app manifest that change how Slack treats the app."""

    name: str
    bot_name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    is_interactive: bool
    has_home_tab: bool


def load_manifest(source: Path | Mapping[str, Any] | None) -> Manifest:
    """Read a manifest from a file (YAML or JSON), from a mapping, or, with None, the project's own.

    Raises SandboxError when the file cannot be read or is not a manifest.
    """
    if isinstance(source, Mapping):
        return _parse(source, "the manifest")
    path = source if source is not None else default_manifest_path()
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise SandboxError(f"cannot read the manifest {path}: {problem}. Name a YAML or JSON file.") from problem
    except yaml.YAMLError as problem:
        first_line = str(problem).splitlines()[0]
        raise SandboxError(f"the manifest {path} is neither YAML nor JSON: {first_line}.") from problem
    return _parse(content, f"the manifest {path}")


def default_manifest_path() -> Path:
    """The project's manifest: beside the packages in a source tree, inside `bot` once installed."""
    bot = Path(__file__).resolve().parent.parent
    candidates = (bot / "manifest.yml", bot.parent / "manifest.yml")
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise SandboxError(f"no manifest.yml at {candidates[0]} or {candidates[1]}; name one with --manifest FILE.")


def _parse(content: object, origin: str) -> Manifest:
    if not isinstance(content, Mapping) or "display_information" not in content:
        raise SandboxError(f"{origin} has no display_information, so it is not a Slack app manifest.")
    try:
        return _read(content)
    except (AttributeError, KeyError, TypeError) as problem:
        raise SandboxError(f"{origin} does not have the shape of a Slack app manifest ({problem!r}).") from problem


def _read(content: Mapping[str, Any]) -> Manifest:
    features = content.get("features") or {}
    settings = content.get("settings") or {}
    scopes = (content.get("oauth_config") or {}).get("scopes") or {}
    name = content["display_information"]["name"]
    return Manifest(
        name=name,
        bot_name=(features.get("bot_user") or {}).get("display_name", name),
        scopes=frozenset(scopes.get("bot") or ()),
        events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
        commands=tuple(_read_command(item) for item in features.get("slash_commands") or ()),
        shortcuts=tuple(_read_shortcut(item) for item in features.get("shortcuts") or ()),
        is_interactive=bool((settings.get("interactivity") or {}).get("is_enabled", False)),
        has_home_tab=bool((features.get("app_home") or {}).get("home_tab_enabled", False)),
    )


def _read_command(item: Mapping[str, Any]) -> Command:
    return Command(
        command=item["command"],
        description=item.get("description", ""),
        usage_hint=item.get("usage_hint", ""),
        should_escape=bool(item.get("should_escape", False)),
    )


def _read_shortcut(item: Mapping[str, Any]) -> Shortcut:
    return Shortcut(
        name=item["name"],
        type=item["type"],
        callback_id=item["callback_id"],
        description=item.get("description", ""),
    )
