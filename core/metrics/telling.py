"""Figures in words, the same on the terminal and in Slack."""

from __future__ import annotations

from core.metrics.figures import FEWEST, Figure


def value_in_words(figure: Figure) -> str:
    """`62% (55% to 69%, n = 120)`, or why there is no value."""
    if figure.value is None or figure.low is None or figure.high is None:
        if figure.n < FEWEST:
            return f"not enough data (n = {figure.n})"
        return f"not enough data (n = {figure.n}, all alike)"
    low, high = _said(figure, figure.low), _said(figure, figure.high)
    return f"{_said(figure, figure.value)} ({low} to {high}, n = {figure.n})"


def value_alone(figure: Figure) -> str:
    """`62%`, `4.2 s`; "" where there is none."""
    return "" if figure.value is None else _said(figure, figure.value)


def previous_alone(figure: Figure) -> str:
    """The same of the period before."""
    return "" if figure.previous is None else _said(figure, figure.previous)


def change_in_words(figure: Figure) -> str:
    """`+5 points`, `-12 s`, against the period before; "" where one of the two has no value."""
    if figure.value is None or figure.previous is None:
        return ""
    change = figure.value - figure.previous
    if figure.unit == "share":
        return f"{change * 100:+.0f} points"
    if figure.unit == "seconds":
        return f"{'-' if change < 0 else '+'}{_duration(abs(change))}"
    return f"{change:+.2f}"


def _said(figure: Figure, value: float) -> str:
    if figure.unit == "share":
        return f"{value:.0%}"
    return _duration(value) if figure.unit == "seconds" else f"{value:.2f}"


def _duration(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
