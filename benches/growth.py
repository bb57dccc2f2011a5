"""Draws how time and memory grow, as an SVG with its own background, readable in light and dark. Used by benches/growth.

usage: growth.py TABLE

A line of TABLE has a series, how much there is of what grows, the items of work, seconds, and MiB, separated by tabs.
"""

import math
import sys
from html import escape

WIDTH, HEIGHT = 960, 590
PLOT = (225, 165)  # the inner size of a panel
COLUMNS, ROWS = (78, 388, 698), (84, 340)  # the left and upper edges of the panels

STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 15px; font-weight: 600 }
  .head { font-weight: 600 }
  .tick { font-size: 11px; fill: #57606a }
  .page { fill: #ffffff }
  .grid { stroke: #d8dee4; stroke-width: 1; fill: none }
  .guide { stroke: #8c959f; stroke-width: 1; stroke-dasharray: 4 4; fill: none }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round }
  .a { stroke: #0b5fce } .dot.a, text.a { fill: #0b5fce; stroke: none }
  .b { stroke: #b35309 } .dot.b, text.b { fill: #b35309; stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .tick { fill: #9da7b1 }
    .page { fill: #0d1117 }
    .grid { stroke: #30363d }
    .guide { stroke: #6e7681 }
    .a { stroke: #79b8ff } .dot.a, text.a { fill: #79b8ff }
    .b { stroke: #f0a35e } .dot.b, text.b { fill: #f0a35e }
  }
"""


def duration(seconds):
    """Returns the name of a power of ten of seconds."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size * 0.999:
            return f"{round(seconds / size):,} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def mebibytes(mib):
    """Returns the name of a power of ten of MiB."""
    return f"{mib:,.0f} MiB"


def amount(number):
    """Returns a number as people write it."""
    return f"{round(number):,}" if number < 1e5 else f"10{'⁰¹²³⁴⁵⁶⁷⁸⁹'[round(math.log10(number))]}"


def size(number):
    """Returns a number of bytes as people write it."""
    for unit, one in (("MiB", 1 << 20), ("KiB", 1 << 10)):
        if number >= one:
            return f"{number / one:g} {unit}"
    return f"{number:g} B"


class Axis:
    """Maps values to pixels on a logarithmic scale."""

    def __init__(self, low, high, pixels, ticks, name, label=""):
        self.low, self.high, self.pixels = math.log(low), math.log(high), pixels
        self.ticks, self.name, self.label = ticks, name, label

    def at(self, value):
        """Returns the distance of a value from the begin of the axis."""
        return (math.log(value) - self.low) / (self.high - self.low) * self.pixels


def decades(values):
    """Returns the powers of ten around the values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [10.0**power for power in range(low, max(high, low + 1) + 1)]


def panel(left, top, head, horizontal, vertical, lines, linear):
    """Returns the SVG of one panel. A line is a class, a label and its points; `linear` draws the guide of linear growth."""
    width, height = PLOT
    out = [f'<g transform="translate({left} {top})"><text class="head" y="-12">{escape(head)}</text>']
    for tick in vertical.ticks:
        y = height - vertical.at(tick)
        out.append(f'<path class="grid" d="M0 {y:.1f}H{width}"/>')
        out.append(f'<text class="tick" x="-8" y="{y + 4:.1f}" text-anchor="end">{escape(vertical.name(tick))}</text>')
    for tick in horizontal.ticks:
        x = horizontal.at(tick)
        out.append(f'<path class="grid" d="M{x:.1f} 0V{height}"/>')
        out.append(f'<text class="tick" x="{x:.1f}" y="{height + 17}" text-anchor="middle">{escape(horizontal.name(tick))}</text>')
    out.append(f'<text x="{width / 2}" y="{height + 36}" text-anchor="middle">{escape(horizontal.label)}</text>')
    if linear:
        # The guide meets the first line at its last point, and ends where the panel does.
        end_x, end_y = lines[0][2][-1]
        start_x = max(lines[0][2][0][0], end_x * math.exp(vertical.low) / end_y)
        points = [(start_x, end_y * start_x / end_x), (end_x, end_y)]
        out.append(f'<path class="guide" d="{path(points, horizontal, vertical)}"/>')
    for kind, label, points in lines:
        out.append(f'<path class="line {kind}" d="{path(points, horizontal, vertical)}"/>')
        for x, y in points:
            out.append(f'<circle class="dot {kind}" cx="{horizontal.at(x):.1f}" cy="{height - vertical.at(y):.1f}" r="3"/>')
        if label:
            x, y = points[0]
            out.append(f'<text class="{kind}" x="{horizontal.at(x) + 6:.1f}" y="{height - vertical.at(y) - 9:.1f}">{escape(label)}</text>')
    out.append("</g>")
    return "\n".join(out)


def path(points, horizontal, vertical):
    """Returns the path through points."""
    places = (f"{horizontal.at(x):.1f} {PLOT[1] - vertical.at(y):.1f}" for x, y in points)
    return "M" + "L".join(places)


def main(table):
    """Prints the picture of a table."""
    series = {}
    with open(table) as lines:
        for line in lines:
            name, much, work, seconds, peak = line.split("\t")
            series.setdefault(name, []).append((float(much), float(work), float(seconds), float(peak)))
    width, height = PLOT
    several = f"{series['keys'][0][1]:,.0f} tokens"
    # The label of the horizontal axis, its ticks and their names, the lines, and whether time is that of one token.
    columns = [
        ("tokens of 261 bytes", None, amount, [("a", "", "tokens")], False),
        ("keys in a set", None, amount, [("a", "1 token", "one"), ("b", several, "keys")], False),
        ("size of a token", [256, 4096, 65536, 1 << 20], size, [("a", "", "sizes")], True),
    ]
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">',
        "<title>Time and memory of fob verify</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="8"/>',
        '<text class="title" x="24" y="34">fob verify: time and peak memory</text>',
        f'<path class="guide" d="M{WIDTH - 172} 30h34"/><text x="{WIDTH - 130}" y="34">linear growth</text>',
    ]
    for left, (axis, ticks, name, kinds, is_each) in zip(COLUMNS, columns):
        rows = [row for _, _, key in kinds for row in series[key]]
        much = [row[0] for row in rows]
        ticks = ticks or sorted(set(much))
        horizontal = Axis(min(much + ticks), max(much + ticks), width, ticks, name, axis)
        times = [[(row[0], row[2] / (row[1] if is_each else 1)) for row in series[key]] for _, _, key in kinds]
        powers = decades([y for points in times for _, y in points])
        vertical = Axis(powers[0], powers[-1], height, powers, duration)
        lines = [(kind, label, points) for (kind, label, _), points in zip(kinds, times)]
        head = "time of one token" if is_each else "time of a run"
        out.append(panel(left, ROWS[0], head, horizontal, vertical, lines, True))
        peaks = [[(row[0], row[3]) for row in series[key]] for _, _, key in kinds]
        powers = [1, 10, 100, 1000]
        vertical = Axis(powers[0], powers[-1], height, powers, mebibytes)
        lines = [(kind, "", points) for (kind, _, _), points in zip(kinds, peaks)]
        out.append(panel(left, ROWS[1], "peak memory", horizontal, vertical, lines, False))
    out.append(f'<text class="tick" x="24" y="{HEIGHT - 16}">One thread, ES256 for sets, HS256 otherwise. Both axes are logarithmic. Time is processor time.</text>')
    out.append("</svg>")
    print("\n".join(out))


main(sys.argv[1])
