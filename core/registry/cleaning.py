"""Files of models that nobody needs any more are removed; what the registry says of them stays for good."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.registry.bundle import PARTS, Bundle, Registry

OURS = ("bundle-", *(f"{part}-" for part in PARTS))  # whatever else somebody puts beside them is theirs
KEPT = 5  # versions besides those that serve or would after a rollback
# A cycle writes into its folder all the time while it trains: one that nothing was written to for so long has crashed.
ABANDONED_AFTER = timedelta(days=2)


def forget_old_bundles(registry: Registry, models: Path, now: datetime, keep: int = KEPT) -> list[str]:
    """Remove the files of old versions and of crashed cycles below `models`; the names of the folders removed.

    Kept: champion, challenger, the champion before, the newest `keep` others, and whatever folder any of these uses,
    also in part. A folder that no version knows is kept while something was written to it lately.
    """
    bundles = registry.bundles()
    used, known = _folders(_needed(registry, bundles, keep)), _folders(bundles)
    removed = []
    for folder in sorted(one for one in models.glob("*") if one.name.startswith(OURS) and one.is_dir()):
        if folder.name in used or (folder.name not in known and _last_written(folder) > now - ABANDONED_AFTER):
            continue
        shutil.rmtree(folder)
        removed.append(folder.name)
    return removed


def _needed(registry: Registry, bundles: Iterable[Bundle], keep: int) -> Iterator[Bundle]:
    aliases = registry.aliases()
    fixed = {aliases.champion, aliases.challenger, registry.previous_champion()}
    others = 0
    for bundle in bundles:  # newest first
        if bundle.version in fixed:
            yield bundle
        elif others < keep:
            others += 1
            yield bundle


def _folders(bundles: Iterable[Bundle]) -> set[str]:
    """The names, right below the models folder, of what these use."""
    return {Path(part.folder).parts[0] for bundle in bundles for part in bundle.parts.values()}


def _last_written(folder: Path) -> datetime:
    """The newest change of anything in it."""
    newest_s = folder.stat().st_mtime
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # whoever works in it takes away too
            newest_s = max(newest_s, path.stat().st_mtime)
    return datetime.fromtimestamp(newest_s, UTC)
