#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws a query of a study: metrics over what varies, a line a scheme or another variable."""

import argparse
import json
import os
import pathlib
import re
import subprocess

import p2pim_style as style

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

ROOT = pathlib.Path(__file__).resolve().parents[1]
MARKERS = "osD^vPX*"
PASSED_ON = ("metric", "x", "by", "where", "schemes", "per", "warm-up")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
LOGARITHMIC = 25  # the greatest x is so many times the least, or more: the scale is logarithmic
FLAT = 0.35  # of the greatest value; if the values differ by less the axis does not begin at 0


def find_program():
    """The program that makes the query."""
    return os.environ.get("P2PIM_PROGRAM", str(ROOT / "build" / "p2pim"))


def query(results, options, program):
    """What `p2pim query` says, as a dictionary; raises FigureError with its line if it fails."""
    words = [program, "query", results, "--format=json"]
    words += [f"--{name}={value}" for name, value in options.items() if value is not None]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError as error:
        raise style.FigureError(f"{program}: cannot be run: {error.strerror}; build it, or name "
                                "it with --program") from error
    if done.returncode != 0:
        line = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        raise style.FigureError(line[0].removeprefix("p2pim: "))
    return json.loads(done.stdout)


def read_numbers(values):
    """Texts as numbers and their unit; None if they are not all numbers of one unit."""
    found = [NUMBER.match(value) for value in values]
    if not all(found):
        return None
    units = {value[match.end():] for value, match in zip(values, found)}
    if len(units) != 1:
        return None
    return [float(match.group()) for match in found], units.pop()


class Scale:
    """Where the values of x stand, and what is written there."""

    def __init__(self, choice, lines):
        self.texts = choice["values"]
        numbers = read_numbers(self.texts)
        self.is_number = numbers is not None and len(self.texts) > 1
        self.is_log = False
        unit = ""
        if self.is_number:
            places, unit = numbers
            self.places = np.array(places)
            self.is_log = min(places) > 0 and max(places) >= LOGARITHMIC * min(places)
        else:
            self.places = np.arange(len(self.texts), dtype=float)
        # Side by side, so that no interval hides another.
        step = 0.0 if self.is_number else min(0.09, 0.5 / max(lines, 1))
        self.shifts = step * (np.arange(lines) - (lines - 1) / 2)
        name, attribute = choice["name"], choice["attribute"]
        self.label = name if attribute in ("", name) else f"{name}: {attribute}"
        self.label += f" ({unit})" if unit else ""

    def finish(self, axes):
        """Ticks and label; ticks at the values unless these are too many or too near."""
        if self.is_log:
            axes.set_xscale("log")
        places = np.log(self.places) if self.is_log else self.places
        gaps = np.diff(np.sort(places))
        if not self.is_number or (len(places) <= 12 and
                                  gaps.min() > 0.035 * (places.max() - places.min())):
            texts = [f"{place:g}" for place in self.places] if self.is_number else self.texts
            axes.set_xticks(self.places, texts)
            axes.minorticks_off()
        if not self.is_number:
            axes.set_xlim(-0.5, len(self.texts) - 0.5)
            if max(map(len, self.texts)) * len(self.texts) > 70:
                axes.tick_params(axis="x", rotation=25)
        axes.set_xlabel(self.label)


def choose_colours(by):
    """A colour a line: of an ordered variable from dark to light, else as far apart as can be."""
    count = len(by["values"]) if by else 1
    is_ordered = by and by["name"] not in ("scheme", "bearer") and read_numbers(by["values"])
    if is_ordered and count > 2:
        return [plt.get_cmap("viridis")(share) for share in np.linspace(0.02, 0.86, count)]
    return [style.SCHEME_COLOURS[i % len(style.SCHEME_COLOURS)] for i in range(count)]


def read_line(metric, by, texts):
    """Value, low and high of each x of a line; NaN where there is none."""
    fields = {field["x"]: field["figure"] for field in metric["fields"] if field["by"] == by}
    figures = [(fields[text]["value"], *fields[text]["ci95"]) for text in texts]
    return np.array([[np.nan if each is None else each for each in figure]
                     for figure in figures], dtype=float).T


def draw_metric(axes, metric, answer, scale, colours):
    """One metric: a line a value of by, its intervals."""
    lines = answer["by"]["values"] if answer["by"] else [None]
    extent = []
    for i, (by, colour) in enumerate(zip(lines, colours)):
        value, low, high = read_line(metric, by, scale.texts)
        there = ~np.isnan(value)
        if not there.any():
            continue
        # A bound that the sample is too small for is not drawn.
        bars = np.nan_to_num(np.array([value - low, high - value])[:, there])
        axes.errorbar((scale.places + scale.shifts[i])[there], value[there],
                      np.maximum(bars, 0), color=colour, marker=MARKERS[i % len(MARKERS)],
                      markersize=4.6, markeredgecolor="white", markeredgewidth=0.5, linewidth=1.4,
                      elinewidth=1.0, capsize=2.4, capthick=1.0)
        extent += [*value[there], *np.maximum(low[there], min(0, value[there].min())),
                   *high[there]]
    finish_metric(axes, metric, np.array(extent))


