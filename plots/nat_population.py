#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws what becomes of chats in a population of NATs: success and causes, and the time it takes."""

import argparse

import nat_results as results
import p2pim_style as style

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

DIRECT = "direct connection"
RELAYED = "over the relay"
GOOD_COLOURS = {DIRECT: "#117733", RELAYED: "#88CCEE"}
# for causes of failure, the most frequent first; after Paul Tol's "muted" palette
BAD_COLOURS = ["#CC6677", "#DDCC77", "#882255", "#AA4499", "#EE8866", "#332288", "#999933"]
OTHER = "other causes"


def get_outcome(session):
    """What became of a session."""
    if session.succeeded:
        return RELAYED if session.relayed else DIRECT
    return session.failure


def choose_causes(sessions):
    """The causes of failure that are drawn, the most frequent first."""
    counts = {}
    for session in sessions:
        if not session.succeeded:
            counts[session.failure] = counts.get(session.failure, 0) + 1
    return sorted(counts, key=lambda cause: (-counts[cause], cause))[:len(BAD_COLOURS)]


def draw_outcomes(axes, schemes):
    """A stacked bar for each scheme, with the share that succeeded and its interval."""
    causes = choose_causes([each for sessions in schemes.values() for each in sessions])
    colours = dict(GOOD_COLOURS, **dict(zip(causes, BAD_COLOURS)))
    colours[OTHER] = style.OTHER_COLOUR
    used = set()
    for row, sessions in enumerate(schemes.values()):
        left = 0.0
        for outcome, colour in colours.items():
            share = sum(1 for each in sessions if get_outcome(each) == outcome
                        or outcome == OTHER and get_outcome(each) not in colours) / len(sessions)
            if share > 0:
                used.add(outcome)
                axes.barh(row, share, left=left, height=0.7, color=colour, edgecolor="white",
                          linewidth=0.6)
            left += share
        share = results.get_share(sessions)
        low, high = style.make_band(share, len(sessions))
        axes.text(1.015, row, f"{100 * share:.1f} %", va="center", fontweight="bold")
        axes.text(1.16, row, f"[{100 * low:.1f}; {100 * high:.1f}]", va="center", fontsize=8)
    axes.set_yticks(range(len(schemes)), schemes)
    axes.set_ylim(len(schemes) - 0.4, -0.6)
    axes.set_xlim(0, 1.36)
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("share of the chats")
    axes.set_title("What becomes of them, and the share that succeeds")
    axes.legend(handles=[Patch(color=colour, label=outcome) for outcome, colour in colours.items()
                         if outcome in used],
                loc="upper left", bbox_to_anchor=(0, -0.13), ncol=3, handlelength=1.1)


def draw_times(axes, schemes):
    """Time to the first message of those that succeeded: quantiles."""
    for row, sessions in enumerate(schemes.values()):
        times = [each.first_message for each in sessions if each.succeeded]
        if not times:
            continue
        least, low, median, high, most = np.quantile(times, (0.05, 0.25, 0.5, 0.75, 0.95))
        axes.plot([least, most], [row, row], color="#444444", linewidth=1)
        axes.barh(row, high - low, left=low, height=0.5, color="#88CCEE")
        axes.plot([median, median], [row - 0.25, row + 0.25], color="#332288", linewidth=2)
        axes.annotate(f"{median:.1f} s", (most, row), xytext=(5, 0), textcoords="offset points",
                      va="center", fontsize=8)
    axes.set_xlim(left=0)
    axes.margins(x=0.12)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("button to first message (s)")
    axes.set_title("Time of those that succeed")


def draw(database, path):
    """Draws the figure."""
    sessions = results.read_sessions(database)
    schemes = results.group(sessions, "scheme")
    figure, (left, right) = plt.subplots(1, 2, figsize=(11.5, 1.9 + 0.36 * len(schemes)),
                                         width_ratios=(1.5, 1), sharey=True, layout="constrained")
    draw_outcomes(left, schemes)
    draw_times(right, schemes)
    style.add_caption(figure, f"{results.make_caption(database, sessions)} Brackets: 95 % confidence "
                      "(Wilson).\nRight: median, quartiles, 5 % and 95 % quantiles.")
    style.save(figure, path)
    plt.close(figure)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", help="results of nat-population.ini")
    parser.add_argument("--output", default="results/nat-population.png",
                        help="the PNG to write (default: %(default)s)")
    arguments = parser.parse_args()
    results.draw_file(draw, arguments.results, arguments.output)


if __name__ == "__main__":
    style.run(main)
