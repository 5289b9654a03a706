#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws the distribution of a metric: a panel a value of x, a curve a value of by, with its band."""

import math

import p2pim_style as style
import study

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter

PASSED_ON = ("metric", "x", "by", "where", "schemes", "warm-up")
COLUMNS = 3
MOST_PANELS = 12
LOGARITHMIC = 25  # the greatest 99th percentile is so many times the least 1st, or more
LONG_TAIL = 1.5  # the greatest value is so many times the greatest 99th percentile, or more


def draw_curve(axes, curve, colour, label):
    """One curve: it rises at each of its values; before the first and after the last it is flat."""
    value = np.array([curve["value"][0], *curve["value"]])
    share, low, high = (np.array([start, *curve[name]]) for name, start in
                        (("share", 0.0), ("low", 0.0), ("high", 0.0)))
    high[0] = max(0.0, curve["high"][0] - curve["share"][0])
    axes.fill_between(value, low, high, step="post", color=colour, alpha=0.18, linewidth=0)
    axes.step(value, share, where="post", color=colour, linewidth=1.4, label=label)


def finish_scale(axes, curves, unit):
    """Fits the axis to where 98 % of the values are; returns a line on what is not to be seen."""
    lows, highs = ([curve["value"][np.searchsorted(curve["share"], share)] for curve in curves]
                   for share in (0.01, 0.99))
    least, greatest = min(lows), max(highs)
    if least > 0 and greatest >= LOGARITHMIC * least:
        axes.set_xscale("log")
    elif max(curve["value"][-1] for curve in curves) >= LONG_TAIL * greatest > 0:
        end = 1.05 * greatest
        axes.set_xlim(right=end)
        return f"\nNot shown: values above {end:.3g} {unit}".rstrip() + ", at most 1 % of a curve."
    return ""


def read_panels(answer):
    """The fields of each x that has any, one metric; raises FigureError if that is not possible."""
    if len(answer["metrics"]) != 1:
        raise style.FigureError("--metric: one at a time")
    fields = [field for field in answer["metrics"][0]["fields"] if field["curve"]["n"]]
    panels = {x: [field for field in fields if field["x"] == x] for x in answer["x"]["values"]}
    panels = {x: fields for x, fields in panels.items() if fields}
    if not panels:
        raise style.FigureError("nothing of what is asked for is in the file")
    if len(panels) > MOST_PANELS:
        raise style.FigureError(f"{len(panels)} values of {answer['x']['name']}: {MOST_PANELS} "
                                "panels at most; --where picks some")
    return panels


def draw(answer):
    """The figure of an answer of `p2pim query --distribution`."""
    panels = read_panels(answer)
    metric = answer["metrics"][0]
    lines = answer["by"]["values"] if answer["by"] else [None]
    colours = dict(zip(lines, study.choose_colours(answer["by"])))
    columns = 2 if len(panels) == 4 else min(COLUMNS, len(panels))
    rows = math.ceil(len(panels) / columns)
    figure, grid = plt.subplots(rows, columns, squeeze=False, sharex=True, sharey=True,
                                layout="constrained",
                                figsize=((7.4, 4.2) if columns == 1 else
                                         (1.6 + 2.7 * columns, 0.9 + 2.5 * rows)))
    for axes, (x, fields) in zip(grid.flat, panels.items()):
        for field in fields:
            draw_curve(axes, field["curve"], colours[field["by"]], field["by"])
        axes.set_title(f"{answer['x']['name']} = {x}")
    for axes in grid.flat[len(panels):]:
        axes.remove()
    for axes in grid.flat[len(panels) - columns:len(panels)]:
        axes.tick_params(labelbottom=True)
    curves = [field["curve"] for fields in panels.values() for field in fields]
    note = finish_scale(grid[0, 0], curves, metric["unit"])
    grid[0, 0].set_ylim(0, 1.02)
    grid[0, 0].yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    figure.supylabel("share of values up to there", fontsize=9)
    title = metric["title"] + (f" ({metric['unit']})" if metric["unit"] else "")
    figure.suptitle(title[0].upper() + title[1:], x=0.01, ha="left", fontsize=10, weight="bold")
    if answer["by"]:
        handles = [plt.Line2D([], [], color=colours[line], linewidth=1.4, label=line)
                   for line in lines]
        grid[0, columns - 1].legend(handles=handles, title=answer["by"]["name"], loc="upper left",
                                    bbox_to_anchor=(1.01, 1.0), borderaxespad=0, alignment="left",
                                    handlelength=1.8)
    sizes = study.describe_sizes(curve["n"] for curve in curves)
    style.add_caption(figure, study.make_caption(
        answer, f"{sizes} values a curve, of all seeds.\n"
                f"Bands have the whole of a curve with 95 % confidence.{note}"))
    return figure


def main():
    """The command line."""
    study.ask_and_draw(draw, PASSED_ON, "results/distribution.png", __doc__, distribution=True)


if __name__ == "__main__":
    style.run(main)
