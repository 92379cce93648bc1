"""Missing knowledge in a real browser on the real product: a gap, its article, its exam, and a change that it stops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.demo.demo import CASES, Demo
from bot.sandbox import wait_for
from core.adapters.cross_encoder import CrossEncoderReranker
from core.bundles import assemble, make_shared
from core.errors import ExamNotPassed
from core.ingest_command import ingest_paths
from core.knowledge.exam import found_by
from core.registry.bundle import BASE, MODELS_FOLDER, NewBundle, PartRef
from core.registry.files import content_hash
from core.values import Turn
from tests.browser import browsing

QUESTION = "May my parrot come along into the shop in its cage?"
GAP = "Whether birds may come into the shop"
ASKED_AGAIN = "Hello, are parrots in a cage welcome in the shop?"
ANSWER = "Parrots and other birds may come into every shop as long as they stay in their cage."
OTHER_GAP = "Repairs of old clocks"
DRAFTED_WITHIN_MS = 120_000  # the models may still be loading
WORKED_WITHIN_MS = 60_000

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def ada(demo: Demo, browser: Browser) -> Page:
    """An agent's window."""
    return window(demo, browser, "ada")


@pytest.fixture(scope="module")
def lea(demo: Demo, browser: Browser) -> Page:
    """The window of the lead, who owns the knowledge."""
    return window(demo, browser, "lea")


def window(demo: Demo, browser: Browser, name: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 1200}).new_page()
    page.set_default_timeout(WORKED_WITHIN_MS)
    expect.set_options(timeout=WORKED_WITHIN_MS)
    page.goto(f"{demo.sandbox.url}/#/{demo.sandbox.user(name).id}/{demo.sandbox.channel(CASES).id}")
    return page


def drafts_for(demo: Demo, page: Page, question: str) -> Locator:
    """A customer asks; the suggestion in the thread that the agent opens."""
    demo.sandbox.person("customer").post(CASES, question)
    case = page.locator("#channel").get_by_test_id("message").filter(has_text=question)
    case.get_by_test_id("open-thread").click(timeout=DRAFTED_WITHIN_MS)
    message = page.get_by_test_id("thread-messages").get_by_test_id("message").filter(has_text="Draft A")
    expect(message).to_be_visible(timeout=DRAFTED_WITHIN_MS)
    return message


def press(place: Locator, action_id: str) -> None:
    place.locator(f'[data-action-id="{action_id}"]').first.click()


def fill(form: Locator, block_id: str, text: str) -> None:
    form.locator(f'[data-block-id="{block_id}"]').locator("textarea, input").first.fill(text)


def command(page: Page, text: str) -> None:
    composer = page.get_by_test_id("composer-text")
    composer.fill(text)
    composer.press("Enter")  # not wherever the focus is: a form that was closed just now gives it back
    expect(composer).to_have_value("")


def report(demo: Demo, page: Page, suggestion: Locator, what: str) -> None:
    """The agent says what is missing, and it is put to what is like it."""
    press(suggestion, "report_gap")
    form = page.get_by_test_id("modal")
    fill(form, "description", what)
    form.locator('[data-block-id="kind"] [data-value="missing"]').check()
    page.get_by_test_id("modal-submit").click()
    expect(form).to_be_hidden()
    wait_for(lambda: [one for one in demo.services.gaps.listed().groups if one.title == what], 30, "the gap")


def send(page: Page, suggestion: Locator, reply: str) -> None:
    """The agent writes the reply themselves, in place of a draft."""
    press(suggestion, "edit.a")
    fill(page.get_by_test_id("modal"), "reply", reply)
    page.get_by_test_id("modal-submit").click()
    expect(suggestion).to_contain_text("Sent: draft A, edited")


def open_draft_of(page: Page, gap: str) -> Locator:
    """The lead asks for the list and opens the draft of this gap; the form, once it is filled."""
    command(page, "/aitl gaps")
    shown = page.locator("#channel").get_by_test_id("message").filter(has_text=gap).last
    press(shown, "gaps.draft")
    form = page.get_by_test_id("modal")
    expect(form.locator('[data-block-id="title"]')).to_be_visible()
    return form


