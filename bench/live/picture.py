"""A picture of how cost grows with listeners: three small charts as one SVG, for light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from bench.live.asking import Growth, Size

WIDTH, HEIGHT = 960, 330
LEFT, TOP, BETWEEN = 46, 92, 52
CHART_WIDTH = (WIDTH - LEFT - 14 - 2 * BETWEEN) / 3
CHART_HEIGHT = 182
LINES_ACROSS = 4

STYLE = """
  svg { color-scheme: light dark; }
  .page { fill: #fff; }
  text { fill: #1d1e22; font: 13px system-ui, sans-serif; }
  .quiet { fill: #5b5d66; font-size: 12px; }
  .title { font-weight: 600; }
  .across { stroke: #d9dade; stroke-width: 1; }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
  .line-0 { stroke: #0b5fb0; } .dot-0 { fill: #0b5fb0; }
  .line-1 { stroke: #b4480a; stroke-dasharray: 8 4; } .dot-1 { fill: #b4480a; }
  .line-2 { stroke: #6b6d76; stroke-dasharray: 2 4; } .dot-2 { fill: #6b6d76; }
  .line-3 { stroke: #8a6d8f; stroke-dasharray: 2 6; } .dot-3 { fill: #8a6d8f; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #15161b; }
    text { fill: #ececf0; }
    .quiet { fill: #a9abb5; }
    .across { stroke: #383a43; }
    .line-0 { stroke: #6db3ff; } .dot-0 { fill: #6db3ff; }
    .line-1 { stroke: #ffa366; } .dot-1 { fill: #ffa366; }
    .line-2 { stroke: #9a9ca6; } .dot-2 { fill: #9a9ca6; }
    .line-3 { stroke: #c3a3c9; } .dot-3 { fill: #c3a3c9; }
  }
"""


@dataclass(frozen=True, kw_only=True)
class Line:
    name: str
    points: list[tuple[int, float]]


@dataclass(frozen=True, kw_only=True)
class Chart:
    title: str
    lines: list[Line]


def draw_growth(growths: Sequence[Growth]) -> str:
    """Return an SVG of processor and memory per listener, and of how long 95 % wait."""
    charts = [
        Chart(
            title="Processor, µs per listener and question",
            lines=_lines(growths, lambda size: size.processor),
        ),
        Chart(title="Memory, kB per stream", lines=_lines(growths, lambda size: size.memory)),
        Chart(
            title="95 % have the question after, ms",
            lines=_lines(growths, lambda size: size.most)
            + [_line(f"bare: {g.name}", g.theirs, lambda size: size.most) for g in growths],
        ),
    ]
    drawn = [_draw_chart(chart, place) for place, chart in enumerate(charts)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            f"<title>Cost per listener, up to {growths[0].ours[-1].listeners:,}</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="8"/>',
            *_draw_legend([line.name for line in charts[-1].lines]),
            *drawn,
            "</svg>",
            "",
        ]
    )


def _lines(growths: Iterable[Growth], value: Callable[[Size], float]) -> list[Line]:
    return [_line(growth.name, growth.ours, value) for growth in growths]


def _line(name: str, sizes: Iterable[Size], value: Callable[[Size], float]) -> Line:
    return Line(name=name, points=[(size.listeners, value(size)) for size in sizes])


def _draw_legend(names: Iterable[str]) -> list[str]:
    drawn, x = [], float(LEFT)
    for number, name in enumerate(names):
        drawn.append(f'<path class="line line-{number}" d="M{x:.0f} 28h30"/>')
        drawn.append(f'<text x="{x + 38:.0f}" y="32">{escape(name)}</text>')
        x += 62 + 7 * len(name)
    return drawn


def _draw_chart(chart: Chart, place: int) -> str:
    highest = max(value for line in chart.lines for _listeners, value in line.points)
    step = find_step(highest)
    top = step * ceil(highest / step)
    last = max(listeners for line in chart.lines for listeners, _value in line.points)
    x0 = LEFT + place * (CHART_WIDTH + BETWEEN)

    def at(listeners: float, value: float) -> tuple[float, float]:
        return x0 + CHART_WIDTH * listeners / last, TOP + CHART_HEIGHT * (1 - value / top)

    drawn = [f'<text class="title" x="{x0:.1f}" y="{TOP - 22}">{escape(chart.title)}</text>']
    for count in range(round(top / step) + 1):
        _x, y = at(0, count * step)
        drawn.append(f'<path class="across" d="M{x0:.1f} {y:.1f}h{CHART_WIDTH:.1f}"/>')
        label = f"{count * step:g}"
        drawn.append(
            f'<text class="quiet" text-anchor="end" x="{x0 - 7:.1f}" y="{y + 4:.1f}">{label}</text>'
        )
    for listeners in sorted({n for line in chart.lines for n, _value in line.points}):
        x, y = at(listeners, 0)
        label = f"{listeners / 1000:g}k" if listeners >= 1000 else f"{listeners}"
        drawn.append(
            f'<text class="quiet" text-anchor="middle" x="{x:.1f}" y="{y + 20:.1f}">{label}</text>'
        )
    x, y = at(last / 2, 0)
    drawn.append(
        f'<text class="quiet" text-anchor="middle" x="{x:.1f}" y="{y + 42:.1f}">listeners</text>'
    )
    for number, line in enumerate(chart.lines):
        drawn += _draw_line([at(*point) for point in line.points], number)
    return "\n".join(drawn)


def _draw_line(places: list[tuple[float, float]], number: int) -> list[str]:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = [f'<circle class="dot-{number}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places]
    return [f'<path class="line line-{number}" d="{path}"/>', *dots]


def find_step(highest: float) -> float:
    """Return a round step (1, 2 or 5 times a power of ten) that gives a handful of lines."""
    least = max(highest, 1e-9) / LINES_ACROSS
    power = 10.0 ** floor(log10(least))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least)
