"""One period at a glance: is it used, is it better, what to fix first, whom to thank."""

from __future__ import annotations

from collections.abc import Sequence

from bot import ids
from bot.blocks.causes import cause_blocks
from bot.blocks.chart import build_trend
from bot.blocks.elements import Block, LinkTo, actions, button, context, header, mrkdwn, section
from bot.blocks.history import cycle_in_words, timeline_in_words
from bot.mrkdwn import escape, escape_within, link
from core.annotations import REASONS
from core.metrics.figures import Figure
from core.metrics.reasons import RankedReason
from core.metrics.telling import change_in_words, value_alone
from core.overview import Missing, Overview
from core.store.contributions import Contribution

REASONS_SHOWN = 3
_TITLE_MAX = 120
# The few figures that matter, in four groups of a line each figure.
GROUPS: dict[str, dict[str, str]] = {
    "Used": {
        "adoption.used": "drafts sent",
        "adoption.as_is": "sent without a change",
        "adoption.rejected": "both drafts refused",
    },
    "Good": {
        "precision_at_8": "of the marked snippets helped",
        "edit_distance": "of the words change in an edit",
        "unanswerable": "of the cases have no article",
    },
    "Fast": {"suggestion_s": "from case to drafts", "reply_s": "from case to reply"},
    "Taught": {"annotation_coverage": "of the cases judged", "judge.accepted": "of it may teach in full"},
}


def build_glance(overview: Overview, link_to: LinkTo, buttons: str = "", shared_by: str = "") -> Block:
    """`text` and `blocks`. `buttons`: the value of the two buttons below it, "" for none.

    `shared_by`: the user who shows it to a whole channel.
    """
    title = f"How the drafts did {overview.span.named}"
    blocks = [header(title), *build_overview(overview, link_to)]
    if shared_by:
        blocks.append(context(f"Shared by <@{shared_by}> · leads see all figures with `/aitl metrics`"))
    if buttons:
        share = button(ids.SHARE_METRICS, "Share in channel", buttons)
        blocks.append(actions([button(ids.ALL_FIGURES, "All figures", buttons), share]))
    return {"text": f"{title}. {escape(' '.join(overview.sentences))}", "blocks": blocks}


def build_overview(overview: Overview, link_to: LinkTo) -> list[Block]:
    """The blocks of it without title and buttons, for a message or a Home."""
    return [
        build_sentences(overview),
        *([] if overview.trend is None else [build_trend(overview.trend)]),
        build_groups(overview),
        *cause_blocks(overview.causes, link_to),
        *build_complaints(overview.reasons, overview.missing, link_to),
        section(_models(overview)),
        context(*filter(None, (build_thanks(overview.given), _small_print(overview)))),
    ]


def build_sentences(overview: Overview) -> Block:
    """Is it used, is it better, since which version."""
    used, better, serving = map(escape, overview.sentences)
    return section(f"*{used}*\n{better}\n{serving}")


def build_groups(overview: Overview) -> Block:
    """The figures that matter: four short lists."""
    return {"type": "section", "fields": [mrkdwn(_group(name, overview)) for name in GROUPS]}


def build_complaints(reasons: Sequence[RankedReason], missing: Missing, link_to: LinkTo) -> list[Block]:
    """Why drafts are refused or changed, ranked, and what the knowledge base lacks; empty where nobody says either."""
    lines = [reason_in_words(place, one, link_to) for place, one in enumerate(reasons[:REASONS_SHOWN], 1)]
    if missing.reports:
        lines.append(_missing(missing))
    return [section("\n".join(["*What agents say is wrong*", *lines]))] if lines else []


def reason_in_words(place: int, reason: RankedReason, link_to: LinkTo) -> str:
    """`1. *Outdated* · 9 refusals, 5 edits · example · another`"""
    counts = [_counted(reason.refused, "refusal"), _counted(reason.edited, "edit")]
    addresses = [link_to(one.channel, one.thread_ts) for one in reason.examples]
    links = [link(at, name) for at, name in zip(addresses, ("example", "another"), strict=False) if at]
    return " · ".join([f"{place}. *{REASONS[reason.code]}*", ", ".join(filter(None, counts)), *links])


def build_thanks(given: Contribution) -> str:
    """A sentence to the whole team, nobody named; "" where nobody said anything."""
    if not given.annotations:
        return ""
    closed = ""
    if given.articles:
        closed = f" {_counted(given.articles, 'gap')} became {'an article' if given.articles == 1 else 'articles'}."
    who, what = _counted(given.agents, "agent"), _counted(given.annotations, "judgement")
    return f"Thank you: {who} gave {what} to learn from.{closed}"


def _group(name: str, overview: Overview) -> str:
    """Figures that have no value are left out: *All figures* names them."""
    lines = [_line(overview.figures[figure], words) for figure, words in GROUPS[name].items()]
    if name == "Taught" and overview.given.annotations:
        lines.insert(0, f"*{overview.given.annotations}* judgements")
    return "\n".join([f"*{name}*", *(list(filter(None, lines)) or ["too few answers yet"])])


def _line(figure: Figure, words: str) -> str:
    if figure.value is None:
        return ""
    change = change_in_words(figure)
    is_news = any(digit in change for digit in "123456789")  # +0 points is none
    return f"*{value_alone(figure)}* {words}{f' ({change})' if is_news else ''}"


def _missing(missing: Missing) -> str:
    told = [f"{_one_line(title)} ({_counted(cases, 'case')})" for title, cases in missing.first]
    reports = _counted(missing.reports, "open report")
    return f"*Missing knowledge* · {reports}, listed by `/aitl gaps`" + "".join(f"\n     – {one}" for one in told)


def _one_line(title: str) -> str:
    return escape_within(" ".join(title.split()), _TITLE_MAX)


def _models(overview: Overview) -> str:
    lines = [f"*Models* · {timeline_in_words(overview.served)}"]
    if overview.cycles:
        lines.append(f"Last retraining: {cycle_in_words(overview.cycles[0])}")
    return "\n".join(lines)


def _small_print(overview: Overview) -> str:
    return f"In brackets: the change against {overview.span.before}."


def _counted(number: int, thing: str) -> str:
    """`3 edits`; "" for none."""
    return f"{number} {thing}{'' if number == 1 else 's'}" if number else ""