def finish_metric(axes, metric, extent):
    """Scale and title."""
    extent = extent[~np.isnan(extent)]
    is_share = metric["metric"].startswith("success") or \
        re.search(r"_share(\.|$)", metric["metric"])
    if extent.size and extent.min() >= 0:
        if np.ptp(extent) > FLAT * extent.max() or extent.max() == 0:
            axes.set_ylim(bottom=0)
        if is_share and extent.max() > 0.97:
            axes.set_ylim(top=1 + 0.05 * (1 - axes.get_ylim()[0]))
    if is_share:
        axes.yaxis.set_major_formatter(FuncFormatter(
            lambda share, _: f"{round(100 * share, 6):g} %" if share < 1 + 1e-9 else ""))
    title = metric["title"] + (f" ({metric['unit']})" if metric["unit"] else "")
    axes.set_title(title[0].upper() + title[1:])


def describe(choices):
    """Such as "pdchs = 2, 4; cs = CS-1"."""
    return "; ".join(f"{choice['name']} = {', '.join(choice['values'])}" for choice in choices)


def describe_sizes(answer):
    """How many values a point has, at least and at most."""
    sizes = sorted({field["figure"]["n"] for metric in answer["metrics"]
                    for field in metric["fields"]} - {0})
    size = f"{sizes[0]}" if sizes[0] == sizes[-1] else f"{sizes[0]} to {sizes[-1]}"
    what = "seeds a point, each with a figure of its own" if answer["per"] == "run" else \
        "values a point, of all seeds"
    return f"n = {size} {what}"


def make_caption(answer):
    """Where the figure comes from, and how much is behind it."""
    source = answer["provenance"]
    lines = [f"{source['scenario']} ({source['scenario_file']}), p2pim {source['program_version']}: "
             f"{source['runs']} runs, {describe_sizes(answer)}. Bars: 95 % confidence."]
    if source["status"] != "complete":
        missing = source["planned"] - source["runs"]
        lines[0] += f" PARTIAL: {missing} of {source['planned']} planned runs are missing."
    if answer["where"]:
        lines.append(f"Only {describe(answer['where'])}.")
    if answer["pooled"]:
        lines.append(f"Pooled: {describe(answer['pooled'])}.")
    if answer["warm_up_sessions"]:
        lines.append(f"Without the first {answer['warm_up_sessions']} sessions of each run.")
    if answer["warm_up_s"]:
        lines.append(f"Without the sessions that begin in the first {answer['warm_up_s']:g} s.")
    return "\n".join(lines)


def draw(answer):
    """The figure of an answer of `p2pim query`."""
    metrics = answer["metrics"]
    if not any(field["figure"]["n"] for metric in metrics for field in metric["fields"]):
        raise style.FigureError("nothing of what is asked for is in the file")
    colours = choose_colours(answer["by"])
    scale = Scale(answer["x"], len(colours))
    figure, grid = plt.subplots(len(metrics), 1, squeeze=False, sharex=True, layout="constrained",
                                figsize=(7.4, 0.9 + (3.3 if len(metrics) == 1 else 2.6) *
                                         len(metrics)))
    for axes, metric in zip(grid[:, 0], metrics):
        draw_metric(axes, metric, answer, scale, colours)
        axes.grid(scale.is_number, axis="x")
    scale.finish(grid[-1, 0])
    if answer["by"]:
        handles = [Line2D([], [], color=colour, marker=MARKERS[i % len(MARKERS)], markersize=4.6,
                          linewidth=1.4, label=value)
                   for i, (value, colour) in enumerate(zip(answer["by"]["values"], colours))]
        grid[0, 0].legend(handles=handles, title=answer["by"]["name"], loc="upper left", bbox_to_anchor=(1.01, 1.0),
                          borderaxespad=0, alignment="left", handlelength=1.8)
    style.add_caption(figure, make_caption(answer))
    return figure


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", help="results file of `p2pim sweep`, `compare` or `run`")
    for name in PASSED_ON:
        parser.add_argument(f"--{name}", help="as in p2pim query")
    parser.add_argument("--output", default="results/study.png",
                        help="the PNG to write (default: %(default)s)")
    parser.add_argument("--program", default=find_program(),
                        help="the p2pim to ask (default: %(default)s)")
    arguments = vars(parser.parse_args())
    options = {name: arguments[name.replace("-", "_")] for name in PASSED_ON}
    answer = query(arguments["results"], options, arguments["program"])
    figure = draw(answer)
    style.save(figure, arguments["output"])
    plt.close(figure)
    print(arguments["output"])


if __name__ == "__main__":
    style.run(main)
