"""The app's Home: what this person's own feedback changed, for leads the team's figures and gaps, and short help."""

from __future__ import annotations

from collections.abc import Sequence

from bot import ids
from bot.blocks.elements import Block, actions, button, context, divider, section
from bot.mrkdwn import link, shorten
from core.annotations import AnnotationKind
from core.own_feedback import Effect, Measure, OwnArticle, Taught

HOME_MAX = 100  # blocks
ARTICLES_SHOWN = 5
_NOTHING_YET = (
    "Nothing yet. When a version of the models has learned from your clicks, or an article answers what you "
    "reported, you see it here."
)

# What agents' clicks are called: one, several.
_CLICKS: dict[AnnotationKind, tuple[str, str]] = {
    "preference": ("choice between drafts", "choices between drafts"),
    "adoption": ("decision about a draft", "decisions about drafts"),
    "relevance": ("mark on a source", "marks on sources"),
    "gap": ("report of missing knowledge", "reports of missing knowledge"),
}
# By the gate's measure: surely better, neither, surely worse.
MEASURES: dict[str, tuple[str, str, str]] = {
    "nDCG@10 of judged snippets": (
        "helpful sources stand higher",
        "helpful sources stand about as high",
        "helpful sources stand lower",
    ),
    "pairwise accuracy": (
        "the draft that agents prefer comes first more often",
        "the draft that agents prefer comes first about as often",
        "the draft that agents prefer comes first less often",
    ),
    "helpfulness": ("drafts help more", "drafts help about as much", "drafts help less"),
    "closeness to the written reply": (
        "the first draft is closer to what people write",
        "the first draft is about as close to what people write",
        "the first draft is less close to what people write",
    ),
}


def build_home(effect: Effect, wants_news: bool, team: Sequence[Block], help_blocks: Sequence[Block]) -> Block:
    """The view. `team`: what leads see of all together, [] for anybody else; what is too much of it is left out."""
    switch = (
        button(ids.NEWS_OFF, "Stop the weekly message", "off")
        if wants_news
        else button(ids.NEWS_ON, "Send me a weekly message", "on")
    )
    weekly = "comes at most once a week, when there is something new" if wants_news else "is switched off"
    own = [
        section("*What your feedback changed*\n" + ("\n".join(told(effect)) or _NOTHING_YET)),
        context(f"Only you see this part. The message about it {weekly}."),
        actions([switch]),
    ]
    rest = [divider(), *help_blocks]
    room = HOME_MAX - len(own) - len(rest) - 1
    shown = [divider(), *team[:room]] if team else []
    return {"type": "home", "blocks": [*own, *shown, *rest]}


def build_news(effect: Effect) -> Block:
    """`text` and `blocks` of the weekly message; `effect` holds something."""
    title = "Your feedback changed something"
    off = button(ids.NEWS_OFF, "Don't tell me any more", "off")
    return {
        "text": title,
        "blocks": [
            section(f"*{title}*\n" + "\n".join(told(effect))),
            actions([off]),
            context("This comes at most once a week. My Home always has it."),
        ],
    }


def told(effect: Effect) -> list[str]:
    """One line for each change, escaped mrkdwn; [] where there is none."""
    lines = [_of_version(one) for one in effect.taught]
    lines += [_of_article(one) for one in effect.articles[:ARTICLES_SHOWN]]
    more = len(effect.articles) - ARTICLES_SHOWN
    return [*lines, f"• and {more} more article{'s' if more > 1 else ''}"] if more > 0 else lines


def _of_version(one: Taught) -> str:
    kinds = [f"{times} {_CLICKS[kind][times > 1]}" for kind, times in one.own.items()]
    serves = "been tried on a part of the cases" if one.is_challenger else "written the drafts"
    learned = f"{_share(sum(one.own.values()), one.lessons)} yours: {', '.join(kinds)}"
    compared = [said for said in map(_compared, one.measures) if said]
    change = f" Compared with the version before, {'; '.join(compared)}." if compared else ""
    return f"• Version {one.version} has {serves} since {one.since:%Y-%m-%d}. {learned}.{change}"


def _share(own: int, all_of_them: int) -> str:
    if own == all_of_them:
        return "The one click it learned from is" if own == 1 else f"All {own} clicks it learned from are"
    return f"{own} of the {all_of_them} clicks it learned from {'is' if own == 1 else 'are'}"


def _compared(one: Measure) -> str:
    """Better or worse only where the whole interval says so; "" for a measure that has no words."""
    if one.name not in MEASURES:
        return ""
    better, alike, worse = MEASURES[one.name]
    words = better if one.low > 0 else worse if one.high < 0 else alike
    return f"{words} ({one.before:.2f} → {one.after:.2f}, {one.cases} later cases)"


def _of_article(one: OwnArticle) -> str:
    title = f"“{link(one.url, shorten(one.title, 150))}”"
    if one.was_missing:
        return f"• Somebody wrote {title}, which you had reported as missing ({one.at:%Y-%m-%d})."
    return f"• {title} is found now; you had reported that it was not ({one.at:%Y-%m-%d})."
