"""Every kind of file as a document."""

from __future__ import annotations

import json

import pytest

from core.errors import UnreadableSource
from core.knowledge.document import Block
from core.knowledge.readers.html import read_html
from core.knowledge.readers.jsonl import read_jsonl
from core.knowledge.readers.markdown import read_markdown
from core.knowledge.readers.pdf import read_pdf
from core.knowledge.readers.text_file import read_text_file


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def a_pdf(*pages, title=None):
    """The bytes of a PDF with these lines on its pages."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        words = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        stream = f"BT /F1 12 Tf 72 720 Td {words}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    info = ""
    if title:
        objects.append(f"<< /Title ({title}) >>")
        info = f" /Info {len(objects)} 0 R"
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return (
        body + f"{end}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{info} >>\nstartxref\n{len(body)}\n%%EOF".encode()
    )


def test_markdown_front_matter_gives_id_title_address_and_attributes(tmp_path):
    path = written(
        tmp_path,
        "any.md",
        "---\nid: refunds\ntitle: Refund times\nurl: https://help.example/r\nupdated: 2026-05-04\nversion: 3\n---\n"
        "# Refund times\n\nRefunds take [5 days](https://help.example).\n",
    )

    [document] = read_markdown(path)

    assert (document.id, document.title, document.url) == ("refunds", "Refund times", "https://help.example/r")
    assert document.attributes == {"updated": "2026-05-04", "version": "3"}
    assert document.blocks == (Block("heading", "Refund times", 1), Block("paragraph", "Refunds take 5 days."))
    assert document.superseded_by is None


def test_markdown_without_front_matter_is_named_by_its_heading_or_its_file(tmp_path):
    [headed] = read_markdown(written(tmp_path, "a.md", "# Refund times\n\nText."))
    [bare] = read_markdown(written(tmp_path, "lost_and-found.md", "Only text."))

    assert (headed.id, headed.title) == (None, "Refund times")
    assert bare.title == "Lost and found"


def test_broken_front_matter_is_named_with_its_line(tmp_path):
    path = written(tmp_path, "bad.md", "---\ntitle: [unclosed\nid: x\n---\nText.")

    with pytest.raises(UnreadableSource, match="front matter is not YAML"):
        read_markdown(path)


def test_text_that_is_not_utf8_is_refused(tmp_path):
    with pytest.raises(UnreadableSource, match="not UTF-8 text \\(byte 5\\)"):
        read_text_file(written(tmp_path, "old.txt", "caf\xe9 au lait".encode("latin-1").replace(b"f", b"ff")))


def test_the_hash_follows_the_content(tmp_path):
    [one] = read_markdown(written(tmp_path, "a.md", "# T\n\nText."))
    [same] = read_markdown(written(tmp_path, "a.md", "# T\n\nText.\n"))
    [other] = read_markdown(written(tmp_path, "a.md", "# T\n\nText!"))

    assert one.content_hash == same.content_hash != other.content_hash


def test_html_gives_the_article_without_the_site_around_it(tmp_path):
    path = written(
        tmp_path,
        "refunds.html",
        """<html><head><title>Refund times | Help</title><link rel="canonical" href="https://help.example/r">
        <script>track()</script><style>p {}</style></head><body><nav>Home</nav><header>Shop now</header>
        <article><h1>Refund times</h1><div class="breadcrumbs">Help / Money</div>
        <p>Refunds take <b>5&nbsp;days</b>.<br>Banks   take longer.</p>
        <h2>Steps</h2><ol><li>Open <a href="/t">Trips</a>.</li><li><p>Choose Cancel.</p></li></ol>
        <table><tr><th>Way</th><th>Days</th></tr><tr><td>Card</td><td>5</td></tr></table>
        <form>Helpful? <button>Yes</button></form><aside>Ads</aside></article><footer>©</footer></body></html>""",
    )

    [document] = read_html(path)

    assert (document.title, document.url) == ("Refund times", "https://help.example/r")
    assert [(block.kind, " ".join(block.text.split())) for block in document.blocks] == [
        ("heading", "Refund times"),
        ("paragraph", "Refunds take 5 days. Banks take longer."),
        ("heading", "Steps"),
        ("item", "Open Trips."),
        ("item", "Choose Cancel."),
        ("row", "Card: 5"),
    ]


def test_a_page_without_a_heading_is_named_by_its_title_without_the_site(tmp_path):
    [document] = read_html(written(tmp_path, "x.html", "<title>Refund times - Help Center</title><p>5 days.</p>"))

    assert document.title == "Refund times"


def test_a_text_file_has_paragraphs_and_items(tmp_path):
    path = written(
        tmp_path, "dogs.txt", "Dogs and cats\n\nPets are\nwelcome.\n\n- one dog\n2) two cats\n* 5 * 3 is fine\n"
    )

    [document] = read_text_file(path)

    assert document.title == "Dogs and cats"
    assert document.blocks == (
        Block("paragraph", "Pets are\nwelcome."),
        Block("item", "one dog"),
        Block("item", "two cats", marker="2."),
        Block("item", "5 * 3 is fine"),
    )


def test_rows_of_json_lines_are_articles(tmp_path):
    rows = [
        {"id": "r1", "title": "Refund times", "text": "Refunds take 5* days.", "url": "https://help.example/1"},
        {"id": 7, "text": "<p>One</p><ul><li>Two</li></ul>", "lang": "en"},
        {"id": "m", "title": "M", "text": "## Head\n\nText **bold**."},
    ]
    path = written(tmp_path, "kb.jsonl", "\n".join(map(json.dumps, rows)) + "\n\n")

    plain, html, markdown = read_jsonl(path)

    assert (plain.id, plain.title, plain.url) == ("r1", "Refund times", "https://help.example/1")
    assert plain.blocks == (Block("paragraph", "Refunds take 5* days."),)
    assert (html.id, html.title, html.attributes) == ("7", "7", {"lang": "en"})
    assert html.blocks == (Block("paragraph", "One"), Block("item", "Two"))
    assert markdown.blocks == (Block("heading", "Head", 2), Block("paragraph", "Text bold."))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{oops", "line 2 is not JSON"),
        ("[1]", "line 2 is not an object"),
        ('{"text": "x"}', "line 2 has no id"),
        ('{"id": "a", "text": " "}', "line 2 has no text"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path, line, reason):
    path = written(tmp_path, "kb.jsonl", f'{{"id": "ok", "text": "fine"}}\n{line}\n')

    with pytest.raises(UnreadableSource, match=reason):
        read_jsonl(path)


def test_a_pdf_gives_its_text_without_running_heads_and_page_numbers(tmp_path):
    pages = [
        ["Help centre handbook", f"Refunds take {days} days for this kind of card.", f"{days}"] for days in (5, 6, 7)
    ]
    path = written(tmp_path, "handbook.pdf", a_pdf(*pages, title="Refund handbook"))

    [document] = read_pdf(path)

    assert document.title == "Refund handbook"
    assert " ".join(block.text for block in document.blocks).split("\n") == [
        "Refunds take 5 days for this kind of card.",
        "Refunds take 6 days for this kind of card.",
        "Refunds take 7 days for this kind of card.",
    ]


@pytest.mark.parametrize(
    ("content", "reason"), [(b"not a pdf at all", "not a readable PDF"), (a_pdf([]), "holds no text")]
)
def test_a_pdf_that_cannot_be_read_says_why(tmp_path, content, reason):
    with pytest.raises(UnreadableSource, match=reason):
        read_pdf(written(tmp_path, "bad.pdf", content))
