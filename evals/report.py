"""A run as one HTML page that contacts nobody: style and plots are inside it."""

import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

INK, ACCENT, PALE = "#1f2933", "#1f6f8b", "#d9e2ec"
FIGURES = (
    ("right", "Strictly right"),
    ("right_first", "Right measure first"),
    ("gold_shown", "Right measure cited or pointed to"),
    ("over_refused", "Refused though in scope"),
    ("outside_refused", "Refused out of scope"),
    ("wrongly_answered", "Answered though to be refused"),
    ("deadline_right", "Deadline as printed"),
)
CONFIDENCES = (
    ("searched", "Every search, against its best passage"),
    ("answered", "Answers, against strictly right"),
)
CONFIDENCE_FIGURES = (
    ("n", "n"),
    ("n_right", "Right"),
    ("ece", "ECE"),
    ("brier", "Brier"),
    ("brier_constant", "Brier of the base rate"),
    ("auroc", "AUROC"),
    ("risk_coverage_area", "Risk-coverage area"),
)
CONFIDENCE_NOTE = (
    "ECE: expected calibration error, 10 equal bins. The base rate is the constant that is right as often."
    " The best passage is the first cited, or of an ending without citations the first related;"
    " out of scope none is right."
)
STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0 auto;padding:1.2rem;max-width:62rem;color:#1f2933;background:#fff;
font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.quiet{color:#52606d;font-size:.875rem;overflow-wrap:anywhere}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.75rem;margin:1rem 0}
.card{border:1px solid #d9e2ec;border-radius:6px;padding:.7rem .9rem}
.card strong{display:block;font-size:1.5rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.875rem}
th,td{padding:.35rem .6rem;border-bottom:1px solid #d9e2ec;text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}tbody tr:last-child td{border-bottom:0}
figure{margin:.5rem 0}svg{max-width:100%;height:auto}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1rem}
details{border-bottom:1px solid #d9e2ec;padding:.6rem 0}summary{cursor:pointer;overflow-wrap:anywhere}
dl{margin:.6rem 0 0;display:grid;grid-template-columns:5rem 1fr;gap:.3rem .6rem}
dt{color:#52606d}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
"""


def write_report(
    path: Path,
    settings: Mapping[str, Any],
    summary: Mapping[str, Any],
    missed: Sequence[Mapping[str, Any]],
    *,
    latencies_s: Sequence[float],
) -> None:
    path.write_text(report_page(settings, summary, missed, latencies_s=latencies_s), encoding="utf-8")


def report_page(
    settings: Mapping[str, Any],
    summary: Mapping[str, Any],
    missed: Sequence[Mapping[str, Any]],
    *,
    latencies_s: Sequence[float],
) -> str:
    """Return the whole page; every text of cases and answers is escaped."""
    parts = (
        _heading(settings),
        _headline(summary["overall"]),
        _tables(summary),
        _confidence_table(summary["confidence"]),
        _plots(summary, latencies_s),
        _misses(missed),
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation: {escape(settings['system'])} on {escape(settings['cases'])}</title>"
        f"<style>{STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def percent(share: Mapping[str, Any]) -> str:
    return "–" if share["share"] is None else f"{share['share']:.1%}"


def interval(share: Mapping[str, Any]) -> str:
    if not share["n"]:
        return "no case"
    low, high = share["interval"]
    return f"{low:.1%} to {high:.1%}"


def number(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _heading(settings: Mapping[str, Any]) -> str:
    packages = ", ".join(f"{name} {found}" for name, found in settings["packages"].items())
    limit = f", the first {settings['limit']}" if settings["limit"] is not None else ""
    return (
        f"<h1>{escape(settings['system'])} on {escape(settings['cases'])}</h1>"
        f'<p class="quiet">{settings["n_cases"]} cases{limit} · {escape(settings["finished_at"])}'
        f" · case file SHA-256 {escape(settings['cases_sha256'])}"
        f" · index {escape(settings['index_version'] or 'none')}"
        f" · Python {escape(settings['python'])} · {escape(packages)}</p>"
    )


def _headline(overall: Mapping[str, Any]) -> str:
    cards = "".join(
        f'<div class="card">{label}<strong>{percent(overall[name])}</strong>'
        f'<span class="quiet">{overall[name]["count"]} of {overall[name]["n"]}; {interval(overall[name])}'
        "</span></div>"
        for name, label in FIGURES
    )
    return f'<div class="cards">{cards}</div><p class="quiet">Intervals: Wilson, 95 %.</p>'


def _tables(summary: Mapping[str, Any]) -> str:
    return "".join(
        f"<h2>{title}</h2>{_table(summary[name])}"
        for title, name in (("By kind", "by_kind"), ("By language", "by_lang"), ("By style", "by_style"))
    )


def _table(rows: Mapping[str, Mapping[str, Any]]) -> str:
    labels = ("", "n", "Strictly right", "95 %", "First", "Shown", "Refused in scope", "Refused outside")
    head = "".join(f"<th>{label}</th>" for label in labels)
    shares = ("right_first", "gold_shown", "over_refused", "outside_refused")
    body = "".join(
        f"<tr><td>{escape(name)}</td><td>{row['n']}</td><td>{percent(row['right'])}</td>"
        f"<td>{interval(row['right'])}</td>"
        + "".join(f"<td>{percent(row[figure])}</td>" for figure in shares)
        + "</tr>"
        for name, row in rows.items()
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _confidence_table(confidence: Mapping[str, Any]) -> str:
    head = "".join(f"<th>{label}</th>" for label in ("", *(label for _, label in CONFIDENCE_FIGURES)))
    body = "".join(
        f"<tr><td>{label}</td>"
        + "".join(f"<td>{number(confidence[name][figure])}</td>" for figure, _ in CONFIDENCE_FIGURES)
        + "</tr>"
        for name, label in CONFIDENCES
    )
    return (
        f'<h2>Confidence</h2><div class="wide"><table><thead><tr>{head}</tr></thead>'
        f'<tbody>{body}</tbody></table></div><p class="quiet">{CONFIDENCE_NOTE}</p>'
    )


def _misses(missed: Sequence[Mapping[str, Any]]) -> str:
    return f"<h2>Not strictly right ({len(missed)})</h2>" + "".join(map(_miss, missed))


def _miss(miss: Mapping[str, Any]) -> str:
    expected, got = miss["expected"], miss["got"]
    facts = "; ".join(" / ".join(fact) for fact in expected["must_contain"])
    rows = {
        "Expected": _ending(" or ".join(expected["statuses"]), expected["measures"])
        + (f"\n{facts}" if facts else ""),
        "Got": _ending(got["status"], got["cited"]) + f"\n{got['text']}",
        "Reason": "\n".join(miss["reasons"]),
    }
    if miss["history"]:
        rows = {"Before": "\n".join(miss["history"]), **rows}
    listed = "".join(f"<dt>{label}</dt><dd>{escape(text)}</dd>" for label, text in rows.items())
    name = f'<span class="quiet">{escape(miss["case_id"])}, {escape(miss["group"])}</span>'
    return f"<details><summary>{name}<br>{escape(miss['question'])}</summary><dl>{listed}</dl></details>"


def _ending(status: str, measures: Sequence[int]) -> str:
    return f"{status}, measures {', '.join(map(str, measures)) or 'none'}"


def _plots(summary: Mapping[str, Any], latencies_s: Sequence[float]) -> str:
    by_slice = [
        (name, row["right"])
        for part in ("by_kind", "by_lang", "by_style")
        for name, row in summary[part].items()
    ]
    by_measure = list(summary["by_measure"].items())
    searched = summary["confidence"]["searched"]
    plots = [
        ("Strictly right by slice", 0.3 * len(by_slice) + 0.9, lambda axes: _draw_shares(axes, by_slice)),
        (
            "Right measure first, by measure",
            0.24 * len(by_measure) + 0.9,
            lambda axes: _draw_shares(axes, by_measure),
        ),
        ("Confidence against outcome", 3.2, lambda axes: _draw_reliability(axes, searched)),
        ("Risk by share answered", 2.8, lambda axes: _draw_risk_coverage(axes, searched)),
        ("Latency", 2.6, lambda axes: _draw_latency(axes, latencies_s)),
    ]
    drawn = "".join(
        f"<figure><h2>{title}</h2>{_svg(title, height, draw)}</figure>" for title, height, draw in plots
    )
    return f'<div class="plots">{drawn}</div>'


def _svg(title: str, height: float, draw: Callable[[Any], None]) -> str:
    """Return a plot as an SVG element, 4.6 inches wide: legible on a telephone without zooming."""
    from matplotlib import rc_context  # noqa: PLC0415 - only a report needs it
    from matplotlib.figure import Figure  # noqa: PLC0415

    # Text stays text (the reader's font has Chinese); ids are salted, as one page holds several plots.
    style: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": title,
        "font.size": 10,
        "axes.edgecolor": INK,
        "text.parse_math": False,
    }
    with rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(4.6, height), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        buffer = io.StringIO()
        figure.savefig(
            buffer,
            format="svg",
            metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")),
            transparent=True,
        )
    drawing = buffer.getvalue()
    element = re.sub(r"<metadata>.*?</metadata>", "", drawing[drawing.index("<svg") :], flags=re.DOTALL)
    slug = re.sub(r"\W+", "-", title.casefold())
    renamed = re.sub(r'id="', f'id="{slug}-', element)
    renamed = re.sub(r'(xlink:href="|url\()#', rf"\g<1>#{slug}-", renamed)
    return renamed.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)


def _draw_shares(axes: Any, shares: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    known = [(name, share) for name, share in shares if share["n"]]
    for row, (_, share) in enumerate(known):
        axes.plot(share["interval"], [row, row], color=PALE, linewidth=5, solid_capstyle="butt")
        axes.plot(share["share"], row, "o", color=ACCENT, markersize=5)
    axes.set_yticks(range(len(known)), [f"{name} ({share['n']})" for name, share in known])
    axes.set_ylim(max(len(known), 1) - 0.5, -0.5)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel("share, with 95 % interval")


def _draw_reliability(axes: Any, confidence: Mapping[str, Any]) -> None:
    axes.plot([0, 1], [0, 1], color=PALE)
    rows = confidence["reliability"]
    axes.plot(
        [row["mean_confidence"] for row in rows], [row["share_right"] for row in rows], "o-", color=ACCENT
    )
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("mean confidence")
    axes.set_ylabel(f"best passage right (n = {confidence['n']})")


def _draw_risk_coverage(axes: Any, confidence: Mapping[str, Any]) -> None:
    points = confidence["risk_coverage"]
    axes.step(
        [point["coverage"] for point in points],
        [point["risk"] for point in points],
        where="pre",
        color=ACCENT,
    )
    axes.set_xlim(0, 1.02)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("share kept, the surest first")
    axes.set_ylabel("share of these that is wrong")


def _draw_latency(axes: Any, latencies_s: Sequence[float]) -> None:
    if latencies_s:
        axes.hist([seconds * 1000 for seconds in latencies_s], bins=30, color=ACCENT)
    axes.set_xlabel("ms")
    axes.set_ylabel("answers")
