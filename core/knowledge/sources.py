"""From paths to documents: which files count as knowledge, who reads each, and how articles are named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import ConfigurationError, UnreadableSource
from core.knowledge.document import Document
from core.knowledge.readers.html import read_html
from core.knowledge.readers.jsonl import read_jsonl
from core.knowledge.readers.markdown import read_markdown
from core.knowledge.readers.pdf import read_pdf
from core.knowledge.readers.text_file import read_text_file

READERS: Mapping[str, Callable[[Path], list[Document]]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".txt": read_text_file,
    ".pdf": read_pdf,
    ".jsonl": read_jsonl,
}
_MARKDOWN = (".md", ".markdown")
_ROWS = (".jsonl",)
_ROW_MARK = "#"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file and the folder it was found from."""

    path: Path  # absolute
    root: Path

    def read(self) -> list[SourcedDocument]:
        """Every document in it, with id and source. Raises UnreadableSource."""
        reader = READERS.get(self.path.suffix.lower())
        if reader is None:
            raise UnreadableSource(
                self.path,
                f"files of type {self.path.suffix or '(none)'} cannot be read; known are {', '.join(READERS)}",
            )
        rows = self.path.suffix.lower() in _ROWS
        return [
            SourcedDocument(
                id=document.id or self._id,
                source=f"{self.path}{_ROW_MARK}{document.id}" if rows else str(self.path),
                file=self.path,
                document=document,
            )
            for document in reader(self.path)
        ]

    @property
    def _id(self) -> str:
        """The path below the ingested folder; Markdown without its suffix."""
        name = self.path.relative_to(self.root)
        return (name.with_suffix("") if name.suffix.lower() in _MARKDOWN else name).as_posix()


@dataclass(frozen=True, slots=True)
class SourcedDocument:
    """A document with the article id it will have and where it came from."""

    id: str
    source: str  # the file's path; with "#row id" for a line of a file of rows
    file: Path
    document: Document


def find_files(paths: Sequence[Path]) -> list[SourceFile]:
    """The files at and under these paths, each once, in a stable order; hidden ones and unknown types are left out.

    A file that is named itself is taken whatever its type. Raises ConfigurationError for a path that is not there.
    """
    found: dict[Path, SourceFile] = {}
    for given in paths:
        path = given.expanduser().resolve()
        if not path.exists():
            raise ConfigurationError(f"There is no file or folder {given}; give the path of what to ingest.")
        for file in _under(path) if path.is_dir() else [SourceFile(path, path.parent)]:
            found.setdefault(file.path, file)
    return list(found.values())


def _under(folder: Path) -> Iterator[SourceFile]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix.lower() in READERS:
            yield SourceFile(path, folder)


def file_of(source: str) -> Path:
    """The file an article's source names."""
    path, mark, _ = source.rpartition(_ROW_MARK)
    return Path(path) if mark and Path(path).suffix.lower() in _ROWS else Path(source)


def is_within(source: str, paths: Sequence[Path]) -> bool:
    """True where an article's source lies at or under one of these paths."""
    file = file_of(source)
    return any(file.is_relative_to(path.expanduser().resolve()) for path in paths)
