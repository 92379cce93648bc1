"""The README says what the code does: every setting, every command, both set-up lines."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from core.cli import COMMANDS
from core.settings import NAMES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_stands_in_the_readme_and_no_other() -> None:
    table = README.split("## Settings")[1].split("\n## ")[0]
    named = set(re.findall(r"`((?:AITL|SLACK)_[A-Z_]+)`", table))

    assert named == set(NAMES)


def test_every_command_stands_in_the_readme_and_no_other() -> None:
    table = README.split("## Commands")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `aitl ([a-z]+)", table, flags=re.MULTILINE))

    assert named == set(COMMANDS)


def test_the_pictures_and_files_that_the_readme_points_to_are_there() -> None:
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if not target.startswith("http")]

    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_readme_names_every_room_of_the_house() -> None:
    for room in ("bot/", "core/", "training/", "tests/"):
        assert f"`{room}" in README


def test_the_changelog_tells_of_the_version_that_is_packaged() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_dependency_has_its_reason_beside_it() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    lines = re.findall(r'^  "[a-zA-Z0-9_.\[\]-]+[<>=~][^\n]*$', text, flags=re.MULTILINE)

    assert lines
    assert [line for line in lines if "#" not in line] == []


def test_nothing_speaks_of_the_machine_it_was_made_on() -> None:
    words = ("/work" + "/", "find-" + "links", "extra-" + "index", "/opt" + "/")
    files = [
        path
        for pattern in ("*.md", "bot/**/*", "core/**/*", "training/**/*", "tests/**/*", ".ci/*", "*.toml", "*.yml")
        for path in ROOT.glob(pattern)
        if path.suffix in {".py", ".md", ".toml", ".yml", ".js", ".css", ".html", ".jsonl", ""} and path.is_file()
    ]
    telling = [f"{path.name}: {word}" for path in files for word in words if word in path.read_text("utf-8")]

    assert telling == []
