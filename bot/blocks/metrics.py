"""What `/aitl metrics` shows: the figures of some days that have a value, then the names of those that have none."""

from __future__ import annotations

from bot.blocks.elements import Block, context, section
from core.metrics.figures import FEWEST, Figure
from core.metrics.measures import TITLES, Figures
from core.metrics.telling import change_in_words, value_in_words

PERIODS = (7, 30, 90)  # days
_IN_A_SECTION = 10  # lines: far below what a section holds


def build_metrics(figures: Figures, days: int) -> Block:
    """`text` and `blocks`. A figure counts as told where it has a value and an interval."""
    told = [name for name, one in figures.items() if one.value is not None and one.low is not None]
    silent = [TITLES[name] for name in figures if name not in told]
    title = f"How the drafts did in the last {days} days"
    portions = [told[start : start + _IN_A_SECTION] for start in range(0, len(told), _IN_A_SECTION)]
    blocks = [section(f"*{title}*")]
    blocks += [section("\n".join(_line(name, figures[name]) for name in some)) for some in portions]
    if told:
        blocks.append(
            context(f"In brackets: the 95 % interval. At the end: the change against the {days} days before.")
        )
    if silent:
        blocks.append(context(f"Fewer than {FEWEST} answers, or all alike: {', '.join(silent)}."))
    return {"text": title, "blocks": blocks}


def _line(name: str, figure: Figure) -> str:
    change = change_in_words(figure)
    return f"• {TITLES[name]}: *{value_in_words(figure)}*{f' · {change}' if change else ''}"
