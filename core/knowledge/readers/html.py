"""HTML pages: the article itself as Markdown, without the site around it."""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from core.errors import UnreadableSource
from core.knowledge.document import Document
from core.knowledge.readers.markdown_blocks import markdown_blocks
from core.knowledge.readers.text_file import title_from_name

_NOT_CONTENT = {
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "video", "audio", "img", "head",
    "form", "button", "select", "input", "textarea", "nav", "aside", "dialog",
}  # fmt: skip
_ROLES = ["navigation", "banner", "contentinfo", "search", "complementary", "dialog"]
_NAMED_SO = re.compile(
    r"(?:^|[-_])(?:breadcrumbs?|cookies?|sidebar|toc|share|social|feedback|votes?|related|pagination|newsletter|menu)"
    r"(?:$|[-_])",
    re.IGNORECASE,
)
_ROOTS = ("article", "main", "[role=main]", "#content", "#main", "body")
_SITE_NAME = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{1,60}$")
_TO_MARKDOWN = MarkdownConverter(heading_style="ATX", bullets="-", strip=["a"], wrap=False)


def read_html(path: Path) -> list[Document]:
    """One document: the page's main content. Title: its first h1, else the page's title without the site's name.

    Raises UnreadableSource.
    """
    try:
        page = BeautifulSoup(path.read_bytes(), "lxml")
    except OSError as error:
        raise UnreadableSource(path, f"it cannot be opened ({error.strerror})") from error
    url, title = _address(page), _page_title(page)
    text = html_as_markdown(page)
    blocks = markdown_blocks(text)
    headings = [block.text for block in blocks if block.kind == "heading" and block.level == 1]
    return [Document(None, headings[0] if headings else title or title_from_name(path), url, blocks, text)]


def html_as_markdown(page: BeautifulSoup) -> str:
    """The main content of a page or of a fragment, without scripts, navigation, forms and the like."""
    roots = (page.select_one(selector) for selector in _ROOTS)
    root = next((found for found in roots if found is not None and found.get_text(strip=True)), page)
    surroundings = ("header", "footer") if root is page or root.name == "body" else ("footer",)
    for element in root.find_all(True):
        if isinstance(element, Tag) and not element.decomposed and _is_surroundings(element, surroundings):
            element.decompose()
    return str(_TO_MARKDOWN.convert_soup(root)).strip()


def _is_surroundings(element: Tag, names: tuple[str, ...]) -> bool:
    if element.name in _NOT_CONTENT or element.name in names or element.has_attr("hidden"):
        return True
    if element.get("role") in _ROLES or element.get("aria-hidden") == "true":
        return True
    labels = [str(element.get("id") or ""), *(element.get_attribute_list("class"))]
    return any(_NAMED_SO.search(str(label)) for label in labels if label)


def _address(page: BeautifulSoup) -> str | None:
    link = page.find("link", rel="canonical")
    address = str(link.get("href") or "") if isinstance(link, Tag) else ""
    return address if address.startswith(("http://", "https://")) else None


def _page_title(page: BeautifulSoup) -> str:
    found = page.find("title")
    return _SITE_NAME.sub("", " ".join(found.get_text().split())) if found else ""
