"""What a command is handed: the environment it was started in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from core.masking import Masker
from core.settings import Settings


@dataclass(frozen=True)
class Program:
    """The process's environment and its `.env` file, unread until a command asks."""

    environ: Mapping[str, str]
    dotenv: Path

    def settings(self) -> Settings:
        """Read and check the settings. Raises BadSetting."""
        return Settings.from_environment(self.environ, self.dotenv)

    def masker(self) -> Masker:
        """What keeps the secrets of this environment out of everything that is said; a bad setting stops it not."""
        return Masker.of({**(dotenv_values(self.dotenv) if self.dotenv.is_file() else {}), **self.environ})

    def names_home(self) -> bool:
        """True where AITL_HOME was given, and not left to its default."""
        return bool(self.environ.get("AITL_HOME", "").strip() or dotenv_values(self.dotenv).get("AITL_HOME"))