def test_what_no_article_says_is_reported_and_answered_by_hand(demo: Demo, ada: Page) -> None:
    suggestion = drafts_for(demo, ada, QUESTION)

    report(demo, ada, suggestion, GAP)
    send(ada, suggestion, ANSWER)

    expect(ada.get_by_test_id("thread-messages")).to_contain_text(ANSWER)


def test_its_draft_says_what_the_agent_replied_and_is_published_by_its_owner(demo: Demo, lea: Page) -> None:
    form = open_draft_of(lea, GAP)

    expect(form.locator('[data-block-id="text"] textarea')).to_have_value(ANSWER)
    press(form, "gaps.approve")

    expect(form).to_contain_text("is published. Asked again, 1 of 1 case would be shown it now")
    [question] = [one for one in demo.services.store.exam.questions() if one.words == QUESTION]
    assert question.passed


def test_the_next_customer_who_asks_is_drafted_the_answer(demo: Demo, ada: Page) -> None:
    ada.keyboard.press("Escape")

    suggestion = drafts_for(demo, ada, ASKED_AGAIN)

    expect(suggestion).to_contain_text(ANSWER)


def test_pages_that_would_crowd_it_out_are_stopped_by_the_exam(demo: Demo, tmp_path: Path) -> None:
    services = demo.services
    before = {one.id for one in services.store.knowledge.current_articles()}
    for number in range(9):
        (tmp_path / f"cage{number}.md").write_text(f"# {QUESTION}\n\n{QUESTION} Ask for it in shop {number}.")

    with pytest.raises(ExamNotPassed, match=f"by the exam question “{re.escape(QUESTION)}”"):
        ingest_paths([tmp_path], services.settings, services.store, services.suggester.embedder)

    assert {one.id for one in services.store.knowledge.current_articles()} == before


def test_a_version_that_would_not_find_an_article_any_more_is_not_promoted(demo: Demo, lea: Page) -> None:
    services = demo.services
    settings, store = services.settings, services.store
    folder = settings.home / MODELS_FOLDER / "bundle-000001" / "reranker"
    folder.parent.mkdir(parents=True)
    CrossEncoderReranker.untrained(folder)  # its order is chance
    reranker = PartRef("bundle-000001/reranker", content_hash(folder))
    store.registry.register(NewBundle(BASE, {"reranker": reranker}, "", {}, "superior", "It finds more."), [])
    shared = make_shared(settings, store, services.suggester.embedder)
    asked = "How long does a refund take?"
    versions = [assemble(settings, store, services.clock, store.registry.bundle(one), shared) for one in (BASE, 1)]
    found = [found_by(one, [Turn("customer", asked)]).shown for one in versions]
    now, then = ({one.snippet.article_id for one in shown} for shown in found)
    article = store.knowledge.article(min(now - then))
    assert article is not None
    store.exam.add_text(article.id, asked, "written", "U_OWNER")

    lea.get_by_test_id("modal-close").click()
    expect(lea.get_by_test_id("modal")).to_be_hidden()
    command(lea, "/aitl promote 1")
    press(lea.locator("#channel").get_by_test_id("message").filter(has_text="Shall version 1").last, "models.promote")

    expect(lea.locator("#channel")).to_contain_text(f"Version 1 was not promoted, for “{article.title}” would not be")
    assert store.registry.aliases().champion == BASE


def test_the_home_of_the_lead_shows_what_is_left_to_write_and_the_agents_own_shows_the_published_article(
    demo: Demo, ada: Page, lea: Page
) -> None:
    ada.keyboard.press("Escape")
    report(demo, ada, drafts_for(demo, ada, "Who repairs the cuckoo clock that I inherited?"), OTHER_GAP)

    for page in (ada, lea):
        page.get_by_test_id("app-home-link").click()

    home = lea.get_by_test_id("app-home")
    expect(home).to_contain_text("How the drafts did in the last 30 days")
    expect(home).to_contain_text(OTHER_GAP)
    expect(home).not_to_contain_text(GAP)
    expect(ada.get_by_test_id("app-home")).to_contain_text(GAP)


def test_the_bot_broke_none_of_slacks_rules(demo: Demo) -> None:
    assert demo.sandbox.violations == []
