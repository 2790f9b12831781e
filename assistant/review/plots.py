"""Plots for the staff pages: SVG elements with text as text, without a reference to anywhere else."""

import io
import re
import threading
import warnings
from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from typing import Any

from assistant.answer import Status
from assistant.review.insight import DayCount, WeekAccuracy
from prompts import words

INK, PALE, ACCENT = "#333333", "#9db8d2", "#1f4e79"
# Each at least 3 : 1 on white (WCAG 1.4.11), in an order that also tells neighbours apart in grey.
_COLOURS = {
    Status.ANSWERED: "#1f4e79",
    Status.NOT_STATED: "#c26a00",
    Status.NOT_COVERED: "#7a1f5c",
    Status.CLARIFY: "#2f8f6b",
    Status.DECLINED: "#767676",
    Status.FAILED: "#b3261e",
}
_MAX_TICKS = 6
_BAR_WIDTH = 0.8  # of a day
# matplotlib's settings and Python's warnings belong to the whole process.
_drawing = threading.Lock()


def accuracy_svg(weeks: Sequence[WeekAccuracy], language: str) -> str:
    """Return the share of right answers by week, with its 95 % interval; only weeks with a check."""
    checked = [week for week in weeks if week.accuracy.n]

    def draw(axes: Any) -> None:
        places = [_monday(week.week).toordinal() / 7 for week in checked]
        ends = [week.accuracy.interval for week in checked]
        axes.vlines(
            places, *zip(*ends, strict=True), color=PALE, linewidth=5, label=_said("interval", language)
        )
        shares = [week.accuracy.share for week in checked]
        axes.plot(places, shares, "o-", color=ACCENT, markersize=5, label=_said("accuracy_axis", language))
        _tick(axes, places, [f"{week.week}\nn={week.accuracy.n}" for week in checked])
        axes.set_ylim(0, 1.02)
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axes.set_ylabel(_said("accuracy_axis", language))

    return _svg("accuracy", language, draw if checked else None)


def days_svg(by_day: Sequence[DayCount], language: str) -> str:
    """Return the questions of each day as bars, parted by how they ended."""

    def draw(axes: Any) -> None:
        places = [day.day.toordinal() for day in by_day]
        below = [0] * len(by_day)
        for status, colour in _COLOURS.items():
            counts = [day.by_status.get(status, 0) for day in by_day]
            if any(counts):
                said = words("page", f"status.{status}", language)
                axes.add_collection(_bars(places, below, counts, facecolor=colour, label=said))
            below = [low + n for low, n in zip(below, counts, strict=True)]
        axes.autoscale_view()
        _tick(axes, places, [day.day.isoformat() for day in by_day])
        axes.set_ylim(0, 1.05 * max(day.total for day in by_day))
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.set_ylabel(_said("days_axis", language))

    return _svg("days", language, draw if by_day else None)


def _bars(places: Sequence[int], below: Sequence[int], counts: Sequence[int], **style: Any) -> Any:
    """Return bars as one thing to draw: two thousand by themselves, as of a year, take over a second."""
    from matplotlib.collections import PolyCollection  # noqa: PLC0415

    half = _BAR_WIDTH / 2
    corners = [
        [(x - half, low), (x - half, low + n), (x + half, low + n), (x + half, low)]
        for x, low, n in zip(places, below, counts, strict=True)
        if n
    ]
    return PolyCollection(corners, **style)


def _said(key: str, language: str) -> str:
    return words("staff", f"plots.{key}", language)


def _monday(week: str) -> date:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _tick(axes: Any, places: Sequence[float], labels: Sequence[str]) -> None:
    """Label as many places as can be read, the last one among them."""
    step = -(-len(places) // _MAX_TICKS)
    shown = slice((len(places) - 1) % step, None, step)
    axes.set_xticks(places[shown], labels[shown])


def _svg(name: str, language: str, draw: Callable[[Any], None] | None) -> str:
    """Return a plot as an SVG element; without anything to draw, one that says so."""
    from matplotlib import rc_context  # noqa: PLC0415  (0.3 s, only a plot needs it)
    from matplotlib.figure import Figure  # noqa: PLC0415

    style: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.family": "sans-serif",
        "font.size": 10,
        "text.color": INK,
        "axes.edgecolor": INK,
        "text.parse_math": False,
    }
    with _drawing, rc_context(style), warnings.catch_warnings():
        # The reader's font has Chinese; ours is only asked how wide it is.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(7.2, 3.4), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        if draw is None:
            axes.set_axis_off()
            axes.text(0.5, 0.5, _said("none", language), ha="center", transform=axes.transAxes)
        else:
            draw(axes)
            figure.legend(
                loc="outside lower center", ncols=3, handlelength=1.2, columnspacing=1.2, frameon=False
            )
        text = io.StringIO()
        empty = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(text, format="svg", metadata=empty, transparent=True)
    return _element(text.getvalue(), name, _said(name, language))


def _element(drawing: str, name: str, title: str) -> str:
    """Return the element alone, named for those who do not see it; its ids are no other plot's."""
    element = re.sub(r"<metadata>.*?</metadata>", "", drawing[drawing.index("<svg") :], flags=re.DOTALL)
    renamed = re.sub(r'id="', f'id="{name}-', element)
    renamed = re.sub(r'(xlink:href="|url\()#', rf"\g<1>#{name}-", renamed)
    return renamed.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
