"""The files of a bundle: what names their content, and whether they are what was registered."""

from __future__ import annotations

import hashlib
from pathlib import Path

from core.errors import NotPossible
from core.registry.bundle import Bundle, Part, Registry

MANIFEST = "manifest.json"  # beside the files it describes, so not one of them
_BLOCK = 1 << 20


def content_hash(folder: Path) -> str:
    """SHA-256 over the names and contents of all files below but the manifest, as 64 hexadecimal digits."""
    total = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file() and one.name != MANIFEST):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                total.update(block)
        total.update(b"\0")
    return total.hexdigest()


def removed_parts(registry: Registry, bundle: Bundle) -> list[Part]:
    """The parts whose folders are not on this machine (any more); looks at no content."""
    return [name for name, part in bundle.parts.items() if not registry.folder(part).is_dir()]


def check_presence(registry: Registry, bundle: Bundle) -> None:
    """Raises NotPossible, naming part and folder, where one is missing; looks at no content."""
    for name in removed_parts(registry, bundle):
        folder = registry.folder(bundle.parts[name])
        raise NotPossible(
            f"Version {bundle.version} cannot serve: the files of its {name} are not in {folder} (any more). "
            "Choose another version, or copy the folder back from where it was made."
        )


def check_files(registry: Registry, bundle: Bundle) -> None:
    """Raises NotPossible, naming part and folder, where a file is missing or is not what was registered.

    Reads all files.
    """
    check_presence(registry, bundle)
    for name, part in bundle.parts.items():
        folder = registry.folder(part)
        if content_hash(folder) != part.sha256:
            raise NotPossible(
                f"Version {bundle.version} cannot serve: the files of its {name} in {folder} are not those that were "
                "registered. Choose another version, or copy the folder back from where it was made."
            )
