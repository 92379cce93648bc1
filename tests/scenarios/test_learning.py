"""The loop, once around: what agents click trains better models, their preferences promote them, and a rollback brings
back what was.

One story over real sockets, played once for all tests here. The customers call things by names that stand nowhere in
the sample knowledge base; scripted agents annotate their cases, `aitl train` makes a challenger of that, preferences
promote it, and it answers cases asked in ways that nobody had seen. Then somebody says the opposite of everything for a
while, and the next `aitl train` is refused.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from statistics import fmean
from typing import Any

import pytest

from bot.demo.demo import CASES, Demo, running_demo
from bot.sandbox import Person, wait_for
from core.bundles import assemble, make_shared
from core.clock import utc_now
from core.judge.judge import Judge
from core.registry.bundle import Aliases
from core.registry.deploy import ask_nothing
from core.sample import SampleCase, sample_cases
from core.settings import Settings
from core.values import Case, Suggestion, Turn
from tests.scenarios.harness.flipper import Flipper
from training.evaluation.metrics import Estimate, bootstrap_interval
from training.evaluation.rankings import score_rankings
from training.schedule.comparison import compare_live

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

PROGRAM = (sys.executable, "-c", "from core.cli import main; main()")
SEED = 7
DESKS = {CASES: "ada", "support-cases-2": "ben", "support-cases-3": "cora"}

# The planted gap: what these customers call things stands nowhere in the knowledge base.
JARGON = {
    "deposit-how-it-works": "the goldfish",
    "checkin-times": "the touchdown",
    "checkout-lost-items": "an orphan",
    "listing-cleaning-fee": "the lemon",
    "booking-pets": "a plus-four",
    "pay-receipts": "the parchment",
    "review-write": "a postcard",
    "payout-timing": "the harvest",
    "account-two-step": "the double knock",
    "booking-long-stays": "a hibernation",
    "listing-photos": "the fresco",
    "pay-coupons-credit": "a snowflake",
    "booking-children": "a ladybird",
    "tax-vat-invoices": "the origami",
}
WAYS_TO_ASK = (
    "Could you tell me how {} works here?",
    "I have never dealt with {} before. What do I need to know?",
    "My brother asked me about {} and I had no idea what to say.",
    "Short question about {}: what are the rules?",
    "Everybody talks about {}, but nobody explains it to me.",
    "What should I do about {}? It is my first time.",
    "Hi! I am confused by {}, please help.",
    "Somebody mentioned {} on the phone yesterday. Is there anything I must watch out for?",
    "Where do I find out more about {}?",
    "Good morning, we are arguing at home about {}. Who is right?",
    "Please explain {} to me as if I were five years old.",
    "Is there a page that says what happens with {}?",
    "So, {}. How does that go exactly?",
    "I keep hearing of {} and would like the details.",
    "Can you remind me what applies to {}?",
    "We have a new colleague who wonders about {}; what shall I write back?",
)
SHARES = ((0, 8), (8, 11), (11, 16))
# Of the unseen cases, once they are measured: so many are answered by one who flips everything, and so many honestly
# afterwards, which is the latest fifth of all.
POISONED, HONEST = 24, 42


@dataclass(frozen=True)
class Story:
    """What was seen on the way. `before`, `after`: by measure, one score per unseen case, of version 0 and 1."""

    trained: Mapping[str, Any]
    shown: Aliases
    promoted: Aliases
    promotion: str
    before: Mapping[str, Sequence[float]]
    after: Mapping[str, Sequence[float]]
    poisoned: Mapping[str, Any]
    after_poison: Aliases
    after_rollback: Suggestion

    def gain(self, measure: str) -> Estimate:
        """After minus before on the same cases, with its 95 % interval."""
        pairs = zip(self.after[measure], self.before[measure], strict=True)
        return bootstrap_interval([new - old for new, old in pairs], range(len(self.after[measure])))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    home = tmp_path_factory.mktemp("learning")
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'aitl.db'}", retrain_min_annotations=20)
    taught, live, unseen = divided()
    with running_demo(settings, 0, print, more_channels=list(DESKS)[1:]) as demo:
        yield played(demo, taught, live, unseen)


def divided() -> tuple[list[SampleCase], list[SampleCase], list[SampleCase]]:
    """Cases that are learned from, that are answered with a challenger beside, and that nobody sees before the end.

    Each way to ask stands in one of the three alone.
    """
    replies = {article: case.reply for case in sample_cases() for article in case.articles[:1]}
    by_way = [
        [
            jargon_case(f"{way}-{article}", article, text.format(word), replies[article])
            for article, word in JARGON.items()
        ]
        for way, text in enumerate(WAYS_TO_ASK)
    ]
    taught, live, unseen = (list(chain.from_iterable(by_way[start:end])) for start, end in SHARES)
    return taught, live, unseen


def jargon_case(case_id: str, article: str, text: str, reply: str) -> SampleCase:
    return SampleCase(case_id, (Turn("customer", text, "0"),), (article,), reply, frozenset(), "en", "host")


def played(demo: Demo, taught: Sequence[SampleCase], live: Sequence[SampleCase], unseen: Sequence[SampleCase]) -> Story:
    registry = demo.services.store.registry
    new_agent(demo, "cora")
    work = side_by_side([demo.desk(channel, [agent]).work for channel, agent in DESKS.items()])
    work(taught)
    trained = train(demo, "retriever,ranker")
    shown = registry.aliases()
    for place in range(0, len(live), len(DESKS)):
        if registry.aliases().challenger is None:
            break
        work(live[place : place + len(DESKS)])
        judged(demo)
        compare_live(demo.services.store, ask_nothing)
    promoted, promotion = registry.aliases(), registry.log(1)[-1].why
    before, after = (measured(demo, version, unseen) for version in (0, 1))
    poison(demo, unseen[:POISONED])
    work(unseen[POISONED : POISONED + HONEST])
    poisoned, after_poison = train(demo, "retriever"), registry.aliases()
    last = rolled_back(demo, unseen[0])
    return Story(trained, shown, promoted, promotion, before, after, poisoned, after_poison, last)


def side_by_side(workers: Sequence[Callable[[SampleCase], object]]) -> Callable[[Sequence[SampleCase]], None]:
    """Deals cases out among workers, who work at the same time, one channel each."""

    def work(cases: Sequence[SampleCase]) -> None:
        def share(place: int) -> None:
            for case in cases[place :: len(workers)]:
                workers[place](case)

        with ThreadPoolExecutor(len(workers)) as threads:
            list(threads.map(share, range(len(workers))))

    return work


def poison(demo: Demo, cases: Sequence[SampleCase]) -> None:
    """One agent, new in the channels, flips everything."""
    new_agent(demo, "nora")
    customer, flips = demo.sandbox.person("customer"), demo.sandbox.person("nora")
    side_by_side([Flipper(customer, flips, channel).work for channel in DESKS])(cases)


def new_agent(demo: Demo, name: str) -> None:
    """Somebody who joins all case channels."""
    user = demo.sandbox.add_user(name)
    for channel in DESKS:
        demo.sandbox.channel(channel).members.append(user.id)


def train(demo: Demo, parts: str) -> Mapping[str, Any]:
    """`aitl train`, as somebody would call it beside the running bot; the reranker takes as long again as both."""
    judged(demo)
    environ = {**os.environ, "AITL_HOME": str(demo.home), "AITL_RETRAIN_MIN_ANNOTATIONS": "20"}
    done = subprocess.run(
        [*PROGRAM, "train", "--only", parts, "--json"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    outcome: Mapping[str, Any] = json.loads(done.stdout)
    return outcome


def judged(demo: Demo) -> None:
    """Every click is worked off and looked at by the judge, without waiting for its next round."""
    store = demo.services.store

    def idle() -> bool:
        return sum(store.inbox.pending(lane) for lane in ("clicks", "events", "drafts", "asked")) == 0

    wait_for(idle, 60, "all clicks to be worked off")
    Judge(store).round(utc_now())


def measured(demo: Demo, version: int, cases: Sequence[SampleCase]) -> Mapping[str, Sequence[float]]:
    """How a version answers these cases: ranking measures, and how often an agent could send a draft."""
    services = demo.services
    shared = make_shared(services.settings, services.store, services.suggester.embedder)
    bundle = services.store.registry.bundle(version)
    suggester = assemble(services.settings, services.store, utc_now, bundle, shared)
    snippets = services.store.knowledge.current_snippets()
    answers = {case.id: suggester.suggest(as_asked(case), 1, SEED) for case in cases}
    right = {
        case.id: {one.id: 1.0 for one in snippets if one.article_id.rsplit("/", 1)[-1] in case.articles}
        for case in cases
    }
    shown = {name: [one.snippet.id for one in answer.shown] for name, answer in answers.items()}
    scores = score_rankings(shown, right, ("P@8", "nDCG@8"))
    found = {measure: list(of_case.values()) for measure, of_case in scores.items()}
    found["adoption"] = [float(may_be_sent(answers[case.id], right[case.id])) for case in cases]
    return found


def as_asked(case: SampleCase) -> Case:
    """The sample case as the bot would know it."""
    return Case("case_x", "T0", "C0", "1.0", "U0", case.turns, "open", utc_now())


def may_be_sent(suggestion: Suggestion, right: Container[str]) -> bool:
    """What the scripted agents go by: they send a draft that rests on a right article."""
    cited = {number for candidate in suggestion.candidates for number in candidate.citations}
    return any(one.rank in cited and one.snippet.id in right for one in suggestion.shown)


def rolled_back(demo: Demo, case: SampleCase) -> Suggestion:
    """A lead rolls back in Slack; then comes this case."""
    store = demo.services.store
    lea = demo.sandbox.person("lea")
    before = store.registry.aliases().champion
    confirm_rollback(lea)
    wait_for(lambda: store.registry.aliases().champion != before, 60, "the rollback")
    demo.desk().work(case)
    newest = store.suggestions.latest(store.cases.recent(1)[0].id)
    assert newest is not None
    return newest


def confirm_rollback(lead: Person) -> None:
    """`/aitl rollback`, and a click on the button that asks whether that is meant."""
    lead.command("rollback", CASES)

    def offer() -> str | None:
        asked = [one for one in lead.messages(CASES) if "models.rollback" in json.dumps(one.get("blocks", []))]
        return asked[-1]["ts"] if asked else None

    lead.click(CASES, wait_for(offer, 60, "the question before the rollback"), "models.rollback")


def test_what_agents_click_becomes_a_challenger_by_one_command(story: Story) -> None:
    assert story.trained["version"] == 1
    assert story.trained["verdict"] in ("superior", "non-inferior", "inconclusive")
    assert story.shown.champion == 0
    assert story.shown.challenger == 1


def test_the_agents_preferences_promote_it(story: Story) -> None:
    print(story.promotion)  # shown by -rP
    assert story.promoted == Aliases(champion=1)
    assert story.promotion.startswith("Promoted: the challenger was preferred in ")


@pytest.mark.parametrize("measure", ["P@8", "nDCG@8", "adoption"])
def test_cases_that_nobody_had_seen_are_answered_better(story: Story, measure: str) -> None:
    gain = story.gain(measure)

    print(f"{measure}: {fmean(story.before[measure]):.3f} -> {fmean(story.after[measure]):.3f}, {gain}")  # shown by -rP
    assert gain.low > 0, gain


def test_most_of_them_get_a_draft_that_can_be_sent(story: Story) -> None:
    assert fmean(story.after["adoption"]) > 0.5


def test_what_one_agent_says_against_all_others_is_refused_by_the_gate(story: Story) -> None:
    print(story.poisoned["reason"])  # shown by -rP
    assert story.poisoned["verdict"] == "inferior"
    assert story.poisoned["reason"].startswith("Refused: ")
    assert story.after_poison == Aliases(champion=1)


def test_after_a_rollback_the_next_suggestion_comes_from_the_version_before(story: Story) -> None:
    assert story.after_rollback.bundle == "0"
