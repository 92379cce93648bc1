"""The rules of the house, checked on the source: which way imports flow, and what importing costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "core", "training")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
ALLOWED_AT_TOP = {
    "pyproject.toml", "README.md", "manifest.yml", "LICENSE", "CHANGELOG.md", "bot", "core", "training", "tests",
}  # fmt: skip
HEAVY = (
    "torch",
    "sentence_transformers",
    "transformers",
    "chromadb",
    "peft",
    "trl",
    "openai",
    "bm25s",
    "pypdf",
    "sklearn",
)
LONGEST_FUNCTION = 60
# An outside library that only one room, or only the adapters, may know.
ONLY_IN = {
    "slack_bolt": "bot/",
    "slack_sdk": "bot/",
    "torch": ("core/adapters/", "training/trainers/"),
    "sentence_transformers": ("core/adapters/", "training/trainers/"),
    "chromadb": "core/adapters/",
    "bm25s": "core/adapters/",
    "openai": "core/adapters/",
    "starlette": "bot/",
    "uvicorn": "bot/",
    "alembic": "core/store/",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def parsed() -> Iterator[tuple[str, ast.Module]]:
    for path in FILES:
        yield name_of(path), ast.parse(path.read_text("utf-8"))


def test_only_the_agreed_names_stand_at_the_top() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout: what is tracked cannot be asked")
    at_top = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert {name for name in at_top if not name.startswith(".")} - ALLOWED_AT_TOP == set()


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [
        ("core/", ("bot", "training")),
        ("training/", ("bot",)),
        ("bot/", ("training",)),
    ],
)
def test_imports_flow_one_way(room: str, forbidden: tuple[str, ...]) -> None:
    wrong = [
        f"{name} imports {module}"
        for name, tree in parsed()
        if name.startswith(room)
        for module in imports_of(tree)
        if module.split(".")[0] in forbidden
    ]
    assert wrong == []


def test_the_sandbox_knows_nothing_of_the_bot_but_the_block_kit_validator() -> None:
    wrong = [
        f"{name} imports {module}"
        for name, tree in parsed()
        if name.startswith("bot/sandbox/")
        for module in imports_of(tree)
        if module.split(".")[0] in ROOMS and not module.startswith(("bot.sandbox", "bot.blockkit"))
    ]
    assert wrong == []


def test_the_block_kit_validator_is_a_leaf() -> None:
    wrong = [
        f"{name} imports {module}"
        for name, tree in parsed()
        if name.startswith("bot/blockkit")
        for module in imports_of(tree)
        if module.split(".")[0] in ROOMS and not module.startswith("bot.blockkit")
    ]
    assert wrong == []


def test_the_inside_of_core_does_not_know_its_adapters() -> None:
    inner = ("core/values", "core/annotations", "core/ports", "core/errors", "core/suggest", "core/feedback")
    wrong = [
        f"{name} imports {module}"
        for name, tree in parsed()
        if name.startswith(inner)
        for module in imports_of(tree)
        if module.startswith(("core.adapters", "core.store", "core.bootstrap"))
    ]
    assert wrong == []


def test_an_outside_library_is_known_in_its_own_place_only() -> None:
    wrong = [
        f"{name} imports {module}"
        for name, tree in parsed()
        for module in imports_of(tree)
        for library, place in ONLY_IN.items()
        if module.split(".")[0] == library and not name.startswith(place)
    ]
    assert wrong == []


def test_no_function_is_long() -> None:
    long = [
        f"{name}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for name, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_says_its_idea_in_its_first_line() -> None:
    silent = [name for name, tree in parsed() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_no_module_is_named_utils() -> None:
    assert [name for name in map(name_of, FILES) if "util" in name or "helper" in name] == []


def test_imports_make_no_cycle() -> None:
    modules = {
        name[: -len("/__init__.py" if name.endswith("__init__.py") else ".py")].replace("/", "."): tree
        for name, tree in parsed()
    }
    edges = {
        module: {target for target in _internal(tree, modules) if target != module} for module, tree in modules.items()
    }
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for target in sorted(edges[module]):
                walk(target, (*path, module))
            done.add(module)

    for module in sorted(edges):
        walk(module, ())


def _internal(tree: ast.Module, modules: dict[str, ast.Module]) -> set[str]:
    """What a module imports of ours at its top level; `from package import module` counts as the module."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name in modules}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                found |= {inside} if inside in modules else {node.module} & modules.keys()
    return found


def test_importing_everything_loads_no_heavy_library() -> None:
    names = [name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__") for path in FILES]
    light = [name for name in names if ".migrations" not in name and not name.startswith("training.")]
    program = (
        "import importlib, sys\n"
        f"for name in {light!r}: importlib.import_module(name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "[]"
