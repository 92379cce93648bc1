"""Behind the button *All figures*: every figure with its interval, every reason, and the last retrainings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.blocks.elements import Block, LinkTo, context, header, section
from bot.blocks.glance import reason_in_words
from bot.blocks.history import cycle_in_words, timeline_in_words
from core.metrics.figures import FEWEST, Figure
from core.metrics.measures import TITLES, Figures
from core.metrics.telling import change_in_words, value_in_words
from core.overview import Overview

PERIODS = (7, 30, 90)  # days
_BY_SOURCE = tuple(name for name in TITLES if name.count(".") == 2)
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Used": tuple(name for name in TITLES if name.startswith("adoption.") and name not in _BY_SOURCE),
    "Used, by where the draft came from": _BY_SOURCE,
    "Good": (
        *("precision_at_8", "recall_of_known", "citation_correctness", "outdated", "unanswerable", "edit_distance"),
        *(name for name in TITLES if name.startswith("preference.")),
    ),
    "Fast": tuple(name for name in TITLES if name.endswith("_s")),
    "Taught": ("annotation_coverage", *(name for name in TITLES if name.startswith("judge."))),
}


def build_metrics(overview: Overview, link_to: LinkTo) -> Block:
    """`text` and `blocks`. A figure counts as told where it has a value and an interval."""
    title = f"All figures {overview.span.named}"
    figures = overview.figures
    told = {name for name, one in figures.items() if one.value is not None and one.low is not None}
    groups = {heading: [name for name in names if name in told] for heading, names in GROUPS.items()}
    blocks = [header(title)]
    blocks += [_group(heading, names, figures) for heading, names in groups.items() if names]
    if told:
        blocks.append(
            context(f"In brackets: the 95 % interval. At the end: the change against {overview.span.before}.")
        )
    silent = [TITLES[name] for name in figures if name not in told]
    if silent:
        blocks.append(context(f"Fewer than {FEWEST} answers, or all alike: {', '.join(silent)}."))
    return {"text": title, "blocks": [*blocks, *_reasons(overview, link_to), *_history(overview)]}


def _group(heading: str, names: Sequence[str], figures: Figures) -> Block:
    return section("\n".join([f"*{heading}*", *(_line(name, figures[name]) for name in names)]))


def _line(name: str, figure: Figure) -> str:
    change = change_in_words(figure)
    return f"• {TITLES[name]}: *{value_in_words(figure)}*{f' · {change}' if change else ''}"


def _reasons(overview: Overview, link_to: LinkTo) -> list[Block]:
    lines = [reason_in_words(place, one, link_to) for place, one in enumerate(overview.reasons, 1)]
    return [section("\n".join(["*Why drafts are refused or changed*", *lines]))] if lines else []


def _history(overview: Overview) -> list[Block]:
    lines = [f"*Models*\n{timeline_in_words(overview.served)}"]
    if overview.cycles:
        lines += ["*Last retrainings*", *(f"• {cycle_in_words(one)}" for one in overview.cycles)]
    return [section("\n".join(lines))]
